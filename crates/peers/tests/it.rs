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

#[path = "it/audit.rs"]
mod audit;
#[path = "it/datashare.rs"]
mod datashare;
#[path = "it/faults.rs"]
mod faults;
#[path = "it/keycloak_admin.rs"]
mod keycloak_admin;
#[path = "it/keycloak_tokens.rs"]
mod keycloak_tokens;
#[path = "it/notifier.rs"]
mod notifier;
#[path = "it/running.rs"]
mod running;
#[path = "it/templates.rs"]
mod templates;
