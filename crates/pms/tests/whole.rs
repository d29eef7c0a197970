//! The real processes, as their users start them.
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

#[path = "whole/browser.rs"]
mod browser;
#[path = "whole/check.rs"]
mod check;
#[path = "whole/documents.rs"]
mod documents;
#[path = "whole/in_process.rs"]
mod in_process;
#[path = "whole/jobs.rs"]
mod jobs;
#[path = "whole/keys.rs"]
mod keys;
#[path = "whole/migrating.rs"]
mod migrating;
#[path = "whole/portal_boot.rs"]
mod portal_boot;
#[path = "whole/portal_login.rs"]
mod portal_login;
#[path = "whole/process.rs"]
mod process;
#[path = "whole/starting.rs"]
mod starting;
#[path = "whole/three_services.rs"]
mod three_services;
#[path = "whole/up.rs"]
mod up;
#[path = "whole/with_peers/mod.rs"]
mod with_peers;
