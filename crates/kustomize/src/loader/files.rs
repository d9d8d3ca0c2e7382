//! Where files come from.

use std::borrow::Cow;

use super::pull::RemoteChart;
use super::repo_spec::RepoSpec;

/// What stands at a path, links not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link and where it leads.
    Link(String),
    /// Nothing.
    Missing,
}

/// What is known of something that is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched<T> {
    /// Nothing yet: whoever builds has to get it, and to build again.
    Unknown,
    /// That it cannot be had, and why.
    Absent(String),
    /// It is here.
    Here(T),
}

/// Why a file cannot be read; the text says it as the system does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct FileError {
    /// Why.
    pub text: String,
    /// The class of what is hostile or beyond a limit, as messages have it in brackets.
    pub class: Option<&'static str>,
}

impl FileError {
    /// An error of no class.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { text, class: None }
    }
}

/// A tree of files that a build reads. Paths are absolute and clean, and parents are no links.
pub trait Files {
    /// Returns what stands at a path.
    ///
    /// # Errors
    ///
    /// [`FileError`] where that cannot be found out.
    fn entry(&self, path: &str) -> Result<Entry, FileError>;

    /// Returns the content of a regular file.
    ///
    /// # Errors
    ///
    /// [`FileError`] when it cannot be read whole.
    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, FileError>;

    /// Returns all files below a folder: the path of each below it, with `/`, and its bytes, in the order in which Go walks a folder.
    ///
    /// Only charts are read so.
    ///
    /// # Errors
    ///
    /// [`FileError`] when the folder cannot be read whole.
    fn below(&self, path: &str) -> Result<Vec<(String, Vec<u8>)>, FileError> {
        Err(FileError::new(format!("open {path}: folders cannot be read whole here")))
    }

    /// Returns a file of a web server.
    fn web_file(&self, _url: &str) -> Fetched<Cow<'_, [u8]>> {
        Fetched::Unknown
    }

    /// Says whether a chart is in its folder by now.
    fn chart(&self, _chart: &RemoteChart) -> Fetched<()> {
        Fetched::Unknown
    }

    /// Returns the absolute path of the top folder of a git repository.
    fn repository(&self, _spec: &RepoSpec) -> Fetched<String> {
        Fetched::Unknown
    }
}
