//! Why a build fails.

use std::error::Error as _;

use crate::accumulate::VarError;
use crate::config::ConflictError;
use crate::filters::field::FieldError;
use crate::filters::json_patch::JsonPatchError;
use crate::filters::replacement::ReplacementError;
use crate::filters::strategic_merge::MergeError;
use crate::generators::{GenerateError, PairError};
use crate::id::ResId;
use crate::kustomization::{DecodeError, KustomizationError};
use crate::loader::LoadError;
use crate::openapi::CustomSchemaError;
use crate::order::SortError;
use crate::resmap::{AbsorbError, RepeatedId, TargetError};
use crate::resource::ResourceError;
use crate::selector::SelectorError;
use crate::yaml::ValueError;
use crate::yaml::edit::WrongKind;

/// Why a build fails. [`Error::report`] is the whole of it; the text of an error alone does not repeat its source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A folder holds no kustomization.
    #[error(
        "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{0}'"
    )]
    NoKustomization(String),
    /// A folder holds more than one.
    #[error("found multiple kustomization files under: {0}")]
    ManyKustomizations(String),
    /// A kustomization is wrong.
    #[error("{file}")]
    Kustomization {
        /// The file.
        file: String,
        /// What is wrong.
        source: KustomizationError,
    },
    /// A step of the build, named by what it does.
    #[error("{what}")]
    Step {
        /// What is done, and where.
        what: String,
        /// Why it cannot be done.
        source: Box<Self>,
    },
    /// An entry is neither a file of objects nor a folder.
    #[error("'{path}' is no file of objects ({}) and cannot be built as a folder", file.report())]
    Entry {
        /// The entry.
        path: String,
        /// Why it is no file.
        file: Box<Self>,
        /// Why it is no folder.
        source: Box<Self>,
    },
    /// A component where a kustomization is needed, or the other way round.
    #[error("expected kind {expected} for path '{path}' but got '{found}'")]
    Kind {
        /// The folder.
        path: String,
        /// What is needed.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A text holds no objects.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// Two objects are one.
    #[error(transparent)]
    Repeated(#[from] RepeatedId),
    /// Specifications of fields disagree.
    #[error(transparent)]
    Conflict(#[from] ConflictError),
    /// A configuration cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The types that a kustomization names.
    #[error(transparent)]
    Schema(#[from] CustomSchemaError),
    /// Nothing can be generated.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A generated object does not fit those that are there.
    #[error(transparent)]
    Absorb(#[from] AbsorbError),
    /// A variable is wrong.
    #[error(transparent)]
    Var(#[from] VarError),
    /// A field cannot be changed.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A patch cannot be merged.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// A JSON patch is wrong or does not fit.
    #[error(transparent)]
    JsonPatch(#[from] JsonPatchError),
    /// A replacement cannot be done.
    #[error(transparent)]
    Replacement(#[from] ReplacementError),
    /// A selector is wrong.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// The object that a patch is for is not there, or not alone.
    #[error("failed to find unique target for patch {id}: {cause}")]
    PatchTarget {
        /// The object.
        id: Box<ResId>,
        /// Why.
        cause: TargetError,
    },
    /// The configuration of a transformer or a generator is wrong.
    #[error("{0}")]
    Configuration(String),
    /// Objects become one by their new namespace.
    #[error("namespace transformation produces ID conflict: [{0}]")]
    NamespaceConflict(String),
    /// No object has the name for which replicas are set.
    #[error("resource with name {name} does not match a config with the following GVK {kinds}")]
    Replicas {
        /// The name.
        name: String,
        /// The kinds that have replicas.
        kinds: String,
    },
    /// A program would have to be run.
    #[error(
        "{kind} '{name}' in '{path}' needs a program, which is never run here ({what}): run it beforehand and list what it writes under `resources`"
    )]
    Program {
        /// The kind of the configuration.
        kind: String,
        /// Its name.
        name: String,
        /// The kustomization.
        path: String,
        /// What kind of program.
        what: &'static str,
    },
    /// Charts are not to be rendered, or cannot be.
    #[error("chart '{chart}' of '{path}': {reason}")]
    Chart {
        /// The chart.
        chart: String,
        /// The kustomization.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A chart would get a name that no release may have, such as one that other programs take for an option.
    #[error("chart '{chart}' of '{path}': {name:?} is no name of a release")]
    ReleaseName {
        /// The chart.
        chart: String,
        /// The kustomization.
        path: String,
        /// The name.
        name: String,
    },
    /// A validator changes what it should look at.
    #[error("validator '{0}' shouldn't modify the resource map")]
    Validator(String),
    /// The field `sortOptions` is wrong.
    #[error(transparent)]
    Sort(#[from] SortError),
    /// A node is not what it must be.
    #[error(transparent)]
    WrongKind(#[from] WrongKind),
    /// The content of an object is no value.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// An object cannot be written.
    #[error("{object}")]
    Write {
        /// The object.
        object: String,
        /// Why not.
        source: ValueError,
    },
    /// An object is too large to be written.
    #[error("{object}: {reason}")]
    Emit {
        /// The object.
        object: String,
        /// Why not.
        reason: String,
    },
}

impl Error {
    /// The error and all its sources in one text.
    #[must_use]
    pub fn report(&self) -> String {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }

    /// The class of what is hostile or beyond a limit, as messages have it in brackets.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Step { source, .. } => source.class(),
            Self::Entry { file, source, .. } => match (file.class(), source.class()) {
                (Some(class @ ("path" | "link")), _) => Some(class),
                (_, class) => class,
            },
            Self::Load(error) => error.class(),
            Self::Generate(GenerateError::Pairs(
                PairError::Env { cause, .. } | PairError::File { cause, .. },
            )) => cause.class(),
            Self::Resource(ResourceError::Malformed(error)) => error.is_limit().then_some("limit"),
            Self::Decode(error)
            | Self::Schema(CustomSchemaError::Decode(error))
            | Self::Kustomization { source: KustomizationError::Decode(error), .. } => {
                error.is_limit().then_some("limit")
            }
            Self::Merge(MergeError::Limit(_))
            | Self::JsonPatch(JsonPatchError::Limit(_))
            | Self::Replacement(ReplacementError::Limit(_)) => Some("limit"),
            Self::Field(error) | Self::Replacement(ReplacementError::Target(error)) => {
                error.is_limit().then_some("limit")
            }
            Self::Program { .. } => Some("policy"),
            Self::ReleaseName { .. } => Some("name"),
            _ => None,
        }
    }

    /// Says what was being done.
    pub(crate) fn during(self, what: impl Into<String>) -> Self {
        Self::Step { what: what.into(), source: Box::new(self) }
    }

    /// Whether a file cannot be read as YAML, so that it is no folder either.
    pub(crate) fn is_malformed(&self) -> bool {
        match self {
            Self::Resource(error) => error.is_malformed(),
            Self::Step { source, .. } => source.is_malformed(),
            _ => false,
        }
    }
}
