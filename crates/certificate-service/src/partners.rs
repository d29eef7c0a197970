//! The partner manager's certificate routes: one file per operation.

pub(crate) mod certificate_details;
mod checks;
mod finalize;
pub(crate) mod upload_ca_certificate;
pub(crate) mod upload_partner_certificate;
pub(crate) mod upload_slot;
