//! Charts that load, and charts that do not.

mod cases;
mod charts;
mod ignore;
mod lock;
mod record;
mod roles;
