//! Secrets: an image that one names is told, nothing else of it.
//!
//! Only what is written as an image counts: a password may look like a reference.

use sealift_goyaml::{Node, Value};

use crate::found::{Search, View};
use crate::image_key::{self, Decision};
use crate::object::{Entries, entries, get};
use crate::place::Place;
use crate::role;
use crate::split_keys::{Field, Fields};
use crate::walk::{self, Scope};
use crate::{Error, annotation};

/// Searches a Secret.
pub(crate) fn secret(
    search: &mut Search<'_>,
    place: &Place<'_>,
    map: Entries<'_>,
    view: View<'_>,
) -> Result<(), Error> {
    let view = View { secret: true, ..view };
    if let Some(Value::Map(metadata)) = get(map, "metadata").map(Node::value) {
        let scope = Scope { map, up: None };
        annotation::metadata(search, &place.key("metadata"), metadata, view, &scope)?;
    }
    for (part, decode) in [("data", true), ("stringData", false)] {
        let entries = get(map, part).map_or(&[][..], entries);
        values(search, &place.key(part), entries, (view, decode))?;
    }
    Ok(())
}

fn values(
    search: &mut Search<'_>,
    place: &Place<'_>,
    entries: Entries<'_>,
    (view, decode): (View<'_>, bool),
) -> Result<(), Error> {
    for (name, node) in entries {
        search.visit(view.depth)?;
        let (Value::Str(key), Value::Str(text)) = (name.value(), node.value()) else { continue };
        let decoded = if decode { decode_base64(text) } else { None };
        let text = match (&decoded, decode) {
            (Some(text), _) => text,
            (None, true) => continue,
            (None, false) => text,
        };
        value(search, &place.key(key), (key, node, text), view)?;
    }
    Ok(())
}

fn value(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (key, node, text): (&str, &Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    let named = Some(key).filter(|key| role::is_image(key)).and_then(role::of);
    let Some(named) = named else {
        return walk::string(search, place, (node, text), view);
    };
    let field = Field { name: key, named, node, value: text.into() };
    match image_key::decide(&field, &Fields::default(), false, None) {
        Decision::Other => walk::string(search, place, (node, text), View { images: 3, ..view }),
        decision => image_key::write(search, place, &field, view, decision),
    }
}

/// Decodes base64 to text. `None` when it is no base64 or no UTF-8.
fn decode_base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::decode_base64;

    #[test]
    fn base64_is_decoded_to_text_or_left_alone() {
        assert_eq!(decode_base64("bmdpbng6MS4yNw==").as_deref(), Some("nginx:1.27"));
        assert_eq!(decode_base64("not base64!"), None);
        assert_eq!(decode_base64("/w=="), None);
    }
}
