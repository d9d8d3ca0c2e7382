//! Renders cases, one JSON object a line, as `tests/go/main.go` does with Go's own package.

#[path = "../tests/host/mod.rs"]
mod host;
#[path = "../tests/oracle/run.rs"]
#[expect(dead_code, reason = "the test uses all of it")]
mod run;

use std::io::{BufRead as _, Write as _};

use sealift_gotemplate::Functions;

fn main() -> std::io::Result<()> {
    let stdin = std::io::stdin().lock();
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for line in stdin.lines() {
        let case: serde_json::Value = serde_json::from_str(&line?)?;
        let given = match case.get("data") {
            Some(data) => run::render(&case, Functions::new(), &run::value(data)),
            None => run::render(&case, host::functions(), &host::data()),
        };
        let line = serde_json::json!({"Out": given.output, "Err": given.error});
        writeln!(stdout, "{line}")?;
    }
    stdout.flush()
}
