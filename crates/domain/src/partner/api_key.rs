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
    /// What `status`, compared ignoring case, makes of the keys with one label, of
    /// which one at least is active or none. Keys that ended with their partner
    /// can be switched off again, which changes nothing.
    ///
    /// # Errors
    /// In the contract's order: switched off already, unknown status.
    pub fn of(status: &str, is_active: bool, ended_with_partner: bool) -> Result<Self, ErrorDef> {
        if status.eq_ignore_ascii_case("De-active") {
            return if is_active || ended_with_partner {
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

    /// Which of the keys with one label, the newest first, change: all that are
    /// active are switched off; only the newest is switched on.
    pub fn concerned<K>(self, keys: &[K], is_active: impl Fn(&K) -> bool) -> Vec<&K> {
        match self {
            Self::Active => keys.iter().take(1).collect(),
            Self::Inactive => keys.iter().filter(|key| is_active(key)).collect(),
        }
    }

    /// Whether the keys are active afterwards.
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
        let wanted = |status, is_active| KeyStatus::of(status, is_active, false);

        assert_eq!(wanted("ACTIVE", false), Ok(KeyStatus::Active));
        assert_eq!(wanted("active", true), Ok(KeyStatus::Active));
        assert_eq!(wanted("de-ACTIVE", true), Ok(KeyStatus::Inactive));
        assert_eq!(wanted("De-Active", false), Err(errors::KEY_INACTIVE));
    }

    #[test]
    fn keys_that_ended_with_their_partner_are_switched_off_again() {
        let wanted = |status| KeyStatus::of(status, false, true);

        assert_eq!(wanted("De-Active"), Ok(KeyStatus::Inactive));
        assert!(
            KeyStatus::Inactive
                .concerned(&[false], |active| *active)
                .is_empty()
        );
        assert_eq!(wanted("x"), Err(errors::STATUS_NOT_ACTIVE_OR_DEACTIVE));
    }

    #[test]
    fn keys_of_one_label_are_switched_off_together_and_the_newest_on() {
        let keys = [("new", false), ("old", true), ("oldest", true)];
        let names = |status: KeyStatus| -> Vec<&str> {
            let concerned = status.concerned(&keys, |key| key.1);
            concerned.into_iter().map(|key| key.0).collect()
        };

        assert_eq!(names(KeyStatus::Active), ["new"]);
        assert_eq!(names(KeyStatus::Inactive), ["old", "oldest"]);
    }

    #[test]
    fn other_words_are_no_status() {
        for status in ["Deactive", "", "Active "] {
            assert_eq!(
                KeyStatus::of(status, false, false),
                Err(errors::STATUS_NOT_ACTIVE_OR_DEACTIVE)
            );
        }
    }
}
