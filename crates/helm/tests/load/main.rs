//! Charts that load, and charts that do not.

mod cases;
mod charts;
mod record;
mod roles;
