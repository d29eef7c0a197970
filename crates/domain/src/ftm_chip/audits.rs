//! Audit records of FTM chips (contract devices.md §8). A failure records code and
//! text of its refusal instead of its description.
#![expect(missing_docs, reason = "the names say when a record is made")]

use crate::audit::{Subject, audits};

/// A chip, by id.
pub const fn about_chip(id: &str) -> Subject<'_> {
    Some((id, "ftpChipDetailId"))
}

/// A chip of a refused request, by id: the records of failures have another name for
/// the kind of id.
pub const fn about_refused_chip(id: &str) -> Subject<'_> {
    Some((id, "ftpChipId"))
}

audits! {
    @module DEVICE_MANAGEMENT;
    Attempt CREATE_CHIP = "AUT-001", "Create API called::FtpChipDetail", "Create API called::FtpChipDetail", else CHIP_REFUSED;
    Success CHIP_CREATED = "AUT-005", "Create FtpChipDetail - Success", "Create FtpChipDetail - Success", else CHIP_REFUSED;
    Attempt UPDATE_CHIP = "AUT-006", "Update API called::FtpChipDetail", "Update API called::FtpChipDetail", else CHIP_REFUSED;
    Attempt DECIDE_CHIP = "AUT-006", "Status update API called::FtpChipDetail", "Status update API called::FtpChipDetail", else CHIP_REFUSED;
    Success CHIP_UPDATED = "AUT-007", "Update FtpChipDetail - Success", "Update FtpChipDetail - Success", else CHIP_REFUSED;
    Attempt UPLOAD_CERTIFICATE = "AUT-006", "Certificate upload API called::FtpChipDetail", "Certificate upload API called::FtpChipDetail", else CHIP_REFUSED;
    Success CERTIFICATE_UPLOADED = "AUT-007", "Upload FtpChipDetail - Success", "Upload FtpChipDetail - Success", else CHIP_REFUSED;
    Attempt GET_CERTIFICATE = "AUT-006", "GET Certificate API called::FtpChipDetail", "GET Certificate API called::FtpChipDetail", else CHIP_REFUSED;
    Success CERTIFICATE_FETCHED = "AUT-007", "Download FtpChipDetail - Success", "Download FtpChipDetail - Success", else CHIP_REFUSED;
    /// Whatever was refused: the reference has one record for all of it.
    Failure CHIP_REFUSED = "AUT-003", "Create FtpChipDetail - Failure", "Create FtpChipDetail - Failure";
}
