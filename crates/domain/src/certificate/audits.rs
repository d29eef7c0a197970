//! Audit records of the certificate endpoints (contract integrations.md §3.4).
#![expect(missing_docs, reason = "each constant is a row of the catalogue")]

use crate::audit::{AuditDef, AuditModule};

const MODULE: AuditModule = AuditModule {
    name: "Partner Management Service",
    id: "PMS_PRT",
};

const fn def(
    event_id: &'static str,
    event_name: &'static str,
    description: &'static str,
) -> AuditDef {
    AuditDef {
        event_id,
        event_name,
        description,
        module: MODULE,
    }
}

pub const CA_UPLOAD: AuditDef = def("PMS_PRT_102", "POST UPLOADING CA CERT", "Uploading CA cert");
pub const CA_UPLOAD_SUCCESS: AuditDef = def(
    "PMS_PRT_202",
    "POST UPLOADING CA CERT",
    "Uploading CA cert success",
);
pub const CA_UPLOAD_FAILURE: AuditDef = def(
    "PMS_PRT_402",
    "POST UPLOADING CA CERT",
    "Uploading CA cert failed",
);

pub const PARTNER_UPLOAD: AuditDef = def(
    "PMS_PRT_103",
    "POST UPLOADING PARTNER CERT",
    "Uploading Partner cert",
);
pub const PARTNER_UPLOAD_SUCCESS: AuditDef = def(
    "PMS_PRT_203",
    "POST UPLOADING PARTNER CERT",
    "Uploading Partner cert success",
);
pub const PARTNER_UPLOAD_FAILURE: AuditDef = def(
    "PMS_PRT_403",
    "POST UPLOADING PARTNER CERT",
    "Uploading Partner cert failed",
);

// Revocation: numbers that the catalogue leaves free.
pub const REVOKE: AuditDef = def(
    "PMS_PRT_601",
    "POST REVOKE CERTIFICATE",
    "Revoking a certificate",
);
pub const REVOKE_SUCCESS: AuditDef = def(
    "PMS_PRT_602",
    "POST REVOKE CERTIFICATE",
    "Revoking a certificate success",
);
pub const REVOKE_FAILURE: AuditDef = def(
    "PMS_PRT_603",
    "POST REVOKE CERTIFICATE",
    "Revoking a certificate failed",
);
