//! The HTTP edge as a client sees it: a small service with routes of every
//! dialect, on a real socket, with a real database and real tokens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::disallowed_methods,
    missing_docs,
    unreachable_pub,
    reason = "test code"
)]

#[path = "it/config_server.rs"]
mod config_server;
#[path = "it/envelopes.rs"]
mod envelopes;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/pages.rs"]
mod pages;
#[path = "it/routing.rs"]
mod routing;
#[path = "it/sample.rs"]
mod sample;
#[path = "it/stopping.rs"]
mod stopping;
#[path = "it/tokens.rs"]
mod tokens;
