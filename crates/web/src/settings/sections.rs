//! The sections of the configuration; `defaults.toml` documents each key.
#![expect(missing_docs, reason = "defaults.toml says what each key means")]

mod access;
mod jobs;
mod keys;
mod partners;
mod peers;
mod process;

pub use access::*;
pub use jobs::*;
pub use keys::*;
pub use partners::*;
pub use peers::*;
pub use process::*;
