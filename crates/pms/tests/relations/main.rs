//! The relations to the other MOSIP modules, with real processes of ours: when
//! the other side works, is down, slow or wrong, and when we are killed.
//!
//! `docs/relations.md` says which test shows what.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "test code"
)]

mod api;
mod audit;
mod ca;
mod certificate_upload;
mod clients_killed;
mod consumers;
mod gate;
mod id_repository;
mod key_manager;
mod killed;
mod notifications;
mod outbox;
mod peers;
mod peers_down;
mod peers_slow;
mod peers_wrong;
#[path = "../whole/process.rs"]
mod process;
mod reference_database;
mod registration_processor;
mod system;
mod trust_chains;
mod two_processes;
mod wire;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/relations"
    ));
}
