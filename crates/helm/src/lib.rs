//! Helm charts in, manifests out: what `helm template` prints, byte for byte.
//!
//! | module | what Helm calls it |
//! |---|---|
//! | [`chart`] | `pkg/chart`, `pkg/chart/loader`, `pkg/ignore`: files to a [`Chart`] |
//! | [`values`] | `pkg/strvals`, `pkg/cli/values`, `chart/common/util`: what users and charts say, made one |
//! | [`engine`] | `pkg/engine`: templates with values to texts |
//! | [`provenance`] | nothing: which lines of templates, and which values, gave a manifest |
//! | [`assembly`] | `pkg/release/util`, `pkg/cmd/template.go`: texts to manifests, hooks and their order |
//!
//! The crate is pure: files, the clock, randomness and keys are passed in.

pub mod assembly;
pub mod capabilities;
pub mod chart;
pub mod engine;
mod fixed_host;
mod pattern;
pub mod profile;
pub mod provenance;
pub mod release;
mod render;
mod utf8;
pub mod values;

pub use capabilities::Capabilities;
pub use chart::Chart;
pub use fixed_host::FixedHost;
pub use profile::Profile;
pub use release::Release;
pub use render::{Output, RenderError, Settings, render};
