//! `format`.
//!
//! Mirrors `format.go` of santhosh-tekuri/jsonschema 6.0.2, its texts included.

mod address;
mod identifier;
mod moment;
mod name;
mod pointer;
mod url;

use crate::values::printed;

/// Why a text does not have a format.
type Check = Result<(), String>;

/// A format that is checked; others are passed over.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    /// One whose texts a function looks at.
    Text(&'static str, fn(&str) -> Check),
    /// A regular expression, which is compiled elsewhere.
    Regex,
}

/// A format by its name.
type Entry = (&'static str, fn(&str) -> Check);

static FORMATS: &[Entry] = &[
    ("date", moment::date),
    ("date-time", moment::date_time),
    ("duration", moment::duration),
    ("email", name::email),
    ("hostname", name::hostname),
    ("ipv4", address::ipv4),
    ("ipv6", address::ipv6),
    ("iri", url::uri),
    ("iri-reference", url::uri_reference),
    ("json-pointer", pointer::json_pointer),
    ("period", moment::period),
    ("relative-json-pointer", pointer::relative_json_pointer),
    ("semver", identifier::semver),
    ("time", moment::time),
    ("uri", url::uri),
    ("uri-reference", url::uri_reference),
    ("uri-template", url::uri_template),
    ("uuid", identifier::uuid),
];

impl Format {
    pub(super) fn named(name: &str) -> Option<Self> {
        if name == "regex" {
            return Some(Self::Regex);
        }
        let found = FORMATS.iter().find(|(known, _)| *known == name);
        found.map(|(name, check)| Self::Text(name, *check))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text(name, _) => name,
            Self::Regex => "regex",
        }
    }

    /// Returns what is wrong with a text; nothing for a regular expression.
    pub(super) fn check(self, text: &str) -> Check {
        match self {
            Self::Text(_, check) => check(text),
            Self::Regex => Ok(()),
        }
    }
}

fn fail<T>(text: impl Into<String>) -> Result<T, String> {
    Err(text.into())
}

/// Returns a character as Go's `%q` prints it.
fn shown(character: char) -> String {
    printed("%q", &i64::from(u32::from(character)).into())
}

/// Splits the digits from the start of a text.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text said by Helm 4.2.4; nothing where it takes the value.
    #[test]
    fn formats_are_what_helm_takes_them_for() {
        let table = include_str!("cases.txt");
        let mut count = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.splitn(3, '\t');
            let (Some(name), Some(text), Some(wanted)) = (parts.next(), parts.next(), parts.next())
            else {
                panic!("{line}");
            };
            let format = Format::named(name).unwrap_or_else(|| panic!("no format {name}"));
            let error = format.check(text).err().unwrap_or_default();
            assert_eq!(error, wanted, "{name} {text}");
            count += 1;
        }
        assert!(count > 100);
    }

    #[test]
    fn other_formats_are_passed_over() {
        assert!(Format::named("int32").is_none());
    }
}
