//! Renders cases, one JSON object a line, for comparing with Go: see `tests/oracle`.
#[path = "../tests/oracle/run.rs"]
#[expect(dead_code, reason = "the test uses all of it")]
mod run;

use std::io::{BufRead as _, Write as _};

fn main() -> std::io::Result<()> {
    let stdin = std::io::stdin().lock();
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for line in stdin.lines() {
        let case = serde_json::from_str(&line?)?;
        let given = run::render(&case);
        let line = serde_json::json!({"Out": given.output, "Err": given.error});
        writeln!(stdout, "{line}")?;
    }
    stdout.flush()
}
