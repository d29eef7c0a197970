//! Rows and queries of the certificate stores of the embedded key manager.
//!
//! Rows are never deleted: the contract has no such thing
//! (contract keymanager.md §5). A revocation marks the certificates of authorities that it ends
//! trust in.

mod ca;
mod crl;
mod imported;
mod issued;
mod orphans;
mod partner;
mod revocation;
mod search;
mod trust;

pub use ca::{
    CaCertificate, NewCaCertificate, ca_exists, find_ca, insert_cas, list_ca, lock_domain,
};
pub use crl::{Crl, CrlHead, crl_head, find_crl, list_crl_keys, lock_crl, replace_crl};
pub use imported::{Deleted, add_ca, add_partner_certificate};
pub use issued::{
    IssuedFacts, Unfilled, fill, list_brought_by_partners, list_issued_among, list_unfilled,
};
pub use orphans::{Orphan, for_each_orphan};
pub use partner::{
    Issued, NewPartnerCertificate, PartnerCertificate, find_partner_certificate,
    insert_partner_certificate, list_issued,
};
pub use revocation::{
    BY_REVOCATION, RevokedCertificate, end_trust, find_revoked, holder, insert_revoked,
    is_compromised, is_distrusted, is_revoked, is_uploaded_elsewhere, list_barred,
    list_revoked_of_issuer, list_unrevoked_of_key, lock_key, lock_key_shared, lock_keys_shared,
    raise_reason, renew_trust, shares_key, trusting_domains,
};
pub use search::{CaFilter, CaOrder, search_ca};
pub use trust::{TrustVersion, ca_id, find_trusted, list_trusted, trust_version, trusted_since};
