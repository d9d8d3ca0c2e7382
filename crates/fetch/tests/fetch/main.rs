//! Getting charts.

mod folders;
