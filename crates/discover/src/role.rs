//! What the name of a key, a variable or a flag says about its value.

/// What a value is, by the name it stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// A digest that belongs to a repository beside it.
    Digest,
    /// A reference, or the last part of one.
    Image,
    /// A host, perhaps with the first part of a path.
    Registry,
    /// A name without a tag.
    Repository,
    /// A tag that belongs to a repository beside it.
    Tag,
    /// A version, which may be the tag of an image beside it.
    Version,
}

/// A name split into its role and whom it is about: `INIT_DATABASE_IMAGE_REPOSITORY` is the repository of `init database`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) role: Role,
    pub(crate) stem: Vec<String>,
    /// The name ends with the word for the role: `proxyImage`, not `imageFeatures`.
    pub(crate) is_plain: bool,
}

/// Endings of names, longer ones first.
const ENDINGS: [(&[&str], Role); 34] = [
    (&["image", "repository", "prefix"], Role::Registry),
    (&["image", "digest"], Role::Digest),
    (&["image", "hub"], Role::Registry),
    (&["image", "location"], Role::Image),
    (&["image", "name"], Role::Image),
    (&["image", "prefix"], Role::Registry),
    (&["image", "ref"], Role::Image),
    (&["image", "reference"], Role::Image),
    (&["image", "registry"], Role::Registry),
    (&["image", "repo"], Role::Repository),
    (&["image", "repository"], Role::Repository),
    (&["image", "sha"], Role::Digest),
    (&["image", "sha256"], Role::Digest),
    (&["image", "tag"], Role::Tag),
    (&["image", "uri"], Role::Image),
    (&["image", "url"], Role::Image),
    (&["image", "version"], Role::Version),
    (&["docker", "prefix"], Role::Registry),
    (&["new", "name"], Role::Repository),
    (&["new", "tag"], Role::Tag),
    (&["registry", "host"], Role::Registry),
    (&["registry", "prefix"], Role::Registry),
    (&["registry", "url"], Role::Registry),
    (&["repo", "url"], Role::Registry),
    (&["digest"], Role::Digest),
    (&["hub"], Role::Registry),
    (&["image"], Role::Image),
    (&["registry"], Role::Registry),
    (&["repo"], Role::Repository),
    (&["repository"], Role::Repository),
    (&["sha"], Role::Digest),
    (&["sha256"], Role::Digest),
    (&["tag"], Role::Tag),
    (&["version"], Role::Version),
];

/// Words that say nothing about whose image it is.
const NOISE: [&str; 8] =
    ["container", "default", "docker", "full", "image", "images", "oci", "related"];

/// Words beside `image` with which the value is no reference.
const OTHER: [&str; 26] = [
    "allow",
    "disable",
    "enable",
    "enabled",
    "file",
    "format",
    "gc",
    "id",
    "mirror",
    "mirrors",
    "path",
    "policy",
    "promotion",
    "pull",
    "quality",
    "scan",
    "scanning",
    "secret",
    "secrets",
    "set",
    "signature",
    "size",
    "skip",
    "stream",
    "threshold",
    "type",
];

/// Reads the name of a key, a variable or a flag. `None` when it says nothing about images.
pub(crate) fn of(name: &str) -> Option<Named> {
    if name.len() > 128 {
        return None;
    }
    let words = words(name);
    if words.windows(2).any(|pair| pair == ["related", "image"]) {
        return Some(Named { role: Role::Image, stem: stem(&words), is_plain: true });
    }
    if words.iter().any(|word| OTHER.contains(&word.as_str())) || is_operating_system(&words) {
        return None;
    }
    for (ending, role) in ENDINGS {
        if words.len() >= ending.len() && words[words.len() - ending.len()..] == *ending {
            let stem = stem(&words[..words.len() - ending.len()]);
            return Some(Named { role, stem, is_plain: true });
        }
    }
    let named_image = words.iter().any(|word| word == "image" || word == "images");
    (named_image || name == "base").then(|| Named {
        role: if named_image { Role::Image } else { Role::Registry },
        stem: stem(&words),
        is_plain: !named_image,
    })
}

/// Returns whether the name is for one or more images.
pub(crate) fn is_image(name: &str) -> bool {
    mentions_image(name) && of(name).is_some_and(|named| named.role == Role::Image)
}

/// Returns whether a name can belong to an image or its repository at all. Cheap.
pub(crate) fn is_anchor(name: &str) -> bool {
    mentions_image(name) || mentions(name, b"repo") || name == "newName" || name == "newTag"
}

/// Returns whether a text says `image` anywhere, in any case.
pub(crate) fn mentions_image(text: &str) -> bool {
    mentions(text, b"image")
}

/// Returns whether a text holds a lower-case word in any case.
pub(crate) fn mentions(text: &str, word: &[u8]) -> bool {
    let (low, high) = (word[0], word[0].to_ascii_uppercase());
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == low || *byte == high) {
        let start = from + at;
        match bytes.get(start..start + word.len()) {
            Some(part) if part.eq_ignore_ascii_case(word) => return true,
            Some(_) => from = start + 1,
            None => return false,
        }
    }
    false
}

/// The node status has `osImage`: the name of an operating system.
fn is_operating_system(words: &[String]) -> bool {
    words.ends_with(&["os".to_owned(), "image".to_owned()])
}

fn stem(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| !NOISE.contains(&word.as_str())).cloned().collect()
}

/// Splits a name at everything that is no letter or digit and at `camelCase`, in lower case.
fn words(name: &str) -> Vec<String> {
    let bytes = name.as_bytes();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (i, byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            push(&mut words, &mut word);
            continue;
        }
        let before = i.checked_sub(1).map(|i| bytes[i]);
        let after = bytes.get(i + 1);
        let begins = byte.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit() && !name_is_upper(bytes)
                    || b.is_ascii_uppercase() && after.is_some_and(u8::is_ascii_lowercase)
            });
        if begins {
            push(&mut words, &mut word);
        }
        word.push(byte.to_ascii_lowercase() as char);
    }
    push(&mut words, &mut word);
    words
}

fn name_is_upper(name: &[u8]) -> bool {
    !name.iter().any(u8::is_ascii_lowercase)
}

/// Adds a word; words written together with `image` are two: `dockerimage`, `imagetag`.
fn push(words: &mut Vec<String>, word: &mut String) {
    const BEHIND: [&str; 9] =
        ["digest", "name", "pullpolicy", "registry", "repo", "repository", "tag", "url", "version"];
    let word = std::mem::take(word);
    if word.is_empty() {
        return;
    }
    let ending = if word.ends_with("images") { "images" } else { "image" };
    if let Some(first) = word.strip_suffix(ending).filter(|first| !first.is_empty()) {
        words.extend([first.to_owned(), ending.to_owned()]);
        return;
    }
    match word.strip_prefix("image").filter(|last| BEHIND.contains(last)) {
        Some("pullpolicy") => words.extend(["image", "pull", "policy"].map(str::to_owned)),
        Some(last) => words.extend(["image".to_owned(), last.to_owned()]),
        None => words.push(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Option<(Role, String)> {
        of(name).map(|named| (named.role, named.stem.join(" ")))
    }

    #[test]
    fn names_say_what_stands_under_them() {
        let table = [
            ("image", Role::Image, ""),
            ("containerImage", Role::Image, ""),
            ("defaultJobImage", Role::Image, "job"),
            ("TENSORBOARD_IMAGE", Role::Image, "tensorboard"),
            ("RELATED_IMAGE_TACKLE_HUB", Role::Image, "tackle hub"),
            ("IMAGE_queue-proxy", Role::Image, "queue proxy"),
            ("baseOSContainerImage", Role::Image, "base os"),
            ("queue-sidecar-image", Role::Image, "queue sidecar"),
            ("images.json", Role::Image, "json"),
            ("imageGroupOne", Role::Image, "group one"),
            ("dockerimage", Role::Image, ""),
            ("imagetag", Role::Tag, ""),
            ("defaultImageVersion", Role::Version, ""),
            ("INIT_DATABASE_IMAGE_REPOSITORY", Role::Repository, "init database"),
            ("INIT_DATABASE_VERSION", Role::Version, "init database"),
            ("MONGODB_REPO_URL", Role::Registry, "mongodb"),
            ("containerSHA", Role::Digest, ""),
            ("hub", Role::Registry, ""),
            ("newName", Role::Repository, ""),
            ("trivy.repository", Role::Repository, "trivy"),
        ];
        for (name, role, stem) in table {
            assert_eq!(read(name), Some((role, stem.to_owned())), "{name}");
        }
    }

    #[test]
    fn policies_secrets_and_operating_systems_are_no_images() {
        for name in [
            "imagePullPolicy",
            "imagePullSecrets",
            "osImage",
            "imageGCHighThresholdPercent",
            "name",
            "imagepullpolicy",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
