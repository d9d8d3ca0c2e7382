//! Secrets, of which messages show no value.

use crate::error::Error;
use crate::resource::{Resource, meta};

/// What stands for a text.
pub(super) const HIDDEN: &str = "(of a Secret, not shown)";

/// Whether a text that may be no YAML seems to be of a Secret or to generate one.
pub(super) fn is_of_secret(text: &str) -> bool {
    let is_kind = |line: &str| {
        let bare = |shown: &char| !shown.is_whitespace() && !matches!(shown, '"' | '\'');
        line.chars().filter(bare).collect::<String>().contains("kind:Secret")
    };
    text.contains("stringData") || text.contains("/data") || text.lines().any(is_kind)
}

/// Refuses an entry that is neither a text that can be read nor the name of a file, if it seems to be of a Secret: as a name it
/// would be shown.
pub(super) fn check_name(field: &str, entry: &str) -> Result<(), Error> {
    if entry.contains('\n') && is_of_secret(entry) {
        return Err(Error::Configuration(format!("{field}: cannot read the text {HIDDEN}")));
    }
    Ok(())
}

/// Changes an object. Of a Secret that a change does not fit it says so, and neither what is in it nor what is in the change.
pub(super) fn changed<T, E: Into<Error>>(
    resource: &mut Resource,
    change: &str,
    act: impl FnOnce(&mut Resource) -> Result<T, E>,
) -> Result<T, Error> {
    let secret = (meta::kind(&resource.node) == "Secret").then(|| resource.id());
    act(resource).map_err(|error| match (secret, error.into()) {
        (Some(id), error) if error.class().is_none() => Error::Configuration(format!(
            "{change} does not fit {id}, a Secret of which nothing is shown"
        )),
        (_, error) => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_secrets_are_known_although_they_cannot_be_read() {
        for text in [
            "kind: Secret\ndata: [",
            "{\"kind\" : \"Secret\", ",
            "apiVersion: v1\n  kind:   'Secret'",
            "- op: add\n  path: /stringData/a\n value: x",
            "kind: SecretGenerator\n",
            "- {op: replace, path: /data/a, value: x",
        ] {
            assert!(is_of_secret(text), "{text}");
        }
        assert!(!is_of_secret("kind: Deployment\nspec: {secret: x}"));
        assert!(check_name("patches", "secret.yaml").is_ok());
    }
}
