//! The policy service over HTTP, on a real database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    missing_docs,
    reason = "test code"
)]

mod answers;
mod config;
mod documents;
mod policies;
mod policy_groups;
mod schemas;
mod support;
