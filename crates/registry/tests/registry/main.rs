//! The client against scripted servers, and against Debian's `docker-registry`.

#![expect(clippy::unwrap_used, reason = "what the tests share may fail like a test")]

mod authentication;
mod chunks;
mod credentials;
mod downloads;
mod errors;
mod fixture;
mod foreign;
mod interoperability;
mod manifests;
mod mirrors;
mod names;
mod own_mounts;
mod patience;
mod pressure;
mod pushing;
mod reading;
mod redirects;
mod secrets;
mod tls;
mod uploads;
