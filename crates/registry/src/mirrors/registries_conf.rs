//! The machine's `registries.conf`, version 2, as podman, CRI-O and skopeo read it.
//!
//! Mirrors: containers-registries.conf(5) and containers/image `pkg/sysregistriesv2`.

use std::path::PathBuf;

use sealift_oci::{StoreError, StoreErrorKind};
use toml_edit::{DocumentMut, Item, Table};

use super::{Place, Pulls, Rule, checked, checked_location};

/// Where the files are; the command line knows the folders of the user and of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistriesFiles {
    /// Main files by rank: the user's (`~/.config/containers/registries.conf`) hides the system's.
    pub files: Vec<PathBuf>,
    /// Drop-in folders, each overriding the ones before: the system's `registries.conf.d`, then the user's.
    pub folders: Vec<PathBuf>,
}

impl RegistriesFiles {
    /// Reads the first main file that is there and all drop-ins in the order of their names; later entries replace earlier ones.
    pub(super) fn rules(&self, notes: &mut Vec<String>) -> Result<Vec<Rule>, StoreError> {
        let mut rules: Vec<Rule> = Vec::new();
        for file in &self.files {
            if let Some(text) = crate::disk::text(file)? {
                add(&mut rules, read(&text, &file.display().to_string(), notes)?);
                break;
            }
        }
        for folder in &self.folders {
            let files = crate::disk::files(folder)?;
            for file in files
                .iter()
                .filter(|file| file.extension().is_some_and(|extension| extension == "conf"))
            {
                let text = crate::disk::text(file)?.unwrap_or_default();
                add(&mut rules, read(&text, &file.display().to_string(), notes)?);
            }
        }
        Ok(rules)
    }
}

fn add(rules: &mut Vec<Rule>, more: Vec<Rule>) {
    for rule in more {
        rules.retain(|known| known.prefix != rule.prefix);
        rules.push(rule);
    }
}

/// Reads one file.
fn read(text: &str, place: &str, notes: &mut Vec<String>) -> Result<Vec<Rule>, StoreError> {
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        refuse(place, &format!("line {line} is not TOML"))
    })?;
    if document.contains_key("registries") {
        return Err(refuse(
            place,
            "this is version 1 of the format; rewrite it with [[registry]] tables",
        ));
    }
    for (key, _) in document.iter().filter(|(key, _)| *key != "registry") {
        let why = if key == "unqualified-search-registries" {
            ": names without a host are at docker.io, always"
        } else {
            ""
        };
        notes.push(format!("{place}: `{key}` is not followed{why}"));
    }
    let tables =
        document.get("registry").map_or(Ok(Vec::new()), |item| tables(item, place, "registry"))?;
    tables.into_iter().map(|table| registry(&table, place, notes)).collect()
}

fn registry(table: &Table, place: &str, notes: &mut Vec<String>) -> Result<Rule, StoreError> {
    let location = text(table, "location", place)?;
    let named = text(table, "prefix", place)?
        .or(location)
        .ok_or_else(|| refuse(place, "a [[registry]] has neither prefix nor location"))?;
    let prefix = checked(named, "prefix")?;
    let wild = prefix.starts_with('*');
    if !wild
        && location.is_none()
        && text(table, "prefix", place)?.is_some()
        && table.get("mirror").is_none()
        && !flag(table, "blocked", place)?
    {
        return Err(refuse(place, &format!("[[registry]] `{prefix}` has no location")));
    }
    let by_digest = flag(table, "mirror-by-digest-only", place)?;
    let mut places = Vec::new();
    for mirror in
        table.get("mirror").map_or(Ok(Vec::new()), |item| tables(item, place, "mirror"))?
    {
        places.push(self::mirror(&mirror, by_digest, place, notes)?);
    }
    note_insecure(table, place, notes)?;
    places.push(Place { location: location.map(checked_location).transpose()?, pulls: Pulls::All });
    Ok(Rule { prefix, places, blocked: flag(table, "blocked", place)? })
}

fn mirror(
    table: &Table,
    by_digest: bool,
    place: &str,
    notes: &mut Vec<String>,
) -> Result<Place, StoreError> {
    let location = text(table, "location", place)?
        .ok_or_else(|| refuse(place, "a [[registry.mirror]] has no location"))?;
    note_insecure(table, place, notes)?;
    let pulls = match text(table, "pull-from-mirror", place)? {
        _ if by_digest => Pulls::Digests,
        None | Some("all") => Pulls::All,
        Some("digest-only") => Pulls::Digests,
        Some("tag-only") => Pulls::Tags,
        Some(other) => {
            return Err(refuse(
                place,
                &format!("pull-from-mirror `{}`", crate::text::shown(other)),
            ));
        }
    };
    Ok(Place { location: Some(checked_location(location)?), pulls })
}

/// TLS is weakened on the command line only, host by host.
fn note_insecure(table: &Table, place: &str, notes: &mut Vec<String>) -> Result<(), StoreError> {
    if flag(table, "insecure", place)? {
        let location =
            text(table, "location", place)?.or(text(table, "prefix", place)?).unwrap_or_default();
        let host = location.split('/').next().unwrap_or_default();
        notes.push(format!("{place}: `insecure` of {host} is not followed: say --insecure {host} or --plain-http {host}"));
    }
    Ok(())
}

fn tables(item: &Item, place: &str, key: &str) -> Result<Vec<Table>, StoreError> {
    if let Some(array) = item.as_array_of_tables() {
        return Ok(array.iter().cloned().collect());
    }
    let inline = item.as_array().and_then(|array| {
        array
            .iter()
            .map(|value| value.as_inline_table().cloned().map(toml_edit::InlineTable::into_table))
            .collect()
    });
    inline.ok_or_else(|| refuse(place, &format!("`{key}` is no list of tables")))
}

fn text<'a>(table: &'a Table, key: &str, place: &str) -> Result<Option<&'a str>, StoreError> {
    match table.get(key) {
        None => Ok(None),
        Some(item) => item
            .as_str()
            .map(|text| Some(text).filter(|text| !text.is_empty()))
            .ok_or_else(|| refuse(place, &format!("`{key}` is no text"))),
    }
}

fn flag(table: &Table, key: &str, place: &str) -> Result<bool, StoreError> {
    table.get(key).map_or(Ok(false), |item| {
        item.as_bool().ok_or_else(|| refuse(place, &format!("`{key}` is neither true nor false")))
    })
}

fn refuse(place: &str, why: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Refused, format!("{place}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::super::{Mirror, Mirrors, Wanted};
    use super::*;

    const CONF: &str = r#"
unqualified-search-registries = ["docker.io", "quay.io"]

[[registry]]
prefix = "docker.io"
location = "hub.corp:5000/docker"
[[registry.mirror]]
location = "one.corp"
[[registry.mirror]]
location = "two.corp/m"
pull-from-mirror = "digest-only"
insecure = true

[[registry]]
prefix = "docker.io/private"
blocked = true

[[registry]]
location = "quay.io"
mirror-by-digest-only = true
mirror = [{location = "digests.corp"}]

[[registry]]
prefix = "*.example.com"
"#;

    fn mirrors(files: &[(&str, &str)]) -> Result<Mirrors, StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, text) in files {
            fs_err::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs_err::write(path(name), text).unwrap();
        }
        let files = RegistriesFiles {
            files: vec![path("user.conf"), path("system.conf")],
            folders: vec![path("system.d"), path("user.d")],
        };
        Mirrors::new(
            &[Mirror { prefix: "ghcr.io".to_owned(), location: "own.corp".to_owned() }],
            &files,
        )
    }

    fn of(mirrors: &Mirrors, name: &str, wanted: Wanted) -> Vec<String> {
        mirrors
            .of(&name.parse().unwrap(), wanted)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn mirrors_are_tried_before_the_location() {
        let mirrors = mirrors(&[("system.conf", CONF)]).unwrap();
        assert_eq!(
            of(&mirrors, "docker.io/library/nginx", Wanted::Tag),
            ["one.corp/library/nginx", "hub.corp:5000/docker/library/nginx"]
        );
        assert_eq!(
            of(&mirrors, "docker.io/library/nginx", Wanted::Digest),
            [
                "one.corp/library/nginx",
                "two.corp/m/library/nginx",
                "hub.corp:5000/docker/library/nginx"
            ]
        );
        assert_eq!(of(&mirrors, "quay.io/a/b", Wanted::Tag), ["quay.io/a/b"]);
        assert_eq!(
            of(&mirrors, "quay.io/a/b", Wanted::Digest),
            ["digests.corp/a/b", "quay.io/a/b"]
        );
        assert_eq!(of(&mirrors, "x.example.com/a", Wanted::Tag), ["x.example.com/a"]);
        let error = mirrors.of(&"docker.io/private/x".parse().unwrap(), Wanted::Tag).unwrap_err();
        assert_eq!(
            error.to_string(),
            "docker.io/private/x: blocked by registries.conf (`docker.io/private`)"
        );
    }

    #[test]
    fn what_is_not_followed_is_noted() {
        let mirrors = mirrors(&[("system.conf", CONF)]).unwrap();
        let notes: Vec<&str> = mirrors
            .notes()
            .iter()
            .map(|note| note.split_once("system.conf: ").unwrap().1)
            .collect();
        assert_eq!(
            notes,
            [
                "`unqualified-search-registries` is not followed: names without a host are at docker.io, always",
                "`insecure` of two.corp is not followed: say --insecure two.corp or --plain-http two.corp",
            ]
        );
    }

    #[test]
    fn the_users_file_hides_the_systems_and_drop_ins_replace_entries() {
        let one = |location: &str| {
            format!("[[registry]]\nprefix = \"docker.io\"\nlocation = \"{location}\"\n")
        };
        let mirrors = mirrors(&[
            ("system.conf", CONF),
            ("user.conf", &one("user.corp")),
            (
                "system.d/10.conf",
                "[[registry]]\nlocation = \"gcr.io\"\n[[registry.mirror]]\nlocation = \"g.corp\"\n",
            ),
            ("user.d/20.conf", &one("dropin.corp")),
            ("user.d/README", "no toml ["),
        ])
        .unwrap();
        assert_eq!(
            of(&mirrors, "docker.io/library/nginx", Wanted::Tag),
            ["dropin.corp/library/nginx"]
        );
        assert_eq!(of(&mirrors, "gcr.io/a/b", Wanted::Tag), ["g.corp/a/b", "gcr.io/a/b"]);
        assert_eq!(of(&mirrors, "quay.io/a/b", Wanted::Digest), ["quay.io/a/b"]);
        assert_eq!(of(&mirrors, "ghcr.io/a/b", Wanted::Tag), ["own.corp/a/b"]);
    }

    #[test]
    fn broken_files_are_errors_with_their_place() {
        let table = [
            ("a = 1\nx = [", "line 2 is not TOML"),
            (
                "[registries.search]\nregistries = []\n",
                "this is version 1 of the format; rewrite it with [[registry]] tables",
            ),
            ("[[registry]]\nblocked = true\n", "a [[registry]] has neither prefix nor location"),
            ("[[registry]]\nprefix = \"a.io\"\n", "[[registry]] `a.io` has no location"),
            ("[[registry]]\nlocation = 1\n", "`location` is no text"),
            (
                "[[registry]]\nlocation = \"a.io\"\nblocked = \"yes\"\n",
                "`blocked` is neither true nor false",
            ),
            (
                "[[registry]]\nlocation = \"a.io\"\n[[registry.mirror]]\nlocation = \"b.io\"\npull-from-mirror = \"x\"\n",
                "pull-from-mirror `x`",
            ),
        ];
        for (text, want) in table {
            let error = mirrors(&[("system.conf", text)]).unwrap_err().to_string();
            assert!(error.ends_with(&format!("system.conf: {want}")), "{error}");
        }
    }
}
