//! Values: what users, charts and charts inside say, and what of it templates see.

mod cases;
mod record;
