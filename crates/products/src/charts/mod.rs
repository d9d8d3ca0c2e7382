//! Charts of a shipment: got, rendered, and led back from what was rendered to their templates.

mod error;
mod gather;
mod got;
mod limits;
mod local;
mod render;
mod stack;

pub use error::ChartError;
pub use got::{CarriedChart, ChartBytes, GotChart};
pub use limits::{ChartLimits, SETTABLE};
pub use local::{folder_digest, local};
pub use render::{RenderedChart, RenderedDocument, Request, profile, render_documents};
pub use stack::{on_large_stack, on_stack_for};
