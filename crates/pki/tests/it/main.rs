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
mod constraints;
mod envelope;
mod facts;
mod foreign;
mod hostile_input;
mod issuing;
mod packing;
mod partner_upload;
mod paths;
mod reading;
mod support;
mod tools;
