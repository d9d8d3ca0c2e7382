//! Paths with slashes.

use sealift_gotemplate::Str;

use crate::table::Table;

pub(super) fn insert(table: &mut Table<'_>) {
    for name in ["base", "osBase"] {
        table.one(name, |_, path: Str| Ok(base(&path)));
    }
    for name in ["clean", "osClean"] {
        table.one(name, |_, path: Str| Ok(path.derive(clean(path.as_bytes()))));
    }
    for name in ["dir", "osDir"] {
        table.one(name, |_, path: Str| {
            let bytes = path.as_bytes();
            let end = bytes.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
            Ok(path.derive(clean(&bytes[..end])))
        });
    }
    for name in ["ext", "osExt"] {
        table.one(name, |_, path: Str| {
            let bytes = path.as_bytes();
            let stop = bytes.iter().rposition(|&byte| byte == b'/' || byte == b'.');
            let start = stop.filter(|&stop| bytes[stop] == b'.').unwrap_or(bytes.len());
            Ok(path.part(start..bytes.len()))
        });
    }
    for name in ["isAbs", "osIsAbs"] {
        table.one(name, |_, path: Str| Ok(path.as_bytes().starts_with(b"/")));
    }
}

fn base(path: &Str) -> Str {
    let bytes = path.as_bytes();
    let Some(last) = bytes.iter().rposition(|&byte| byte != b'/') else {
        return Str::from(if bytes.is_empty() { "." } else { "/" });
    };
    let slash = bytes[..=last].iter().rposition(|&byte| byte == b'/');
    path.part(slash.map_or(0, |slash| slash + 1)..last + 1)
}

/// Returns the shortest path to the same place.
fn clean(path: &[u8]) -> Vec<u8> {
    let is_absolute = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (is_absolute, joined.is_empty()) {
        (true, _) => [b"/", &*joined].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}
