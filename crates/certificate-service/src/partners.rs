//! The partner manager's certificate routes: one file per operation.

mod checks;
pub(crate) mod upload_ca_certificate;
pub(crate) mod upload_partner_certificate;
