//! Where manifests come from: the lines of templates, and the values that they were made of.
//!
//! [`Engine::render_traced`](crate::engine::Engine::render_traced) gives each text its [`Trail`].

mod trail;

pub use trail::Trail;
