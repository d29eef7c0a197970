//! Everything of this crate against a real PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    reason = "test code"
)]

mod adoption;
mod audits;
mod concurrent_indexes;
mod deadlines;
mod key_manager;
mod later_lines;
mod lookups;
mod migrating;
mod owners;
mod partners;
mod plans;
mod policies;
mod pool;
mod read_only;
mod requests_and_keys;
mod search_checks;
mod search_devices;
mod search_filters;
mod search_floods;
mod search_list_rules;
mod search_lists;
mod search_many;
mod search_order;
mod search_partner_side;
mod search_policies;
mod search_totals;
mod search_values;
mod seeds;
mod shape;
mod starting;
mod support;
mod upload_slots;
mod users;

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
