//! Why an input could not be scanned.

use crate::charts::ChartError;

/// Why an input could not be scanned, or not all of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A budget is set to more than there can be.
    #[error("`limits.{name}` can be {most} at most: {why}")]
    Beyond {
        /// Its name.
        name: &'static str,
        /// The most.
        most: usize,
        /// What there is no more of.
        why: &'static str,
    },
    /// A chart cannot be scanned.
    #[error("{error}")]
    Chart {
        /// The chart as the shipment names it.
        chart: String,
        /// Why not.
        error: Box<ChartError>,
    },
    /// A chart that a chart needs cannot be had.
    #[error("cannot get the charts that `{chart}` needs")]
    Dependencies {
        /// The chart as the shipment or the command line names it.
        chart: String,
        /// Why not.
        source: Box<sealift_fetch::Error>,
    },
    /// The documents do not parse, or break a limit.
    #[error(transparent)]
    Discover(#[from] sealift_discover::Error),
    /// A chart is not on this machine, and nobody was there to get it.
    #[error("the chart `{chart}` is not on this machine")]
    Elsewhere {
        /// The chart as the shipment names it.
        chart: String,
    },
    /// A file, a folder or a pattern of manifests gives no object, and no other map that names an image or an address:
    /// whoever wrote it has failed, or it is the wrong one.
    #[error("`{input}` holds no object")]
    Empty {
        /// The path as the shipment names it, or `-`.
        input: String,
    },
    /// Nothing is in the list.
    #[error("{file}: the list names no image")]
    EmptyList {
        /// The file as the shipment names it.
        file: String,
    },
    /// A chart cannot be had.
    #[error(transparent)]
    Fetch(#[from] sealift_fetch::Error),
    /// Nobody could be made to get a chart.
    #[error("{why}")]
    NoFetcher {
        /// Why not.
        why: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] sealift_files::Error),
    /// The file ends with `.gz` and does not unpack.
    #[error("{file}: cannot unpack the gzip data")]
    Gzip {
        /// The file as the shipment names it.
        file: String,
        /// Why not.
        source: sealift_archive::GzipError,
    },
    /// A line of a list is no image.
    #[error("{file}:{line}: `{text}` is no image reference")]
    ListLine {
        /// The file as the shipment names it.
        file: String,
        /// Counted from 1.
        line: u32,
        /// The line without its comment, at most 300 characters.
        text: String,
        /// What is wrong with it.
        source: sealift_reference::ParseError,
    },
    /// The list has more lines than [`crate::limits::LIST_LINES`].
    #[error("{file}: more than {limit} lines")]
    ListLength {
        /// The file as the shipment names it.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// A kustomization cannot be built.
    #[error("the kustomization `{folder}` cannot be built")]
    Kustomization {
        /// Its folder as the shipment or the command line names it.
        folder: String,
        /// Why not.
        source: Box<sealift_kustomize::Error>,
    },
    /// What a kustomization names elsewhere cannot be had.
    #[error("the kustomization `{folder}` names {wanted}, which cannot be had")]
    Named {
        /// Its folder as the shipment or the command line names it.
        folder: String,
        /// What it names.
        wanted: Box<crate::kustomizations::Wanted>,
        /// Why not.
        source: Box<Self>,
    },
    /// A kustomization names too much elsewhere.
    #[error(
        "the kustomization `{folder}` names more than {limit} charts, repositories and files of web servers"
    )]
    NamedTooMuch {
        /// Its folder as the shipment or the command line names it.
        folder: String,
        /// The limit.
        limit: usize,
    },
    /// Something that a kustomization names is not on this machine, and nobody was there to get it.
    #[error("it is not on this machine")]
    NotHere,
    /// More lines of a list are no image than [`crate::limits::LIST_MISTAKES`]; those before are told one by one.
    #[error("{file}: more than {limit} lines are no image reference")]
    ListMistakes {
        /// The file as the shipment names it.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// A Secret that a kustomization gives cannot be written. What is in it is in no message.
    #[error(
        "the kustomization `{folder}` cannot be built: the Secret `{name}` of {place} cannot be written"
    )]
    Secret {
        /// Its folder as the shipment or the command line names it.
        folder: String,
        /// Of the object.
        name: String,
        /// The file, written from that folder, and the line.
        place: String,
    },
    /// The shipment names nothing to look at.
    #[error("`sources` is empty")]
    NoSources,
    /// Two sources need one image and name it differently.
    #[error("sources[{first}] and sources[{second}] both need {image} and have unlike `naming`")]
    TwoNamings {
        /// The image.
        image: String,
        /// The number of the first source, from 0.
        first: usize,
        /// The number of the other one.
        second: usize,
    },
    /// The shipment asks for something that this version cannot do.
    #[error("`{what}` is not supported by this version of sealift")]
    Unsupported {
        /// The key, with its place in the shipment.
        what: String,
    },
    /// The file is no text.
    #[error("{file}: not UTF-8 text: byte {byte} is wrong")]
    Utf8 {
        /// The file as the shipment names it.
        file: String,
        /// The offset of the first wrong byte.
        byte: usize,
    },
}

impl Error {
    /// Whether the content of an input is at fault: it is hostile or broken, and another run does not help.
    #[must_use]
    pub fn is_content(&self) -> bool {
        match self {
            Self::Beyond { .. }
            | Self::Elsewhere { .. }
            | Self::NoSources
            | Self::NotHere
            | Self::TwoNamings { .. }
            | Self::Unsupported { .. } => false,
            Self::File(error) => error.is_content(),
            Self::Named { source, .. } => source.is_content(),
            _ => true,
        }
    }
}
