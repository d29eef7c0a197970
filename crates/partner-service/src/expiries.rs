//! Everything in force that ends: certificates, chips, SBIs, keys and licences.

pub(crate) mod gauges;
pub mod list;
