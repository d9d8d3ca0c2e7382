//! Charts that a chart needs: `helm dependency build` and `update`.
//!
//! [`Requests`] is what a chart says, [`Gathered`] what was got for it; nothing is written before all of it is there.

mod gather;
mod hash;
mod local;
mod lock_file;
mod place;
mod request;
mod resolve;

pub use gather::{DependencyArchive, Gathered, LockFile};
pub use place::Placed;
pub use request::{Need, Requests};
