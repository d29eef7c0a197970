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

mod config_server;
mod connections;
mod envelopes;
mod hostile;
mod large_bodies;
mod logging;
mod pages;
mod routing;
mod sample;
mod stopping;
mod tokens;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
