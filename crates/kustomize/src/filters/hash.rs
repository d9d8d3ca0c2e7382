//! The suffix that names generated data by their content.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::resource::meta;
use crate::yaml::{Data, Json, Node, ValueError, to_json_text, to_value_of};

/// Returns the suffix of an object: ten characters.
///
/// Mirrors `hasher/hasher.go` of kustomize api v0.21.2, where the name never counts: it is looked for under the key
/// `metadata/name`, which no object has.
pub(crate) fn suffix(object: &Node) -> Result<String, ValueError> {
    let text = |text: &'static str| Json::Str(Cow::Borrowed(text));
    let kind = meta::kind(object);
    let mut entries = match kind {
        "ConfigMap" => optional(object, "binaryData")?,
        "Secret" => optional(object, "stringData")?,
        _ => Vec::new(),
    };
    entries.push((Cow::Borrowed("data"), field(object, "data")?));
    entries.push((Cow::Borrowed("kind"), Json::Str(Cow::Borrowed(kind))));
    entries.push((Cow::Borrowed("name"), text("")));
    if kind == "Secret" {
        entries.push((Cow::Borrowed("type"), field(object, "type")?));
    }
    entries.sort_by(|(one, _), (other, _): &(Cow<'_, str>, Json<'_>)| one.cmp(other));
    Ok(encode(&to_json_text(&Json::Map(entries))))
}

fn optional<'o>(
    object: &'o Node,
    name: &'static str,
) -> Result<Vec<(Cow<'o, str>, Json<'o>)>, ValueError> {
    Ok(match field(object, name)? {
        value @ Json::Map(_) => vec![(Cow::Borrowed(name), value)],
        _ => Vec::new(),
    })
}

/// A map as it is, a scalar as its text, nothing as an empty text.
fn field<'o>(object: &'o Node, name: &str) -> Result<Json<'o>, ValueError> {
    match object.get(name) {
        None => Ok(Json::Str(Cow::Borrowed(""))),
        Some(Node { data: Data::Scalar(text), .. }) => Ok(Json::Str(Cow::Borrowed(text))),
        Some(node) => Ok(match to_value_of(node)? {
            value @ Json::Map(_) => value,
            _ => Json::Null,
        }),
    }
}

fn encode(text: &str) -> String {
    const LENGTH: usize = 10;
    let hex = data_encoding::HEXLOWER.encode(&Sha256::digest(text));
    let letter = |character| match character {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    hex.chars().take(LENGTH).map(letter).collect()
}
