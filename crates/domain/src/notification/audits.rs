//! Audit records of notices and their mails (contract clients-users-notifications.md §4.8).
//! Those of the newer kinds are ours; they continue the catalogue.
#![expect(missing_docs, reason = "the descriptions say when a record is made")]

use super::Kind;
use crate::audit::{AuditDef, Subject, audits};

audits! {
    Success ROOT_MADE = "PMS_NOTIF_001", "ROOT CERTIFICATE EXPIRY NOTIFICATION SUCCESS", "CA certificate expiry notification created for partner admin";
    Failure ROOT_NOT_MADE = "PMS_NOTIF_002", "ROOT CERTIFICATE EXPIRY NOTIFICATION FAILURE", "CA certificate expiry notification creation failed for partner admin";
    Success ROOT_SENT = "PMS_NOTIF_003", "ROOT CERTIFICATE EXPIRY NOTIFICATION EMAIL SUCCESS", "CA certificate expiry notification email sent for partner admin";
    Failure ROOT_NOT_SENT = "PMS_NOTIF_004", "ROOT CERTIFICATE EXPIRY NOTIFICATION EMAIL FAILURE", "CA certificate expiry notification email failed for partner admin";

    Success INTERMEDIATE_MADE = "PMS_NOTIF_005", "INTERMEDIATE CERTIFICATE EXPIRY NOTIFICATION SUCCESS", "Intermediate CA certificate expiry notification created for partner admin";
    Failure INTERMEDIATE_NOT_MADE = "PMS_NOTIF_006", "INTERMEDIATE CERTIFICATE EXPIRY NOTIFICATION FAILURE", "Intermediate CA certificate expiry notification creation failed for partner admin";
    Success INTERMEDIATE_SENT = "PMS_NOTIF_007", "INTERMEDIATE CERTIFICATE EXPIRY NOTIFICATION EMAIL SUCCESS", "Intermediate CA certificate expiry notification email sent for partner admin";
    Failure INTERMEDIATE_NOT_SENT = "PMS_NOTIF_008", "INTERMEDIATE CERTIFICATE EXPIRY NOTIFICATION EMAIL FAILURE", "Intermediate CA certificate expiry notification email failed for partner admin";

    Success PARTNER_MADE = "PMS_NOTIF_009", "PARTNER CERTIFICATE EXPIRY NOTIFICATION SUCCESS", "Partner certificate expiry notification created for partner";
    Failure PARTNER_NOT_MADE = "PMS_NOTIF_010", "PARTNER CERTIFICATE EXPIRY NOTIFICATION FAILURE", "Partner certificate expiry notification creation failed for partner";
    Success PARTNER_SENT = "PMS_NOTIF_011", "PARTNER CERTIFICATE EXPIRY NOTIFICATION EMAIL SUCCESS", "Partner certificate expiry notification email sent to partner";
    Failure PARTNER_NOT_SENT = "PMS_NOTIF_012", "PARTNER CERTIFICATE EXPIRY NOTIFICATION EMAIL FAILURE", "Partner certificate expiry notification email failed for partner";

    Success WEEKLY_MADE = "PMS_NOTIF_013", "WEEKLY SUMMARY NOTIFICATION SUCCESS", "Weekly summary notification created for partner admin";
    Failure WEEKLY_NOT_MADE = "PMS_NOTIF_014", "WEEKLY SUMMARY NOTIFICATION FAILURE", "Weekly summary notification creation failed for partner admin";
    Success WEEKLY_SENT = "PMS_NOTIF_015", "WEEKLY SUMMARY NOTIFICATION EMAIL SUCCESS", "Weekly summary notification email sent to partner admin";
    Failure WEEKLY_NOT_SENT = "PMS_NOTIF_016", "WEEKLY SUMMARY NOTIFICATION EMAIL FAILURE", "Weekly summary notification email failed for partner admin";

    Success CHIP_MADE = "PMS_NOTIF_017", "FTM CHIP CERTIFICATE EXPIRY NOTIFICATION SUCCESS", "FTM chip certificate expiry notification created for partner";
    Failure CHIP_NOT_MADE = "PMS_NOTIF_018", "FTM CHIP CERTIFICATE EXPIRY NOTIFICATION FAILURE", "FTM chip certificate expiry notification creation failed for partner";
    Success CHIP_SENT = "PMS_NOTIF_019", "FTM CHIP CERTIFICATE EXPIRY NOTIFICATION EMAIL SUCCESS", "FTM chip certificate expiry notification email sent to partner";
    Failure CHIP_NOT_SENT = "PMS_NOTIF_020", "FTM CHIP CERTIFICATE EXPIRY NOTIFICATION EMAIL FAILURE", "FTM chip certificate expiry notification email failed for partner";

    Success SBI_MADE = "PMS_NOTIF_021", "SBI EXPIRY NOTIFICATION SUCCESS", "SBI expiry notification created for partner";
    Failure SBI_NOT_MADE = "PMS_NOTIF_022", "SBI EXPIRY NOTIFICATION FAILURE", "SBI expiry notification creation failed for partner";
    Success SBI_SENT = "PMS_NOTIF_023", "SBI EXPIRY NOTIFICATION EMAIL SUCCESS", "SBI expiry notification email sent to partner";
    Failure SBI_NOT_SENT = "PMS_NOTIF_024", "SBI EXPIRY NOTIFICATION EMAIL FAILURE", "SBI expiry notification email failed for partner";

    Success KEY_MADE = "PMS_NOTIF_025", "API KEY EXPIRY NOTIFICATION SUCCESS", "API key expiry notification created for partner";
    Failure KEY_NOT_MADE = "PMS_NOTIF_026", "API KEY EXPIRY NOTIFICATION FAILURE", "API key expiry notification creation failed for partner";
    Success KEY_SENT = "PMS_NOTIF_027", "API KEY EXPIRY NOTIFICATION EMAIL SUCCESS", "API key expiry notification email sent to partner";
    Failure KEY_NOT_SENT = "PMS_NOTIF_028", "API KEY EXPIRY NOTIFICATION EMAIL FAILURE", "API key expiry notification email failed for partner";

    Success LICENCE_MADE = "PMS_NOTIF_029", "MISP LICENSE KEY EXPIRY NOTIFICATION SUCCESS", "MISP license key expiry notification created for partner admin";
    Failure LICENCE_NOT_MADE = "PMS_NOTIF_030", "MISP LICENSE KEY EXPIRY NOTIFICATION FAILURE", "MISP license key expiry notification creation failed for partner admin";
    Success LICENCE_SENT = "PMS_NOTIF_031", "MISP LICENSE KEY EXPIRY NOTIFICATION EMAIL SUCCESS", "MISP license key expiry notification email sent to partner admin";
    Failure LICENCE_NOT_SENT = "PMS_NOTIF_032", "MISP LICENSE KEY EXPIRY NOTIFICATION EMAIL FAILURE", "MISP license key expiry notification email failed for partner admin";
}

/// Stands for the id of a notification that was not made or not sent.
pub const FAILED: &str = "failure";

/// A notification, by id.
pub const fn about_notification(id: &str) -> Subject<'_> {
    Some((id, "notificationId"))
}

/// The records about a notice of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeAudits {
    /// It was made.
    pub made: AuditDef,
    /// It was not made.
    pub not_made: AuditDef,
    /// Its mail was sent.
    pub sent: AuditDef,
    /// Its mail was not sent.
    pub not_sent: AuditDef,
}

/// The records about notices of a kind.
pub const fn of_kind(kind: Kind) -> NoticeAudits {
    let (made, not_made, sent, not_sent) = match kind {
        Kind::RootCertificate => (ROOT_MADE, ROOT_NOT_MADE, ROOT_SENT, ROOT_NOT_SENT),
        Kind::IntermediateCertificate => (
            INTERMEDIATE_MADE,
            INTERMEDIATE_NOT_MADE,
            INTERMEDIATE_SENT,
            INTERMEDIATE_NOT_SENT,
        ),
        Kind::PartnerCertificate => (
            PARTNER_MADE,
            PARTNER_NOT_MADE,
            PARTNER_SENT,
            PARTNER_NOT_SENT,
        ),
        Kind::WeeklySummary => (WEEKLY_MADE, WEEKLY_NOT_MADE, WEEKLY_SENT, WEEKLY_NOT_SENT),
        Kind::FtmChipCertificate => (CHIP_MADE, CHIP_NOT_MADE, CHIP_SENT, CHIP_NOT_SENT),
        Kind::Interface => (SBI_MADE, SBI_NOT_MADE, SBI_SENT, SBI_NOT_SENT),
        Kind::ApiKey => (KEY_MADE, KEY_NOT_MADE, KEY_SENT, KEY_NOT_SENT),
        Kind::MispLicence => (
            LICENCE_MADE,
            LICENCE_NOT_MADE,
            LICENCE_SENT,
            LICENCE_NOT_SENT,
        ),
    };
    NoticeAudits {
        made,
        not_made,
        sent,
        not_sent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_the_catalogue_follow_the_kinds() {
        let mut numbers = Vec::new();
        for kind in Kind::ALL {
            let audits = of_kind(kind);
            for def in [audits.made, audits.not_made, audits.sent, audits.not_sent] {
                numbers.push(def.event_id);
            }
        }
        // In the catalogue the certificates of partners come before the summary.
        let expected: Vec<String> = (1..=32).map(|n| format!("PMS_NOTIF_{n:03}")).collect();
        assert_eq!(numbers, expected);
    }
}
