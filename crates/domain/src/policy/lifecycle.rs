//! draft → activated → deactivated; nothing leads back (contract policy.md §3.4).

use super::errors::{
    ALREADY_PUBLISHED, POLICY_ALREADY_DEACTIVATED, POLICY_NOT_ACTIVATED, PUBLISHED_NOT_UPDATED,
    PUBLISHED_STATUS_FIXED, UNPUBLISHED_NOT_ACTIVATED,
};
use crate::ErrorDef;

/// Where a policy is in its life. Derived from its row, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyState {
    /// Made, but never published.
    Draft,
    /// Published and in use.
    Activated,
    /// Published once, and taken out of use for good.
    Deactivated,
    /// Active though never published: only rows that other tools wrote are so.
    ActiveUnpublished,
}

impl PolicyState {
    /// The state of a policy with this schema and activity.
    pub const fn of(schema: Option<&str>, is_active: bool) -> Self {
        match (schema, is_active) {
            (None, false) => Self::Draft,
            (None, true) => Self::ActiveUnpublished,
            (Some(_), true) => Self::Activated,
            (Some(_), false) => Self::Deactivated,
        }
    }

    /// The state in the newer list; none for what should not exist.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Draft => Some("draft"),
            Self::Activated => Some("activated"),
            Self::Deactivated => Some("deactivated"),
            Self::ActiveUnpublished => None,
        }
    }

    /// The state in answers that know only two.
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::Activated | Self::ActiveUnpublished => "PUBLISHED",
            Self::Draft | Self::Deactivated => "DRAFTED",
        }
    }

    /// A policy is published once.
    ///
    /// # Errors
    /// `PMS_POL_020`, also for a policy that is deactivated by now.
    pub const fn publish(self) -> Result<Self, ErrorDef> {
        match self {
            Self::Draft | Self::ActiveUnpublished => Ok(Self::Activated),
            Self::Activated | Self::Deactivated => Err(ALREADY_PUBLISHED),
        }
    }

    /// Only what was never published changes its content.
    ///
    /// # Errors
    /// `PMS_POL_055`
    pub const fn update(self) -> Result<Self, ErrorDef> {
        match self {
            Self::Draft | Self::ActiveUnpublished => Ok(self),
            Self::Activated | Self::Deactivated => Err(PUBLISHED_NOT_UPDATED),
        }
    }

    /// The older status change: drafts alone have a status to change, and they
    /// can't become active by it.
    ///
    /// # Errors
    /// `PMS_POL_058`, then `PMS_POL_054`
    pub const fn set_active(self, active: bool) -> Result<Self, ErrorDef> {
        match (self, active) {
            (Self::Activated | Self::Deactivated, _) => Err(PUBLISHED_STATUS_FIXED),
            (Self::Draft | Self::ActiveUnpublished, true) => Err(UNPUBLISHED_NOT_ACTIVATED),
            (Self::Draft | Self::ActiveUnpublished, false) => Ok(Self::Draft),
        }
    }

    /// Takes a policy out of use.
    ///
    /// # Errors
    /// `PMS_POL_072` for a draft, `PMS_POL_062` for what is out of use already.
    pub const fn deactivate(self) -> Result<Self, ErrorDef> {
        match self {
            Self::Draft => Err(POLICY_NOT_ACTIVATED),
            Self::Deactivated => Err(POLICY_ALREADY_DEACTIVATED),
            Self::Activated => Ok(Self::Deactivated),
            Self::ActiveUnpublished => Ok(Self::Draft),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PolicyState::{Activated, ActiveUnpublished, Deactivated, Draft};
    use super::*;

    #[test]
    fn the_row_decides_the_state() {
        assert_eq!(PolicyState::of(None, false), Draft);
        assert_eq!(PolicyState::of(None, true), ActiveUnpublished);
        assert_eq!(PolicyState::of(Some("schema"), true), Activated);
        assert_eq!(PolicyState::of(Some("schema"), false), Deactivated);
    }

    #[test]
    fn only_what_was_never_published_can_be_published() {
        assert_eq!(Draft.publish(), Ok(Activated));
        assert_eq!(ActiveUnpublished.publish(), Ok(Activated));
        assert_eq!(Activated.publish(), Err(ALREADY_PUBLISHED));
        assert_eq!(Deactivated.publish(), Err(ALREADY_PUBLISHED));
    }

    #[test]
    fn only_what_was_never_published_can_be_updated() {
        assert_eq!(Draft.update(), Ok(Draft));
        assert_eq!(ActiveUnpublished.update(), Ok(ActiveUnpublished));
        assert_eq!(Activated.update(), Err(PUBLISHED_NOT_UPDATED));
        assert_eq!(Deactivated.update(), Err(PUBLISHED_NOT_UPDATED));
    }

    #[test]
    fn the_older_status_change_only_confirms_drafts() {
        for state in [Activated, Deactivated] {
            for active in [true, false] {
                assert_eq!(state.set_active(active), Err(PUBLISHED_STATUS_FIXED));
            }
        }
        for state in [Draft, ActiveUnpublished] {
            assert_eq!(state.set_active(true), Err(UNPUBLISHED_NOT_ACTIVATED));
            assert_eq!(state.set_active(false), Ok(Draft));
        }
    }

    #[test]
    fn only_what_is_active_can_be_deactivated() {
        assert_eq!(Activated.deactivate(), Ok(Deactivated));
        assert_eq!(ActiveUnpublished.deactivate(), Ok(Draft));
        assert_eq!(Draft.deactivate(), Err(POLICY_NOT_ACTIVATED));
        assert_eq!(Deactivated.deactivate(), Err(POLICY_ALREADY_DEACTIVATED));
    }

    proptest::proptest! {
        #[test]
        fn no_sequence_of_calls_leaves_the_life_cycle(calls in proptest::collection::vec(0..5, 0..20)) {
            let age = |state| [Draft, Activated, Deactivated].iter().position(|s| *s == state);
            let mut state = Draft;
            for call in calls {
                let next = match call {
                    0 => state.update(),
                    1 => state.publish(),
                    2 => state.deactivate(),
                    3 => state.set_active(true),
                    _ => state.set_active(false),
                };
                let next = next.unwrap_or(state);
                assert!(age(next).is_some(), "{next:?}");
                assert!(age(next) >= age(state), "{state:?} became {next:?}");
                state = next;
            }
        }
    }

    #[test]
    fn the_short_name_tells_only_activity() {
        let names = [Draft, Activated, Deactivated, ActiveUnpublished].map(PolicyState::short_name);

        assert_eq!(names, ["DRAFTED", "PUBLISHED", "DRAFTED", "PUBLISHED"]);
    }
}
