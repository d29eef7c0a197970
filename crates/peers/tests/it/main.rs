//! The stand-ins, over real HTTP on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    unreachable_pub,
    reason = "test code"
)]

mod audit;
mod datashare;
mod faults;
mod keycloak_admin;
mod keycloak_tokens;
mod notifier;
mod running;
mod templates;
