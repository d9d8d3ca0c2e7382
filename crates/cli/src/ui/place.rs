//! A place in few words, for the tables: `env WORKER_IMAGE of Deployment demo/operator`.

use sealift_inventory::{Origin, Step};

/// Says where a finding is, as short as a person needs it to recognise the place.
pub(crate) fn place(origin: &Origin) -> String {
    let object = origin.steps().iter().rev().find_map(|step| match step {
        Step::Object(name) => Some(name.as_str()),
        _ => None,
    });
    let key = origin.steps().iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        _ => None,
    });
    match (object, key) {
        (Some(object), Some(key)) => {
            describe(key).map_or_else(|| object.to_owned(), |what| format!("{what} of {object}"))
        }
        (Some(object), None) => object.to_owned(),
        (None, _) => origin
            .steps()
            .iter()
            .rev()
            .find(|step| !matches!(step, Step::Text { .. }))
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

/// Says what a key path is; nothing for the image of a container, which goes without saying.
fn describe(key: &str) -> Option<String> {
    if let Some((_, env)) = key.rsplit_once(".env[") {
        return Some(format!(
            "env {}",
            env.trim_end_matches(".value").trim_end_matches(']').trim_matches('"')
        ));
    }
    if let Some((_, rest)) = key.rsplit_once(".args[").or_else(|| key.rsplit_once(".command[")) {
        return Some(format!("argument {}", rest.trim_end_matches(']')));
    }
    if key.contains("volumes[") && key.ends_with(".image.reference") {
        return Some("image volume".to_owned());
    }
    let is_container = key.contains("ontainers[") && key.rsplit('.').next() == Some("image");
    (!is_container).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(key: &str) -> Origin {
        [
            Step::File { path: "a.yaml".into(), line: Some(3) },
            Step::Object("Deployment d/x".into()),
            Step::Key(key.into()),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn a_container_is_said_by_its_object_alone() {
        assert_eq!(place(&origin(".spec.template.spec.initContainers[0].image")), "Deployment d/x");
    }

    #[test]
    fn an_environment_variable_an_argument_and_another_key_are_named() {
        assert_eq!(
            place(&origin(".spec.containers[0].env[A_IMAGE].value")),
            "env A_IMAGE of Deployment d/x"
        );
        assert_eq!(place(&origin(".spec.containers[0].args[2]")), "argument 2 of Deployment d/x");
        assert_eq!(place(&origin(".data[\"x.json\"]")), ".data[\"x.json\"] of Deployment d/x");
    }

    #[test]
    fn without_an_object_the_file_is_said() {
        let list: Origin =
            [Step::File { path: "images.txt".into(), line: Some(2) }].into_iter().collect();
        assert_eq!(place(&list), "images.txt:2");
    }
}
