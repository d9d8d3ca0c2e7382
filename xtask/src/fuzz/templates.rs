//! Templates, versions and patterns.

use std::rc::Rc;

use sealift_goregex::Regex;
use sealift_gotemplate::{Limits, Map};
use sealift_helm::chart::LoadOptions;
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release, Settings, render};
use sealift_sprig::Host;
use sealift_sprig::semver::{Constraints, Version};

/// What an execution of the fuzzer may cost: enough for every branch, little enough for many.
const LIMITS: Limits = Limits {
    frames: 100,
    parse_depth: 100,
    nesting: 200,
    steps: 50_000,
    live_elements: 50_000,
    string_bytes: 1 << 16,
    output_bytes: 1 << 18,
};

/// What the templates are about.
const VALUES: &str = "\
name: web\nnothing: null\nno: false\nport: 8080\nratio: 1.5\nbig: 9007199254740993\nempty: ''\n\
list: [c, a, {d: e}, 3]\nmap: {a: {b: {c: 1}}, x: 'y z'}\nglobal: {registry: docker.io}\nimage: {repository: nginx, tag: '1.27'}\n";

/// Templates: lexer, parser and executor with all functions of Helm, and what becomes of their output. Twice the same,
/// and within the budgets, in both profiles.
pub(super) fn template(bytes: &[u8]) {
    for profile in Profile::ALL {
        assert_eq!(rendered(bytes, profile), rendered(bytes, profile), "twice the same");
    }
}

fn rendered(template: &[u8], profile: Profile) -> Result<Vec<u8>, String> {
    let file = |name: &str, text: &[u8]| (name.to_owned(), text.to_vec());
    let files = vec![
        file("Chart.yaml", b"apiVersion: v2\nname: f\nversion: 1.2.3\nappVersion: '4'\n"),
        file("values.yaml", VALUES.as_bytes()),
        file("config/a.txt", b"a\nb\n"),
        file("templates/_helpers.tpl", b"{{ define \"f.name\" }}{{ .Values.name }}{{ end }}"),
        file("templates/a.yaml", template),
    ];
    let chart = Chart::load(files, &LoadOptions { profile, ..LoadOptions::default() })
        .map_err(|error| error.to_string())?;
    let capabilities =
        Capabilities::new(profile, None, &[]).expect("the release knows its own version");
    let mut settings = Settings::new(profile, capabilities);
    settings.release = Release::default();
    settings.limits = LIMITS;
    let host: Rc<dyn Host> = Rc::new(FixedHost::default());
    let output = render(&chart, &Map::new(), &settings, &host, &mut Vec::new())
        .map_err(|error| error.to_string())?;
    let text = output.text(&settings).map_err(|error| error.to_string())?;
    assert!(text.len() <= 2 * LIMITS.output_bytes, "more output than its budget");
    Ok(text)
}

/// Versions and constraints: what is read is printed and read again, and a version is what it says it is.
pub(super) fn semver(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (version, constraint) = text.split_once('\n').unwrap_or((&text, "*"));
    let Ok(version) = version.parse::<Version>() else { return };
    let again: Version = version.to_string().parse().expect("what was printed");
    assert_eq!(again.to_string(), version.to_string());
    if let Ok(constraints) = constraint.parse::<Constraints>() {
        assert_eq!(constraints.check(&version), constraints.validate(&version).is_ok());
    }
}

/// Patterns of Go on texts: linear time, no panic.
pub(super) fn goregex(bytes: &[u8]) {
    let at = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let (pattern, text) = bytes.split_at(at);
    if let Ok(regex) = Regex::from_bytes(pattern) {
        let found = regex.find(text);
        assert_eq!(found.is_some(), regex.is_match(text));
    }
}
