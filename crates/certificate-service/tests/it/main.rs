//! The certificate service over HTTP, on a real database, with real
//! certificates, its own key manager behind its public routes.
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

mod support {
    pub mod ca;
    pub mod keys;
    pub mod revocation;
    pub mod service;
    pub mod uploads;
    pub mod wire;
}

mod access;
mod deactivated;
mod start;

mod at_rest {
    mod foreign;
    mod importing;
    mod leaks;
    mod listing;
    mod orphans;
    mod pasted;
    mod replacing;
    mod rotating;
    mod waiting;
}

mod certificates {
    mod distrust;
    mod expiring;
    mod revoke;
    mod revoked;
    mod trust;
}

mod crl {
    mod lists;
    mod names;
}

mod keymanager {
    mod ca_certificates;
    mod certificate_requests;
    mod data;
    mod ftm_authorities;
    mod generate;
    mod generate_elliptic;
    mod imitation;
    mod in_process;
    mod jwt_sign;
    mod jwt_verify;
    mod key_certificates;
    mod keys;
    mod many_authorities;
    mod other_domain;
    mod own_certificate;
    mod revoke_key;
    mod roles;
    mod rotation;
    mod session_keys;
    mod strict;
    mod upload_ca;
    mod upload_certificate;
    mod upload_partner;
}

mod misps {
    mod filter_values;
    mod get_key;
    mod issue;
    mod list;
    mod search;
    mod secrecy;
    mod set_status;
    mod support;
}

mod partners {
    mod certificate_details;
    mod domain;
    mod interrupted;
    mod overtaken;
    mod upload_ca;
    mod upload_partner;
    mod upload_slots;
}

mod trust_chain {
    mod download;
    mod list;
    mod remote;
}

#[test]
fn every_file_of_tests_is_compiled() {
    pms_testkit::modules::assert_all_compiled(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
