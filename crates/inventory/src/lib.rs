//! The nouns of a shipment and their file formats.
//!
//! Everything here is a value: no file is opened, no clock is read. A file is read from its text with the name that
//! errors print, strictly: an unknown key, a wrong type, a duplicate key are errors with their place. Written are block
//! style YAML and sorted lists, so that the same value gives the same bytes.
//!
//! ```
//! use sealift_inventory::Shipment;
//!
//! let text = "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: ml}\nsources: []\nnamming: {}\n";
//! let error = Shipment::read("sealift.yaml", text).unwrap_err();
//! assert_eq!(error.to_string(), "sealift.yaml:5:1: unknown key `namming`; did you mean `naming`?");
//! ```

mod artifact;
mod class;
mod decision;
mod diff;
mod finding;
mod format;
mod graph;
mod inventory;
pub mod limits;
mod lock;
mod naming;
mod origin;
mod plain;
mod prefix;
mod remap;
#[cfg(feature = "schema")]
mod schema;
mod shipment;
mod step;
mod target;
mod visible;

pub use artifact::Artifact;
pub use class::{Class, Confidence};
pub use decision::{Decision, UnusedDecisions, apply_decisions};
pub use diff::{Change, LockDiff, Moved};
pub use finding::{Address, Finding, SetBy, Unresolved};
pub use format::{API_VERSION, ApiVersion, FormatError};
pub use graph::{Closure, Graph, GraphNode};
pub use inventory::{Entry, Inventory};
pub use lock::{
    CharmResource, Companion, Contradiction, IndexChoice, Input, Lock, LockKind, LockedArtifact,
    LockedCharm, LockedChart, LockedImage, LockedPackage, Totals,
};
pub use naming::{
    Charts, Layout, Names, Naming, NamingError, NamingRules, PathPrefix, PathPrefixError, Taken,
    UntaggedAs,
};
pub use origin::Origin;
pub use plain::Plain;
pub use prefix::Prefix;
pub use remap::{Mirror, Mirrors, Move, Remap};
#[cfg(feature = "schema")]
pub use schema::schemas;
pub use shipment::{
    CharmedKubeflowSource, Choice, DeploykfSource, Exclude, HelmProfile, HelmSource, ImagePattern,
    KkpSource, LIMITS, Left, Limits, Metadata, Nodes, Optional, PackageSource, Paths, PatternError,
    Shipment, ShipmentKind, Source, SourceKind, Starter, TrustRealm, Why, input_reference,
};
pub use step::Step;
pub use target::TargetName;
