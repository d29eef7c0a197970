//! Callers that may dismiss a notification (contract clients-users-notifications.md §3.4).

use super::{DISMISSED, Kind, errors};
use crate::ErrorDef;
use crate::partner::errors::{PARTNER_INACTIVE, USER_WITHOUT_PARTNERS};

/// A notification, as far as its dismissal depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// `notification_type`.
    pub kind: &'a str,
    /// `notification_status`.
    pub status: &'a str,
    /// Whom it was sent to, by partner id.
    pub partner_id: &'a str,
}

/// The caller that dismisses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader<'a> {
    /// Whether it is an administrator.
    pub is_admin: bool,
    /// Ids of the reader's own partners, and whether they are active.
    pub partners: &'a [(String, bool)],
}

impl Facts<'_> {
    /// Lets `reader` dismiss it.
    ///
    /// # Errors
    /// In the contract's order: for administrators only, reader without
    /// partners, inactive partner, another user's, dismissed already.
    pub fn dismiss(self, reader: Reader<'_>) -> Result<(), ErrorDef> {
        let for_admins = Kind::OF_ADMINS.iter().any(|kind| kind.code() == self.kind);
        if for_admins && !reader.is_admin {
            return Err(errors::DISMISSED_BY_ADMINS_ONLY);
        }
        if reader.partners.is_empty() {
            return Err(USER_WITHOUT_PARTNERS);
        }
        let own = reader.partners.iter().find(|(id, _)| id == self.partner_id);
        match own {
            None => Err(errors::OF_OTHERS),
            Some((_, false)) if !reader.is_admin => Err(PARTNER_INACTIVE),
            Some(_) if self.status == DISMISSED => Err(errors::ALREADY_DISMISSED),
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(kind: Kind, status: &str, is_admin: bool, own: &[(&str, bool)]) -> &'static str {
        let partners: Vec<_> = own.iter().map(|(id, on)| ((*id).to_owned(), *on)).collect();
        let facts = Facts {
            kind: kind.code(),
            status,
            partner_id: "p",
        };
        let reader = Reader {
            is_admin,
            partners: &partners,
        };
        facts.dismiss(reader).err().map_or("", |error| error.code)
    }

    #[test]
    fn refusals_come_in_the_contracts_order() {
        use Kind::{PartnerCertificate, WeeklySummary};

        let code = |kind, admin, own: &[(&str, bool)]| outcome(kind, DISMISSED, admin, own);
        assert_eq!(
            code(WeeklySummary, false, &[]),
            "PMS_NOTIFICATION_ERROR_018"
        );
        assert_eq!(code(WeeklySummary, true, &[]), "PMS_CERTIFICATE_ERROR_002");
        assert_eq!(
            code(PartnerCertificate, false, &[("x", true)]),
            "PMS_NOTIFICATION_ERROR_011"
        );
        assert_eq!(
            code(PartnerCertificate, false, &[("p", false)]),
            "PMS_PMP_016"
        );
        assert_eq!(
            code(PartnerCertificate, true, &[("p", false)]),
            "PMS_NOTIFICATION_ERROR_009"
        );
    }

    #[test]
    fn own_notifications_are_dismissed_once() {
        let own = [("x", false), ("p", true)];

        assert_eq!(outcome(Kind::PartnerCertificate, "ACTIVE", false, &own), "");
        assert_eq!(
            outcome(Kind::PartnerCertificate, DISMISSED, false, &own),
            "PMS_NOTIFICATION_ERROR_009"
        );
        assert_eq!(outcome(Kind::RootCertificate, "ACTIVE", true, &own), "");
    }
}
