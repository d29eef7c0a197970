//! Activation of API keys (contract partner-admin.md §1.9).

use super::errors;
use crate::ErrorDef;

/// A wanted status of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// Usable.
    Active,
    /// Not usable.
    Inactive,
}

impl KeyStatus {
    /// What `status`, compared ignoring case, makes of a key that is active or not.
    ///
    /// # Errors
    /// In the contract's order: switched off already, unknown status.
    pub fn of(status: &str, is_active: bool) -> Result<Self, ErrorDef> {
        if status.eq_ignore_ascii_case("De-active") {
            return if is_active {
                Ok(Self::Inactive)
            } else {
                Err(errors::KEY_INACTIVE)
            };
        }
        if status.eq_ignore_ascii_case("Active") {
            return Ok(Self::Active);
        }
        Err(errors::STATUS_NOT_ACTIVE_OR_DEACTIVE)
    }

    /// Whether the key is active afterwards.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }

    /// The wire's text.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Active => "Partner apikey activated successfully.",
            Self::Inactive => "Partner apikey de-activated successfully.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_switched_on_any_time_and_off_once() {
        assert_eq!(KeyStatus::of("ACTIVE", false), Ok(KeyStatus::Active));
        assert_eq!(KeyStatus::of("active", true), Ok(KeyStatus::Active));
        assert_eq!(KeyStatus::of("de-ACTIVE", true), Ok(KeyStatus::Inactive));
        assert_eq!(KeyStatus::of("De-Active", false), Err(errors::KEY_INACTIVE));
    }

    #[test]
    fn other_words_are_no_status() {
        for status in ["Deactive", "", "Active "] {
            assert_eq!(
                KeyStatus::of(status, false),
                Err(errors::STATUS_NOT_ACTIVE_OR_DEACTIVE)
            );
        }
    }
}
