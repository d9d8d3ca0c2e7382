//! Pure crates use no network, no clock, no environment, no files, no threads and no async runtime.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::own::Own;
use super::{outside, source};
use crate::workspace;

/// The crates of which the same input gives the same bytes.
const PURE: [&str; 12] = [
    "reference",
    "inventory",
    "archive",
    "goyaml",
    "gotemplate",
    "goregex",
    "rsa",
    "sprig",
    "helm",
    "kustomize",
    "discover",
    "handoff",
];

/// Packages that would bring I/O, a runtime or C into a pure crate.
const PACKAGES: [&str; 8] =
    ["tokio", "aws-lc-sys", "aws-lc-rs", "reqwest", "hyper", "cap-std", "fs-err", "tempfile"];

/// Paths of the standard library, each with what is impure about it.
const PATHS: [(&str, &str); 8] = [
    ("std::env", "environment"),
    ("std::fs", "files"),
    ("std::net", "network"),
    ("std::os", "operating system"),
    ("std::process", "processes"),
    ("std::thread", "threads"),
    ("std::time::Instant", "clock"),
    ("std::time::SystemTime", "clock"),
];

/// Types of these modules that only name things.
const NAMES: [&str; 3] = ["std::net::IpAddr", "std::net::Ipv4Addr", "std::net::Ipv6Addr"];

/// Returns each impure package and each impure path in the sources.
pub(super) fn breaches(own: &[Own]) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for pure in own.iter().filter(|own| PURE.contains(&own.name.as_str())) {
        for package in outside::built_with(&pure.package())? {
            if PACKAGES.contains(&package.name.as_str()) {
                breaches.push(format!("purity: `{}` is built with `{}`", pure.name, package.name));
            }
        }
        breaches
            .extend(in_sources(&workspace::root().join("crates").join(&pure.name).join("src"))?);
    }
    Ok(breaches)
}

fn in_sources(folder: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for file in rust_files(folder)? {
        let text = fs_err::read_to_string(&file)?;
        let shown = file.strip_prefix(workspace::root()).unwrap_or(&file).display();
        breaches.extend(impure(&text).into_iter().map(|found| format!("purity: {shown}: {found}")));
    }
    Ok(breaches)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns what a source file, its tests apart, takes from the outside.
fn impure(text: &str) -> Vec<String> {
    let paths = source::paths(&source::without_tests(&source::code(text)));
    let mut found = Vec::new();
    for (impure, what) in PATHS {
        let inside = format!("{impure}::");
        let counts = |path: &String| !NAMES.iter().any(|name| path.starts_with(name));
        if paths.iter().any(|path| counts(path) && (path == impure || path.starts_with(&inside))) {
            found.push(format!("{impure} ({what})"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impure_path_is_found_however_it_is_written() {
        for impure_text in [
            "use std::fs;",
            "use std::{collections::BTreeMap, fs::File};",
            "use std::{\n    time::{Duration, Instant},\n};",
            "fn f() { std::env::var(\"X\"); }",
            "fn f() { ::std::thread::spawn(g); }",
            "const X: &str = \"//\"; use std::net::TcpStream;",
        ] {
            assert_eq!(impure(impure_text).len(), 1, "{impure_text}");
        }
    }

    #[test]
    fn words_tests_and_pure_paths_are_no_breach() {
        for pure in [
            "//! Uses no std::fs at all.",
            "const X: &str = \"std::env\";",
            "/* std::net */ use std::time::Duration;",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n",
            "use std::net::Ipv6Addr;",
            "use std::fmt; use std::{borrow::Cow, str};",
            "const Q: char = '\"'; // std::fs \" std::env",
        ] {
            assert_eq!(impure(pure), Vec::<String>::new(), "{pure}");
        }
    }
}
