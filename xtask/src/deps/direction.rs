//! Each crate uses only crates of lower rows.

use super::own::Own;

/// The rows of `ARCHITECTURE.md`, the highest first.
const ROWS: [&[&str]; 8] = [
    &["cli"],
    &["products"],
    &["handoff", "serve"],
    &["fetch", "kustomize"],
    &["helm", "discover", "bundle", "registry"],
    &["oci", "sprig"],
    &["gotemplate", "goregex", "goyaml", "rsa", "inventory", "archive", "files"],
    &["reference", "memory"],
];

/// Crates that ship in nothing: only tests and chores may use them.
const OUTSIDE_THE_ROWS: [&str; 2] = ["testkit", "xtask"];

/// Returns each use that goes sideways or up.
pub(super) fn breaches(own: &[Own]) -> Vec<String> {
    let mut breaches = Vec::new();
    for Own { name, uses } in own {
        if row(name).is_none() && !OUTSIDE_THE_ROWS.contains(&name.as_str()) {
            breaches.push(format!(
                "direction: `{name}` stands in no row: add it to ARCHITECTURE.md and xtask"
            ));
        }
        for used in uses.iter().filter(|used| !allowed(name, used)) {
            breaches
                .push(format!("direction: `{name}` uses `{used}`, which is not in a lower row"));
        }
    }
    breaches
}

fn row(name: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&name))
}

fn allowed(from: &str, to: &str) -> bool {
    match (row(from), row(to)) {
        (Some(high), Some(low)) => high < low,
        (None, _) => to != "xtask",
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_uses_lower_rows_only() {
        assert!(allowed("cli", "reference"));
        assert!(allowed("registry", "oci"));
        assert!(!allowed("oci", "registry"), "up");
        assert!(!allowed("handoff", "serve"), "sideways");
        assert!(!allowed("oci", "testkit"), "a test crate in the binary");
        assert!(allowed("xtask", "cli") && allowed("testkit", "oci"));
    }
}
