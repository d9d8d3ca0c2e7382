//! Files in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::files::{Entry, FileError, Files};
use super::path;

/// A tree of files in memory, as an unpacked archive or a test has it.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    nodes: BTreeMap<String, MemoryNode>,
}

#[derive(Clone, Debug)]
enum MemoryNode {
    File(Vec<u8>),
    Folder,
    Link(String),
}

impl MemoryFiles {
    /// Returns an empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: BTreeMap::from([("/".to_owned(), MemoryNode::Folder)]) }
    }

    /// Puts a file at an absolute path, and the folders above it.
    pub fn file(&mut self, at: &str, content: impl Into<Vec<u8>>) {
        self.put(at, MemoryNode::File(content.into()));
    }

    /// Puts a folder at an absolute path, and the folders above it.
    pub fn folder(&mut self, at: &str) {
        self.put(at, MemoryNode::Folder);
    }

    /// Puts a symbolic link at an absolute path.
    pub fn link(&mut self, at: &str, target: &str) {
        self.put(at, MemoryNode::Link(target.to_owned()));
    }

    fn put(&mut self, at: &str, node: MemoryNode) {
        let at = path::clean(at);
        let mut above = path::folder(&at).to_owned();
        while !self.nodes.contains_key(&above) {
            self.nodes.insert(above.clone(), MemoryNode::Folder);
            above = path::folder(&above).to_owned();
        }
        self.nodes.insert(at, node);
    }
}

impl Files for MemoryFiles {
    fn entry(&self, path: &str) -> Result<Entry, FileError> {
        Ok(match self.nodes.get(path) {
            None => Entry::Missing,
            Some(MemoryNode::File(_)) => Entry::File,
            Some(MemoryNode::Folder) => Entry::Folder,
            Some(MemoryNode::Link(target)) => Entry::Link(target.clone()),
        })
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, FileError> {
        match self.nodes.get(path) {
            Some(MemoryNode::File(content)) => Ok(Cow::Borrowed(content)),
            _ => Err(FileError::new(format!("open {path}: no such file or directory"))),
        }
    }
    fn below(&self, path: &str) -> Result<Vec<(String, Vec<u8>)>, FileError> {
        let top = format!("{}/", path.trim_end_matches('/'));
        let file = |(at, node): (&String, &MemoryNode)| match node {
            MemoryNode::File(content) => Some((at.strip_prefix(&top)?.to_owned(), content.clone())),
            MemoryNode::Folder | MemoryNode::Link(_) => None,
        };
        let mut files: Vec<_> = self.nodes.iter().filter_map(file).collect();
        files.sort_by(|(one, _), (other, _)| one.split('/').cmp(other.split('/')));
        Ok(files)
    }
}
