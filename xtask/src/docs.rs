//! Files that are made from the program: the reference of the command line and the schemas of the files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};
use clap::Command;

use crate::workspace;

const HEAD: &str = "# The command line

<!-- Written by `cargo xtask docs` from the program itself. -->

";

/// The width at which help is printed.
const WIDTH: usize = 100;

/// Writes every file, or fails when one is not what would be written.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (place, text) in files()? {
        let path = workspace::root().join(&place);
        let current = path.exists() && fs_err::read_to_string(&path)? == text;
        if !current && check {
            stale.push(place);
        } else if !current {
            fs_err::create_dir_all(path.parent().expect("a file is in a folder"))?;
            fs_err::write(path, text)?;
            println!("wrote {place}");
        }
    }
    if !stale.is_empty() {
        bail!("not current: {}; run `cargo xtask docs`", stale.join(", "));
    }
    Ok(())
}

/// Returns the text of each file by its place.
fn files() -> Result<BTreeMap<String, String>> {
    let mut files =
        BTreeMap::from([("docs/cli.md".to_owned(), reference(sealift_cli::command())?)]);
    let schemas = sealift_inventory::schemas().into_iter().chain(sealift_cli::schemas());
    for (name, schema) in schemas {
        files.insert(
            format!("docs/schemas/{name}.json"),
            serde_json::to_string_pretty(&schema)? + "\n",
        );
    }
    Ok(files)
}

/// Returns the help of the program and of each verb.
fn reference(program: Command) -> Result<String> {
    let mut program = program.term_width(WIDTH);
    program.build();
    let mut text = HEAD.to_owned();
    section(&mut text, &mut program, "sealift")?;
    Ok(text)
}

fn section(text: &mut String, command: &mut Command, name: &str) -> Result<()> {
    let help = command.clone().bin_name(name).render_long_help().to_string();
    let lines: Vec<_> = help.trim_end().lines().map(str::trim_end).collect();
    writeln!(text, "## `{name}`\n\n```text\n{}\n```\n", lines.join("\n"))?;
    for verb in command
        .get_subcommands_mut()
        .filter(|verb| !verb.is_hide_set() && verb.get_name() != "help")
    {
        let name = format!("{name} {}", verb.get_name());
        section(text, verb, &name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verb_has_a_section() {
        let program = Command::new("x")
            .subcommand(Command::new("scan").about("Finds"))
            .subcommand(Command::new("secret").hide(true));
        let text = reference(program).unwrap();
        assert!(text.contains("## `sealift scan`") && text.contains("Finds"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
