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

use pms_domain::certificate::errors::{EXPIRING_NOT_FETCHED, NOT_REVOKED, REVOKED_NOT_FETCHED};
use pms_web::Access::Role;
use pms_web::{Dialect, Route, Rows, v2, v2_checked};

pub(crate) use lists::Lists;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.get("/certificates/expiring", Role("getcertificatesexpiring"), v2("mosip.pms.expiring.certificates.get", EXPIRING_NOT_FETCHED), expiring::handle).summary("List certificates that end soon, in pages"),
        rows.get("/certificates/revoked", Role("getcertificatesrevoked"), v2("mosip.pms.revoked.certificates.get", REVOKED_NOT_FETCHED), revoked::handle).summary("List revoked certificates in pages"),
        rows.post("/certificates/{certificateId}/revoke", Role("postcertificaterevoke"), v2_checked("mosip.pms.revoke.certificate.post", NOT_REVOKED), revoke::handle).summary("Revoke a certificate that was issued to a partner"),
        rows.open_get("/crl/{name}.crl", Dialect::Raw, download_list::handle).summary("A list of revoked certificates, for everybody"),
    ]
}
