//! The partner service over HTTP, on a real database, with a key manager that
//! records what it is asked.
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

mod edge;
mod forwarding;
mod onboarding;
mod roles;
mod support;

mod partners {
    mod add_contact;
    mod get;
    mod get_certificate;
    mod register;
    mod register_together;
    mod register_v2;
    mod set_policy_group;
    mod set_status;
    mod update;
    mod verify_email;
}

mod mappings {
    mod decide;
    mod list_of_partner;
    mod request;
}

mod api_keys {
    mod generate;
}

mod bio_extractors {
    mod add_and_list;
}

mod credential_types {
    mod map_and_get;
}
