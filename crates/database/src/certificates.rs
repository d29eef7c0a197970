//! Rows and queries of the certificate stores of the embedded key manager.
//!
//! Rows are never changed or deleted: the contract has neither (key manager
//! contract §5).

mod ca;
mod partner;
mod search;
mod trust;

pub use ca::{
    CaCertificate, NewCaCertificate, ca_exists, find_ca, insert_ca, list_ca, lock_domain,
};
pub use partner::{
    NewPartnerCertificate, PartnerCertificate, find_partner_certificate, insert_partner_certificate,
};
pub use search::{CaFilter, CaOrder, search_ca};
pub use trust::{TrustVersion, ca_id, list_trusted, trust_version};
