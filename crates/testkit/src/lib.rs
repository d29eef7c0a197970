//! What the tests of several crates share.
//!
//! [`database`] gives each test a real PostgreSQL database of its own. Modules
//! for the services' tests come with the feature `web`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test code: what goes wrong here fails the test"
)]

#[cfg(feature = "web")]
pub mod app;
#[cfg(feature = "web")]
pub mod bodies;
pub mod database;
#[cfg(feature = "web")]
pub mod logs;
pub mod modules;
#[cfg(feature = "web")]
pub mod peers;
pub mod rows;
pub mod statements;
#[cfg(feature = "web")]
pub mod tokens;
pub mod waiting;

#[cfg(feature = "web")]
pub use app::{Reply, TestApp, TestAppBuilder, Who};
pub use database::TestDatabase;
