//! Which partners may still act: the guard that every write of a partner's rows
//! goes through.

use super::errors::PARTNER_INACTIVE;
use super::lifecycle::IN_PROGRESS;
use crate::ErrorDef;

/// What a partner's approval and activity make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Registered, and neither approved nor active yet.
    Waiting,
    /// In use.
    Active,
    /// Switched off, or turned down, whatever the word of older databases for it: it
    /// may be read, and what it has may be ended, but nothing is given to it or
    /// changed for it.
    Deactivated,
}

impl Standing {
    /// Of a partner with this `approval_status`, in any case, and `is_active`.
    pub fn of(approval_status: &str, is_active: bool) -> Self {
        if is_active {
            Self::Active
        } else if approval_status.eq_ignore_ascii_case(IN_PROGRESS) {
            Self::Waiting
        } else {
            Self::Deactivated
        }
    }

    /// Lets pass what partners may do from their registration to their end:
    /// profile, contacts, policy group, extractors.
    ///
    /// # Errors
    /// `PMS_PMP_016` for a deactivated partner, no matter who asks.
    pub fn may_change(self) -> Result<(), ErrorDef> {
        match self {
            Self::Waiting | Self::Active => Ok(()),
            Self::Deactivated => Err(PARTNER_INACTIVE),
        }
    }

    /// Lets pass what only partners in use may have: policies, credential types,
    /// API keys, licences.
    ///
    /// # Errors
    /// `PMS_PMP_016` for all others, no matter who asks.
    pub fn must_be_active(self) -> Result<(), ErrorDef> {
        match self {
            Self::Active => Ok(()),
            Self::Waiting | Self::Deactivated => Err(PARTNER_INACTIVE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_that_neither_waits_nor_is_active_was_deactivated() {
        assert_eq!(Standing::of("approved", true), Standing::Active);
        assert_eq!(Standing::of("InProgress", true), Standing::Active);
        assert_eq!(Standing::of("inprogress", false), Standing::Waiting);
        for status in ["approved", "Approved", "rejected", "Activated", ""] {
            assert_eq!(
                Standing::of(status, false),
                Standing::Deactivated,
                "{status}"
            );
        }
    }

    #[test]
    fn a_deactivated_partner_is_given_nothing() {
        assert_eq!(Standing::Waiting.may_change(), Ok(()));
        assert_eq!(Standing::Waiting.must_be_active(), Err(PARTNER_INACTIVE));
        assert_eq!(Standing::Active.may_change(), Ok(()));
        assert_eq!(Standing::Active.must_be_active(), Ok(()));
        assert_eq!(Standing::Deactivated.may_change(), Err(PARTNER_INACTIVE));
        assert_eq!(
            Standing::Deactivated.must_be_active(),
            Err(PARTNER_INACTIVE)
        );
    }
}
