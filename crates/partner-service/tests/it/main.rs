//! The partner service over HTTP, on a real database, with a key manager that
//! records what it is asked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    missing_docs,
    unreachable_pub,
    reason = "test code"
)]

mod access;
mod administration;
mod adopted_devices;
mod devices_stage;
mod edge;
mod forwarding;
mod ftm_stage;
mod guide;
mod onboarding;
mod roles;
mod searching;
mod support;

mod admin {
    mod details;
    mod list;
    mod list_keys;
    mod list_mappings;
}

mod device_registry {
    mod read;
}

mod devices {
    mod create;
    mod deactivate;
    mod decide;
    mod decide_for_sbi;
    mod list;
    mod search;
    mod update;
    mod values;
}

mod ftm_chips {
    mod certificates;
    mod create;
    mod deactivate;
    mod decide;
    mod list;
    mod list_own;
    mod search;
    mod update;
    mod upload_certificate;
}

mod interfaces {
    mod add_device;
    mod create;
    mod deactivate;
    mod decide;
    mod list;
    mod list_devices;
    mod map_device;
    mod search;
    mod update;
}

mod jobs {
    mod clean_up;
    mod deactivate_expired;
    mod missed;
    mod on_demand;
    mod once;
    mod stage;
}

mod notices {
    mod for_admins;
    mod mails;
    mod many;
    mod own_certificates;
    mod own_devices_and_keys;
    mod own_recipients;
    mod simulation;
    mod stage;
}

mod expiries {
    mod list;
}

mod notifications {
    mod dismiss;
    mod given;
    mod list;
    mod list_checks;
    mod newer_kinds;
}

mod users {
    mod consent;
    mod notifications_seen;
    mod register;
    mod system_config;
}

mod partners {
    mod add_contact;
    mod certificate_data;
    mod claims;
    mod endings;
    mod endings_of_clients;
    mod filter_values;
    mod get;
    mod get_certificate;
    mod list_all;
    mod list_own;
    mod personal_data;
    mod personal_data_closed;
    mod personal_data_pages;
    mod reachable;
    mod register;
    mod register_together;
    mod register_v2;
    mod renamed;
    mod search;
    mod search_types;
    mod set_policy_group;
    mod set_status;
    mod update;
    mod verify_email;
}

mod mappings {
    mod decide;
    mod filter_values;
    mod list_all;
    mod list_of_partner;
    mod request;
    mod search;
    mod second_request;
}

mod api_keys {
    mod generate;
    mod get;
    mod search;
    mod set_policy;
    mod set_status;
}

mod oidc_clients {
    mod create;
    mod create_fields;
    mod create_refused;
    mod diagnose;
    mod ends;
    mod get;
    mod held;
    mod keys;
    mod list;
    mod order;
    mod queue;
    mod spellings;
    mod stage;
    mod strangers;
    mod unfinished;
    mod update;
}

mod bio_extractors {
    mod add_and_list;
}

mod credential_types {
    mod map_and_get;
}

mod sign_in {
    mod cors;
    mod login;
    mod logout;
    mod private_key_jwt;
    mod provider;
    mod redirects;
    mod returning;
    mod support;
    mod validate_token;
}

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
