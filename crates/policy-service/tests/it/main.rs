//! The policy service over HTTP, on a real database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    reason = "test code"
)]

mod answers;
mod config;
mod documents;
mod policies;
mod policy_groups;
mod schemas;
mod support;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
