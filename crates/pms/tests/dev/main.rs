//! The development identity provider and the development hub, over real HTTP on loopback.
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

mod browser;
mod clients;
mod code_flow;
mod dev_users;
mod grants;
mod hub;
mod hub_faults;
mod hub_storm;
mod keys;
mod logins;
mod logout;
mod registrations;
mod site;
mod subscriber;
mod subscriptions;
