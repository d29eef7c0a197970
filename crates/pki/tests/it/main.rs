//! Tests through the public interface, against certificates made by other software.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    reason = "test code"
)]

mod authority_upload;
mod barred_issuers;
mod concerns;
mod constraints;
mod corpus;
mod crl;
mod envelope;
mod facts;
mod foreign;
mod forms;
mod hostile_input;
mod issuing;
mod jws;
mod keys;
mod limits;
mod matrix;
mod mutations;
mod odd_certificates;
mod packing;
mod partner_upload;
mod paths;
mod reading;
mod referees;
mod support;
mod tools;
