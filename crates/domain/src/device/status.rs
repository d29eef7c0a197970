//! Statuses of devices, SBIs and FTM chips (contract devices.md §4).

/// `approval_status` of what was approved.
pub const APPROVED: &str = "approved";
/// `approval_status` of what was turned down.
pub const REJECTED: &str = "rejected";
/// `approval_status` of what waits for a decision.
pub const PENDING_APPROVAL: &str = "pending_approval";
/// `approval_status` of a chip that waits for its certificate.
pub const PENDING_CERT_UPLOAD: &str = "pending_cert_upload";
/// How lists call what was approved and is no longer active.
pub const DEACTIVATED: &str = "deactivated";

/// Whether this approval status says that a request was turned down, in any case
/// of letters.
pub const fn is_rejected(approval_status: &str) -> bool {
    approval_status.eq_ignore_ascii_case(REJECTED)
}

/// The word for both stored statuses in the newer lists; `None` for an unknown
/// approval status, such as that of the rows of old installations.
pub fn displayed(approval_status: &str, is_active: bool) -> Option<&'static str> {
    match approval_status {
        APPROVED if is_active => Some(APPROVED),
        APPROVED => Some(DEACTIVATED),
        REJECTED => Some(REJECTED),
        PENDING_APPROVAL => Some(PENDING_APPROVAL),
        PENDING_CERT_UPLOAD => Some(PENDING_CERT_UPLOAD),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_approval_depends_on_activity() {
        assert_eq!(displayed("approved", true), Some("approved"));
        assert_eq!(displayed("approved", false), Some("deactivated"));
        for status in ["rejected", "pending_approval", "pending_cert_upload"] {
            assert_eq!(displayed(status, true), Some(status));
            assert_eq!(displayed(status, false), Some(status));
        }
        assert_eq!(displayed("Activated", true), None);
        assert_eq!(displayed("Approved", true), None);
    }
}
