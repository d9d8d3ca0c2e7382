//! Getting charts.

mod folders;
mod indexes;
