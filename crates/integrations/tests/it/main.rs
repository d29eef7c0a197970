//! Delivery of the outbox, with real PostgreSQL and real peers on loopback.
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

mod breaker;
mod closed_connections;
mod delivery;
mod esignet;
mod esignet_faults;
mod esignet_mappings;
mod esignet_rules;
mod flow;
mod in_process;
mod keycloak;
mod keycloak_users;
mod killed;
mod leases;
mod mails;
mod outbound;
mod peers;
mod personal_data;
mod queues;
mod stage;
mod storm;
mod tracing;
mod trust_chains;
mod velocity;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
