//! Getting charts.

mod classic;
mod fixture;
mod folders;
mod indexes;
mod named;
