//! Which manifest holds what: the file `sealift.graph` beside a lock.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sealift_reference::{Digest, MediaKind, MediaType};

use crate::FormatError;
use crate::limits::GRAPH_BYTES;

/// The manifests of a lock with what they name. One line a manifest, sorted:
/// `digest size mediaType child:size…`.
///
/// A child that has a line of its own is a manifest; another child of an index is absent; all others are blobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: BTreeMap<Digest, GraphNode>,
}

/// A manifest, index or artifact document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphNode {
    /// Bytes of the document.
    pub size: u64,
    /// Its type.
    pub media_type: MediaType,
    /// What it names, with sizes, in its order: config and layers, or manifests.
    pub children: Vec<(Digest, u64)>,
}

/// All that is reached from some roots, each digest once, with its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// Manifests and indexes.
    pub manifests: BTreeMap<Digest, u64>,
    /// Everything else.
    pub blobs: BTreeMap<Digest, u64>,
}

impl Closure {
    /// Returns the bytes of all of it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.manifests
            .values()
            .chain(self.blobs.values())
            .fold(0, |sum, size| sum.saturating_add(*size))
    }
}

impl Graph {
    /// Adds a manifest; one that is there stays.
    pub fn insert(&mut self, digest: Digest, node: GraphNode) {
        self.nodes.entry(digest).or_insert(node);
    }

    /// Returns a manifest.
    #[must_use]
    pub fn get(&self, digest: &Digest) -> Option<&GraphNode> {
        self.nodes.get(digest)
    }

    /// Returns the manifests, sorted by digest.
    pub fn nodes(&self) -> impl Iterator<Item = (&Digest, &GraphNode)> {
        self.nodes.iter()
    }

    /// Returns all that is reached from `roots`. A root without a line is passed over.
    pub fn closure<'a>(&'a self, roots: impl IntoIterator<Item = &'a Digest>) -> Closure {
        let mut closure = Closure::default();
        let mut open: Vec<_> = roots.into_iter().collect();
        while let Some(digest) = open.pop() {
            let Some(node) = self.nodes.get(digest) else { continue };
            if closure.manifests.insert(digest.clone(), node.size).is_some() {
                continue;
            }
            let leaves_are_absent = node.media_type.kind() == MediaKind::Index;
            for (child, size) in &node.children {
                if self.nodes.contains_key(child) {
                    open.push(child);
                } else if !leaves_are_absent {
                    closure.blobs.insert(child.clone(), *size);
                }
            }
        }
        closure
    }

    /// Returns the digest of the file, which the lock names.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::sha256(self.to_text().as_bytes())
    }

    /// Writes the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (digest, node) in &self.nodes {
            let media_type = escape(node.media_type.as_str());
            write!(text, "{digest} {} {media_type}", node.size).expect("a string takes all");
            for (child, size) in &node.children {
                write!(text, " {child}:{size}").expect("a string takes all");
            }
            text.push('\n');
        }
        text
    }

    /// Reads the file; `name` stands in errors.
    ///
    /// # Errors
    ///
    /// The first line that is not as [`Graph::to_text`] writes it, or stands at the wrong place.
    pub fn read(name: &str, text: &str) -> Result<Self, FormatError> {
        if text.len() as u64 > GRAPH_BYTES {
            return Err(FormatError::of_file(
                name,
                format!("the file has {} bytes; at most {GRAPH_BYTES} are read", text.len()),
            ));
        }
        let mut nodes = BTreeMap::new();
        for (number, line) in (1..).zip(text.split_terminator('\n')) {
            let wrong = |message| FormatError::at(name, text, (number, 1), message);
            let (digest, node) = read_line(line).map_err(wrong)?;
            if nodes.last_key_value().is_some_and(|(last, _)| *last >= digest) {
                return Err(wrong(format!("`{digest}` stands behind a line that it must precede")));
            }
            nodes.insert(digest, node);
        }
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(FormatError::of_file(name, "the last line does not end: the file was cut"));
        }
        Ok(Self { nodes })
    }
}

fn read_line(line: &str) -> Result<(Digest, GraphNode), String> {
    let mut fields = line.split(' ');
    let mut field = |what| fields.next().ok_or_else(|| format!("the {what} is missing"));
    let digest = read_digest(field("digest")?)?;
    let size = read_size(field("size")?)?;
    let media_type = unescape(field("media type")?)?.into();
    let children = fields.map(read_child).collect::<Result<_, _>>()?;
    Ok((digest, GraphNode { size, media_type, children }))
}

fn read_child(field: &str) -> Result<(Digest, u64), String> {
    let (digest, size) =
        field.rsplit_once(':').ok_or_else(|| format!("`{field}` is no `digest:size`"))?;
    Ok((read_digest(digest)?, read_size(size)?))
}

fn read_digest(text: &str) -> Result<Digest, String> {
    text.parse().map_err(|error| format!("`{text}`: {error}"))
}

/// One spelling for each number: what is read is written again as it was.
fn read_size(text: &str) -> Result<u64, String> {
    let size: Option<u64> = text.parse().ok();
    size.filter(|size| size.to_string() == text)
        .ok_or_else(|| format!("`{text}` is no size in bytes"))
}

/// A media type is any text, and a line has fields.
fn escape(media_type: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'%';
    if media_type.is_empty() {
        return "-".to_owned();
    }
    let lone_hyphen = media_type == "-";
    let mut text = String::with_capacity(media_type.len());
    for byte in media_type.bytes() {
        if plain(&byte) && !lone_hyphen {
            text.push(byte.into());
        } else {
            write!(text, "%{byte:02X}").expect("a string takes all");
        }
    }
    text
}

fn unescape(field: &str) -> Result<String, String> {
    let wrong = || format!("`{field}` is no media type");
    if field == "-" {
        return Ok(String::new());
    }
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().ok_or_else(wrong)?, rest.next().ok_or_else(wrong)?];
            let digits = std::str::from_utf8(&digits).map_err(|_| wrong())?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        } else {
            bytes.push(byte);
        }
    }
    let media_type = String::from_utf8(bytes).map_err(|_| wrong())?;
    if escape(&media_type) == field { Ok(media_type) } else { Err(wrong()) }
}
