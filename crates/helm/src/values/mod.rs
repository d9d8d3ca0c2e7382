//! Values: what users and charts say, made one.
//!
//! | step | in Helm |
//! |---|---|
//! | [`values`] | `pkg/chart/v2/loader`: YAML to values |
//! | [`UserValues`] | `pkg/cli/values`, `pkg/strvals`: `--values` and the `--set` family to one map |
//! | [`process_dependencies`] | `pkg/chart/v2/util/dependencies.go`: conditions, tags, aliases, imports |
//! | [`coalesce()`] | `pkg/chart/common/util/coalesce.go`: the values of a chart below those of the user |

mod coalesce;
mod copy;
mod dependencies;
mod documents;
mod error;
mod integer;
mod path;
mod print;
mod read;
mod schema;
mod strvals;
mod tables;
mod user;

pub use coalesce::{Coalesced, coalesce};
pub(crate) use dependencies::is_compatible;
pub use dependencies::{Processed, process_dependencies};
pub use error::{Error, Flag};
pub(crate) use print::printed;
pub use read::{ReadError, ReadErrorKind, merged, value, values};
pub use schema::{SchemaLimit, SchemaLimits, validate};
pub use user::{UserValues, ValuesFile};
