//! The development identity provider and the development hub, over real HTTP on loopback.
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
mod clients;
mod code_flow;
mod dev_users;
mod grants;
mod hub;
mod hub_faults;
mod hub_storm;
mod keys;
mod logins;
mod logout;
mod registrations;
mod site;
mod subscriber;
mod subscriptions;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dev"));
}
