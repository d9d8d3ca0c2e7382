//! Cases as the Go library was asked them, and answers written as it wrote them.

use sealift_sprig::semver::{Constraints, Version};

/// A constraint, a version, and a second version or identifiers.
pub(crate) struct Case {
    pub(crate) constraint: String,
    pub(crate) version: String,
    pub(crate) other: String,
}

impl Case {
    /// Reads three fields in hexadecimal with tabs between them.
    pub(crate) fn read(line: &str) -> Self {
        let mut fields = line.split('\t').map(unhex);
        let mut next = || fields.next().expect("three fields");
        Self { constraint: next(), version: next(), other: next() }
    }

    /// What each operation gives, an error being its text.
    pub(crate) fn answer(&self) -> Vec<String> {
        let constraints = self.constraint.parse::<Constraints>();
        let version = self.version.parse::<Version>();
        let mut out = vec![match &constraints {
            Ok(constraints) => format!("c:{constraints}"),
            Err(error) => format!("ce:{error}"),
        }];
        out.push(match Version::parse_strict(&self.version) {
            Ok(_) => "s".to_owned(),
            Err(error) => format!("se:{error}"),
        });
        match version {
            Err(error) => out.push(format!("ve:{error}")),
            Ok(version) => {
                self.describe(&version, &mut out);
                if let Ok(constraints) = constraints {
                    check(&constraints, &version, &mut out);
                }
            }
        }
        out
    }

    fn describe(&self, version: &Version, out: &mut Vec<String>) {
        let (major, minor, patch) = (version.major(), version.minor(), version.patch());
        let (original, prerelease) = (version.original(), version.prerelease());
        let metadata = version.metadata();
        out.push(format!("v:{version} {original} {major} {minor} {patch} {prerelease} {metadata}"));
        let (patch, minor) = (version.next_patch(), version.next_minor());
        let major = version.next_major();
        let (patch, minor) = (patch.original(), minor.original());
        out.push(format!("i:{patch} {minor} {} {major}", major.original()));
        out.push(match version.with_prerelease(&self.other) {
            Ok(changed) => format!("p:{}", changed.original()),
            Err(error) => format!("pe:{error}"),
        });
        out.push(match version.with_metadata(&self.other) {
            Ok(changed) => format!("m:{}", changed.original()),
            Err(error) => format!("me:{error}"),
        });
        if let Ok(other) = self.other.parse::<Version>() {
            out.push(format!("o:{}", version.cmp(&other) as i8));
        }
    }
}

fn check(constraints: &Constraints, version: &Version, out: &mut Vec<String>) {
    let reasons = constraints.validate(version);
    out.push(format!("k:{} {}", constraints.check(version), reasons.is_ok()));
    out.extend(reasons.err().unwrap_or_default().iter().map(ToString::to_string));
}

pub(crate) fn unhex(text: &str) -> String {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    let bytes = (0..text.len()).step_by(2).map(digit).collect();
    String::from_utf8(bytes).expect("cases are UTF-8")
}
