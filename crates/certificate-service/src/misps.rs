//! Licences of MISPs (contract partner-admin.md §2): one file per
//! operation.
//!
//! A change of licences holds the lock of its MISP, and tells relying
//! modules in the same transaction. These keep one licence per MISP: the last
//! event about a MISP is always about its live licence, if it has one.

pub(crate) mod filter_values;
pub(crate) mod get_key;
pub(crate) mod issue;
mod licence;
pub(crate) mod list;
mod new_licence;
mod row;
mod scope;
pub(crate) mod search;
pub(crate) mod set_status;
