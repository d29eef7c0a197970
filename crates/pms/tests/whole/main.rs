//! The real processes, as their users start them.
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

mod browser;
mod check;
mod documents;
mod in_process;
mod jobs;
mod keys;
mod migrating;
mod portal_boot;
mod portal_login;
mod process;
mod starting;
mod three_services;
mod up;
mod with_peers;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/whole"));
}
