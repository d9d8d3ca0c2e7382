//! Keys of findings, such as `.spec.containers[0].image`, led back to nodes.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use sealift_goyaml::{Node, Value};

/// A step of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'k> {
    Key(&'k str),
    /// In brackets: the place of an item, or its name.
    Item(&'k str),
}

/// Reads the steps of a key, as `sealift-discover` writes them. A quoted key that holds quotes is
/// not read.
fn parts(key: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = key.strip_prefix(".[").map_or(key, |_| &key[1..]);
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (name, after) = quoted.split_once("\"]")?;
            parts.push(Part::Key(name));
            rest = after;
        } else if let Some(item) = rest.strip_prefix('[') {
            let (item, after) = item.split_once(']')?;
            parts.push(Part::Item(item));
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            parts.push(Part::Key(&name[..end]));
            rest = &name[end..];
        }
    }
    Some(parts)
}

/// Where a key leads.
pub(super) struct Target<'n, 't> {
    /// The key with the names of list items in place of their places, where they have names.
    pub(super) stable: String,
    /// The nodes on the way, the document first.
    way: Vec<&'n Node<'t>>,
    /// The line of the last key or item.
    line: u32,
}

/// Follows a key from a node; as far as it leads.
pub(super) fn follow<'n, 't>(root: &'n Node<'t>, key: &str) -> Option<Target<'n, 't>> {
    let mut target = Target { stable: String::new(), way: vec![root], line: root.line() };
    for part in parts(key)? {
        let node = *target.way.last()?;
        let (line, inner) = match part {
            Part::Key(name) => {
                let mut entries = node.entries().iter();
                let (key, value) = entries.find(|(key, _)| key.as_str() == Some(name))?;
                (key.line(), value)
            }
            Part::Item(item) => {
                let inner = match item.parse::<usize>() {
                    Ok(at) => node.items().get(at)?,
                    Err(_) => node.items().iter().find(|inner| name(inner) == Some(item))?,
                };
                (inner.line(), inner)
            }
        };
        let written = match part {
            Part::Key(name) => write!(target.stable, ".{name}"),
            Part::Item(item) => write!(target.stable, "[{}]", name(inner).unwrap_or(item)),
        };
        written.ok()?;
        target.line = line;
        target.way.push(inner);
    }
    Some(target)
}

fn name<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.get("name")?.as_str()
}

/// The lines of a document on which a node begins, in order.
pub(super) struct Starts(Vec<u32>);

impl Starts {
    pub(super) fn of(root: &Node<'_>) -> Self {
        let mut lines = Vec::new();
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            lines.push(node.line());
            match node.value() {
                Value::Map(entries) => {
                    waiting.extend(entries.iter().flat_map(|(key, value)| [key, value]));
                }
                Value::Seq(items) => waiting.extend(items),
                _ => {}
            }
        }
        lines.sort_unstable();
        lines.dedup();
        Self(lines)
    }

    /// Returns the line before the next one on which a node begins.
    fn end(&self, line: u32) -> u32 {
        let next = self.0.partition_point(|&start| start <= line);
        self.0.get(next).map_or(u32::MAX, |next| next - 1)
    }
}

impl Target<'_, '_> {
    /// Returns the lines of what is here, and of the values beside it: parts of a reference may
    /// stand under keys beside each other.
    pub(super) fn lines(&self, starts: &Starts) -> Vec<RangeInclusive<u32>> {
        let Some((node, way)) = self.way.split_last() else { return Vec::new() };
        let mut lines = vec![self.line..=starts.end(last_line(node))];
        let beside = way.last().map_or(&[][..], |map| map.entries());
        let scalars = beside.iter().filter(|(_, value)| is_scalar(value));
        lines.extend(scalars.map(|(key, value)| key.line()..=starts.end(last_line(value))));
        lines
    }
}

fn is_scalar(node: &Node<'_>) -> bool {
    !matches!(node.value(), Value::Map(_) | Value::Seq(_))
}

fn last_line(node: &Node<'_>) -> u32 {
    let mut last = node.line();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        last = last.max(node.line());
        waiting.extend(node.entries().iter().map(|(_, value)| value));
        waiting.extend(node.items());
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealift_goyaml::{Limits, first};

    const TEXT: &str = "\
kind: Pod
spec:
  containers:
  - name: web
    image: >-
      nginx:1

    tty: true
  - image: redis:1
data:
  \"a.b\": x
";

    #[test]
    fn keys_are_followed_and_lists_known_by_names() {
        let root = first(TEXT, &Limits::default()).expect("it is YAML").expect("it is there");
        let starts = Starts::of(&root);
        let found = |key: &str| {
            let target = follow(&root, key)?;
            Some((target.stable.clone(), target.lines(&starts)))
        };
        let web = found(".spec.containers[0].image").expect("it is there");
        assert_eq!(web.0, ".spec.containers[web].image");
        assert_eq!(web.1, [5..=7, 4..=4, 5..=7, 8..=8]);
        let redis = found(".spec.containers[1].image").expect("it is there");
        assert_eq!(redis.0, ".spec.containers[1].image");
        assert_eq!(found(".data[\"a.b\"]").expect("it is there").0, ".data.a.b");
        assert_eq!(found(".spec.containers[2].image"), None);
        assert_eq!(found(".spec.containers[web].tty").expect("it is there").1[0], 8..=8);
    }
}
