//! Expiry and revocation of issued certificates, and the lists of the revoked
//! ones: one file per operation. The reference has none of this.

pub(crate) mod download_list;
pub(crate) mod expiring;
pub(crate) mod issued;
pub(crate) mod issuing_keys;
mod lists;
mod names;
mod published;
mod record;
pub(crate) mod revoke;
pub(crate) mod revoked;

pub(crate) use lists::Lists;
