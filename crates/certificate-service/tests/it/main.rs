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
    pub mod service;
}

mod access;
mod start;

mod keymanager {
    mod ca_certificates;
    mod data;
    mod imitation;
    mod keys;
    mod other_domain;
    mod upload_ca;
    mod upload_partner;
}

mod partners {
    mod upload_ca;
    mod upload_partner;
}
