//! draft → activated → deactivated; nothing leads back (policy contract §3.4).

use super::errors::ALREADY_PUBLISHED;
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
    fn the_short_name_tells_only_activity() {
        let names = [Draft, Activated, Deactivated, ActiveUnpublished].map(PolicyState::short_name);

        assert_eq!(names, ["DRAFTED", "PUBLISHED", "DRAFTED", "PUBLISHED"]);
    }
}
