//! What an administrator decides about a device, an SBI or an FTM chip.

use super::errors::STATUS_NOT_APPROVED_OR_REJECTED;
use super::status::{APPROVED, REJECTED};
use crate::ErrorDef;

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may be used.
    Approve,
    /// It may not.
    Reject,
}

impl Decision {
    /// The decision that a `status` of the newer endpoints asks for, exactly.
    ///
    /// # Errors
    /// `PMS_DEVICE_ERROR_027` when it asks for neither.
    pub fn parse(status: &str) -> Result<Self, ErrorDef> {
        match status {
            APPROVED => Ok(Self::Approve),
            REJECTED => Ok(Self::Reject),
            _ => Err(STATUS_NOT_APPROVED_OR_REJECTED),
        }
    }

    /// The decision that an `approvalStatus` of the older endpoints asks for,
    /// exactly; `None` when it asks for neither.
    pub fn parse_older(status: &str) -> Option<Self> {
        match status {
            "Activate" => Some(Self::Approve),
            "De-activate" => Some(Self::Reject),
            _ => None,
        }
    }

    /// The decision that an `approvalStatus` of FTM chips asks for.
    pub const fn of_flag(approve: bool) -> Self {
        if approve { Self::Approve } else { Self::Reject }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_read_to_the_letter() {
        assert_eq!(Decision::parse("approved"), Ok(Decision::Approve));
        assert_eq!(Decision::parse("rejected"), Ok(Decision::Reject));
        assert_eq!(
            Decision::parse("Approved"),
            Err(STATUS_NOT_APPROVED_OR_REJECTED)
        );
        assert_eq!(Decision::parse_older("Activate"), Some(Decision::Approve));
        assert_eq!(Decision::parse_older("De-activate"), Some(Decision::Reject));
        assert_eq!(Decision::parse_older("De-Activate"), None);
        assert_eq!(Decision::of_flag(true), Decision::Approve);
        assert_eq!(Decision::of_flag(false), Decision::Reject);
    }
}
