//! One version of one chart.

use sealift_goyaml::{Node, Value};
use sealift_reference::Digest;
use sealift_sprig::semver::Version;

/// A version of a chart, as an index tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it is written.
    pub version: String,
    /// Of the archive, where the index says it.
    pub digest: Option<Digest>,
    /// Where the archive is, absolute or relative to the repository. May be empty.
    pub urls: Vec<String>,
    /// `version`, read.
    pub(crate) semantic: Version,
}

/// What is wrong with the entries of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Behind `entries.NAME`, such as `[3].urls`.
    pub(crate) key: String,
    pub(crate) why: &'static str,
}

type Read<T> = Result<T, Fault>;

/// Reads the entries of a chart, the highest version first.
pub(crate) fn entries(node: &Node<'_>) -> Read<Vec<Entry>> {
    let fault = |key: String, why| Fault { key, why };
    let items = match node.value() {
        Value::Null => &[],
        Value::Seq(items) => items,
        _ => return Err(fault(String::new(), "is no list")),
    };
    let mut entries = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let read = entry(item);
        let read = read.map_err(|inner| fault(format!("[{at}]{}", inner.key), inner.why))?;
        entries.extend(read);
    }
    // Stable: Go's sort is not, so that there chance decides between entries of one version.
    entries.sort_by(|a, b| b.semantic.cmp(&a.semantic));
    Ok(entries)
}

/// Reads one; `None` for one whose version is none, which Helm passes over with a warning.
fn entry(node: &Node<'_>) -> Read<Option<Entry>> {
    if !matches!(node.value(), Value::Map(_)) {
        return Err(Fault { key: String::new(), why: "is empty or no mapping" });
    }
    let version = text(node, "version")?;
    let Ok(semantic) = version.parse() else { return Ok(None) };
    let urls = urls(node)?;
    let digest = match text(node, "digest")? {
        "" => None,
        digest => Some(sha256(digest)?),
    };
    Ok(Some(Entry { version: version.to_owned(), digest, urls, semantic }))
}

/// Takes hex with or without `sha256:`, as Helm 4 does.
fn sha256(text: &str) -> Read<Digest> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text).to_ascii_lowercase();
    let digest = format!("sha256:{hex}").parse();
    digest.map_err(|_| Fault { key: ".digest".to_owned(), why: "is no SHA-256" })
}

fn urls(node: &Node<'_>) -> Read<Vec<String>> {
    let fault = |why| Fault { key: ".urls".to_owned(), why };
    match node.get("urls").map(Node::value) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Seq(urls)) => urls
            .iter()
            .map(|url| url.as_str().map(str::to_owned).ok_or(fault("holds what is no text")))
            .collect(),
        Some(_) => Err(fault("is no list")),
    }
}

fn text<'n>(node: &'n Node<'_>, key: &str) -> Read<&'n str> {
    match node.get(key).map(Node::value) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::Str(text)) => Ok(text),
        Some(_) => Err(Fault { key: format!(".{key}"), why: "is no text" }),
    }
}
