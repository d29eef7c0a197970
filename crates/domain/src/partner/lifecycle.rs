//! Activation of partners (contract partner-admin.md §1.2).

use super::errors;
use crate::ErrorDef;

/// `approval_status` of a partner that awaits its certificate.
pub const IN_PROGRESS: &str = "InProgress";
/// `approval_status` of a partner with a certificate.
pub const APPROVED: &str = "approved";

/// `approval_status` of a partner that was turned down.
pub const REJECTED: &str = "rejected";

/// The word for both statuses of a partner in lists
/// (contract partner-admin.md §1.12); `None` for an unknown approval status.
pub fn status_label(approval_status: &str, is_active: bool) -> Option<&'static str> {
    match approval_status {
        APPROVED if is_active => Some("activated"),
        APPROVED => Some("deactivated"),
        IN_PROGRESS => Some(IN_PROGRESS),
        REJECTED => Some(REJECTED),
        _ => None,
    }
}

/// What decides whether a partner may be switched on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerState<'a> {
    /// `approval_status`, compared exactly.
    pub approval_status: &'a str,
    /// `is_active`.
    pub is_active: bool,
    /// Whether a certificate was uploaded.
    pub has_certificate: bool,
}

/// What a status request does to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusChange {
    /// Switched on.
    Activate,
    /// Was on already.
    StayActive,
    /// Switched off.
    Deactivate,
    /// Was off already, and never approved.
    StayInactive,
}

impl StatusChange {
    /// Whether the partner is active afterwards.
    pub const fn active(self) -> bool {
        matches!(self, Self::Activate | Self::StayActive)
    }

    /// Whether relying modules must get an event about it.
    pub const fn is_news(self) -> bool {
        matches!(self, Self::Activate | Self::Deactivate)
    }

    /// The wire's text.
    pub const fn message(self) -> &'static str {
        if self.active() {
            "Partner activated successfully"
        } else {
            "Partner de-activated successfully"
        }
    }
}

impl PartnerState<'_> {
    /// Decides a request for `status`, compared ignoring case.
    ///
    /// # Errors
    /// In the contract's order: deactivated for good, no certificate to be
    /// active with, unknown status.
    pub fn change(self, status: &str) -> Result<StatusChange, ErrorDef> {
        if self.approval_status == APPROVED && !self.is_active {
            return Err(errors::ALREADY_DEACTIVATED);
        }
        if status.eq_ignore_ascii_case("Active") {
            return match (self.has_certificate, self.is_active) {
                (false, _) => Err(errors::NO_CERTIFICATE_TO_ACTIVATE),
                (true, true) => Ok(StatusChange::StayActive),
                (true, false) => Ok(StatusChange::Activate),
            };
        }
        if !status.eq_ignore_ascii_case("De-active") {
            return Err(errors::STATUS_NOT_ACTIVE_OR_DEACTIVE);
        }
        Ok(if self.is_active {
            StatusChange::Deactivate
        } else {
            StatusChange::StayInactive
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRESH: PartnerState<'_> = PartnerState {
        approval_status: IN_PROGRESS,
        is_active: false,
        has_certificate: false,
    };
    const ACTIVE: PartnerState<'_> = PartnerState {
        approval_status: APPROVED,
        is_active: true,
        has_certificate: true,
    };
    const DEACTIVATED: PartnerState<'_> = PartnerState {
        is_active: false,
        ..ACTIVE
    };

    #[test]
    fn deactivation_of_an_approved_partner_is_final() {
        for status in ["Active", "De-active", "nonsense"] {
            assert_eq!(DEACTIVATED.change(status), Err(errors::ALREADY_DEACTIVATED));
        }
    }

    #[test]
    fn a_partner_without_a_certificate_is_not_activated() {
        assert_eq!(
            FRESH.change("ACTIVE"),
            Err(errors::NO_CERTIFICATE_TO_ACTIVATE)
        );
        let seeded = PartnerState {
            has_certificate: false,
            ..ACTIVE
        };
        assert_eq!(
            seeded.change("active"),
            Err(errors::NO_CERTIFICATE_TO_ACTIVATE)
        );
    }

    #[test]
    fn a_status_that_holds_already_is_no_news() {
        assert_eq!(ACTIVE.change("Active"), Ok(StatusChange::StayActive));
        assert_eq!(FRESH.change("De-Active"), Ok(StatusChange::StayInactive));
        assert!(!StatusChange::StayActive.is_news() && !StatusChange::StayInactive.is_news());
    }

    #[test]
    fn partners_are_switched_on_and_off() {
        let waiting = PartnerState {
            has_certificate: true,
            ..FRESH
        };
        assert_eq!(waiting.change("aCtIvE"), Ok(StatusChange::Activate));
        assert_eq!(ACTIVE.change("de-active"), Ok(StatusChange::Deactivate));
    }

    proptest! {
        #[test]
        fn a_change_always_leads_to_the_requested_state(
            approved: bool, is_active: bool, has_certificate: bool, status in "\\PC{0,12}",
        ) {
            let approval_status = if approved { APPROVED } else { IN_PROGRESS };
            let state = PartnerState { approval_status, is_active, has_certificate };

            if let Ok(change) = state.change(&status) {
                prop_assert_eq!(change.active(), status.eq_ignore_ascii_case("active"));
                prop_assert_eq!(change.is_news(), change.active() != is_active);
            }
        }
    }
}
