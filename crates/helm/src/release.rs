//! The release that a chart is rendered for.

use std::rc::Rc;

use sealift_gotemplate::{Budget, Error, MissingKey, Output, Templates, Value};
use sealift_sprig::Host;

/// The most bytes that a name may have.
const NAME_BYTES: usize = 53;

/// What Helm prints of the grammar of names.
const NAME_GRAMMAR: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/// The release that a chart is rendered for: `.Release`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// The namespace of its objects.
    pub namespace: String,
    /// Whether it is an upgrade rather than an installation.
    pub is_upgrade: bool,
}

impl Default for Release {
    /// What `helm template` has when nothing is said.
    fn default() -> Self {
        Self { name: "release-name".to_owned(), namespace: "default".to_owned(), is_upgrade: false }
    }
}

/// Why a release cannot have a name, in Helm's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is none.
    #[error("release name \"\": no name provided")]
    Missing,
    /// It is too long, or not of the grammar.
    #[error(
        "release name {name:?}: invalid release name, must match regex {NAME_GRAMMAR} and the length must not be longer than {NAME_BYTES}"
    )]
    Grammar {
        /// The name.
        name: String,
    },
}

impl Release {
    /// Checks the name: mirrors `ValidateReleaseName` in `pkg/chart/v2/util/validate_name.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// When a release cannot be called so.
    pub fn check_name(&self) -> Result<(), NameError> {
        if self.name.is_empty() {
            return Err(NameError::Missing);
        }
        if self.name.len() > NAME_BYTES || !self.name.split('.').all(is_label) {
            return Err(NameError::Grammar { name: self.name.clone() });
        }
        Ok(())
    }

    /// Makes a name with a template of sprig's functions: `--name-template`, `TemplateName` in
    /// `pkg/action/install.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// When the template cannot be parsed or executed.
    pub fn name_of_template(template: &str, host: &Rc<dyn Host>) -> Result<String, Error> {
        const NAME: &str = "name-template";
        let mut templates =
            Templates::new(sealift_sprig::functions(host)).missing_key(MissingKey::Default);
        templates.parse(NAME, template)?;
        let mut output = Output::new();
        templates.execute(NAME, &Value::Nil, &Budget::default(), &mut output)?;
        Ok(String::from_utf8_lossy(output.bytes()).into_owned())
    }
}

fn is_label(label: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty()
        && label.bytes().all(is_inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedHost;

    fn checked(name: &str) -> Result<(), NameError> {
        Release { name: name.to_owned(), ..Release::default() }.check_name()
    }

    #[test]
    fn names_are_those_that_helm_takes() {
        for name in ["a", "a-b", "a.b-c.1", &"a".repeat(53)] {
            assert_eq!(checked(name), Ok(()), "{name}");
        }
        for name in ["A", "-a", "a-", "a..b", ".a", "a_b", "--x", &"a".repeat(54)] {
            assert!(matches!(checked(name), Err(NameError::Grammar { .. })), "{name}");
        }
        assert_eq!(
            checked("").expect_err("no name").to_string(),
            "release name \"\": no name provided"
        );
    }

    #[test]
    fn a_template_makes_a_name() {
        let host: Rc<dyn Host> = Rc::new(FixedHost::default());
        let name = Release::name_of_template("{{ \"X\" | lower }}-{{ add 1 2 }}", &host);
        assert_eq!(name.expect("it renders"), "x-3");
        let error = Release::name_of_template("{{ nope }}", &host).expect_err("no function");
        assert_eq!(error.to_string(), "template: name-template:1: function \"nope\" not defined");
    }
}
