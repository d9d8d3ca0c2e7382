//! Where manifests come from: the lines of templates, and the values that they were made of.
//!
//! [`Engine::render_traced`](crate::engine::Engine::render_traced) gives each text its [`Trail`]:
//! for a part of the text the lines of the template, and the keys that were read. [`Leaf`] leads a
//! key back to the values of the user, [`ValuesFiles`] to the file and line where it is written. More
//! keys are read than matter; which of them do, rendering again with [`Leaf::set`] tells.

mod files;
mod leaf;
mod trail;

pub use files::{ValuesFiles, Written};
pub use leaf::Leaf;
pub use trail::Trail;
