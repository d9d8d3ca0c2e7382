//! What is checked when it is known what the target lacks, and before the first byte.

use std::sync::Arc;

use super::CopyError;
use crate::BoxFuture;
use crate::plan::Plan;

/// Looks whether what is to be copied can be read and written.
pub trait Preflight: Send + Sync {
    /// Returns the images that cannot be copied, of those in `wanted`, which are numbers of [`Plan::images`]. The others are
    /// copied.
    fn check<'a>(&'a self, plan: &'a Plan, wanted: &'a [usize]) -> BoxFuture<'a, Vec<Refusal>>;
}

/// An image that is not even tried.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Its number in [`Plan::images`].
    pub image: usize,
    /// Why.
    pub error: Arc<CopyError>,
}

impl Preflight for () {
    fn check<'a>(&'a self, _plan: &'a Plan, _wanted: &'a [usize]) -> BoxFuture<'a, Vec<Refusal>> {
        Box::pin(std::future::ready(Vec::new()))
    }
}
