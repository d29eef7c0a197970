//! The partner manager's certificate routes: one file per operation.

pub(crate) mod certificate_details;
mod checks;
mod settle;
pub(crate) mod turn;
pub(crate) mod upload_ca_certificate;
pub(crate) mod upload_partner_certificate;
