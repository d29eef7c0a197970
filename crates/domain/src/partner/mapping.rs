//! A partner asks for a policy, and a partner manager decides
//! (contract partner.md §4.10 and §4.20, contract partner-admin.md §1.8).

use chrono::NaiveDateTime;

use super::errors;
use crate::ErrorDef;

/// `status_code` of an undecided request.
pub const IN_PROGRESS: &str = "InProgress";
/// `status_code` of an approved request.
pub const APPROVED: &str = "approved";
/// `status_code` of a rejected request.
pub const REJECTED: &str = "rejected";

/// What decides whether a policy can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyState {
    /// `is_active` of the policy.
    pub is_active: bool,
    /// `valid_to_date` of the policy.
    pub valid_to: NaiveDateTime,
    /// `is_active` of its group; `None` without a group.
    pub group_active: Option<bool>,
}

/// Whether a partner may ask for a policy: `active_somewhere` says whether any
/// group has an active policy of that name, `in_group` is the one of the
/// partner's group.
///
/// # Errors
/// The first broken rule, in the contract's order.
pub fn may_request(
    active_somewhere: bool,
    in_group: Option<PolicyState>,
    now: NaiveDateTime,
) -> Result<(), ErrorDef> {
    if !active_somewhere {
        return Err(errors::POLICY_UNKNOWN);
    }
    let policy = in_group.ok_or(errors::POLICY_OF_OTHER_GROUP)?;
    if !policy.is_active {
        return Err(errors::POLICY_INACTIVE);
    }
    if policy.valid_to < now {
        return Err(errors::POLICY_EXPIRED);
    }
    if policy.group_active != Some(true) {
        return Err(errors::GROUP_INACTIVE);
    }
    Ok(())
}

/// Whether the statuses of a partner's earlier requests for the same policy
/// leave room for another one.
///
/// # Errors
/// A pending one, else an approved one.
pub fn may_request_again(statuses: &[&str]) -> Result<(), ErrorDef> {
    let any = |wanted: &str| {
        statuses
            .iter()
            .any(|status| status.eq_ignore_ascii_case(wanted))
    };
    if any(IN_PROGRESS) {
        return Err(errors::MAPPING_PENDING);
    }
    if any(APPROVED) {
        return Err(errors::MAPPING_APPROVED);
    }
    Ok(())
}

/// A decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The partner may use the policy.
    Approve,
    /// It may not.
    Reject,
}

impl Decision {
    /// The decision that a status text asks for, ignoring case.
    ///
    /// # Errors
    /// When it asks for neither.
    pub fn parse(status: &str) -> Result<Self, ErrorDef> {
        if status.eq_ignore_ascii_case(APPROVED) {
            Ok(Self::Approve)
        } else if status.eq_ignore_ascii_case(REJECTED) {
            Ok(Self::Reject)
        } else {
            Err(errors::STATUS_NOT_APPROVED_OR_REJECTED)
        }
    }

    /// The `status_code` that it leaves.
    pub const fn status_code(self) -> &'static str {
        match self {
            Self::Approve => APPROVED,
            Self::Reject => REJECTED,
        }
    }

    /// The wire's text.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Approve => "Policy mapping approved successfully",
            Self::Reject => "Policy mapping rejected successfully",
        }
    }
}

/// Whether a request in this status still awaits its decision.
///
/// # Errors
/// When it was decided before, whatever the case of its status.
pub fn is_undecided(status_code: &str) -> Result<(), ErrorDef> {
    if status_code.eq_ignore_ascii_case(APPROVED) {
        Err(errors::REQUEST_APPROVED)
    } else if status_code.eq_ignore_ascii_case(REJECTED) {
        Err(errors::REQUEST_REJECTED)
    } else {
        Ok(())
    }
}

/// Whether a request for this policy can be decided, either way.
///
/// # Errors
/// The first broken rule, in the contract's order.
pub fn can_be_decided(policy: Option<PolicyState>, now: NaiveDateTime) -> Result<(), ErrorDef> {
    let policy = policy.ok_or(errors::NOT_MAPPED)?;
    if !policy.is_active {
        return Err(errors::MAPPED_POLICY_INACTIVE);
    }
    match policy.group_active {
        None => return Err(errors::MAPPED_GROUP_UNKNOWN),
        Some(false) => return Err(errors::GROUP_INACTIVE),
        Some(true) => {}
    }
    if policy.valid_to < now {
        return Err(errors::MAPPED_POLICY_EXPIRED);
    }
    Ok(())
}

/// A label as it is stored: trimmed, with single blanks inside, so that two
/// labels that look alike are alike (contract partner.md §4.21).
pub fn normalised_label(label: &str) -> String {
    crate::text::normalised(label)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn at(year: i32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap()
            .and_hms_opt(0, 0, 0)
            .unwrap()
    }

    fn usable() -> PolicyState {
        PolicyState {
            is_active: true,
            valid_to: at(2030),
            group_active: Some(true),
        }
    }

    #[test]
    fn a_request_is_checked_in_the_contracts_order() {
        let worst = PolicyState {
            is_active: false,
            valid_to: at(2000),
            group_active: Some(false),
        };
        let request = |somewhere, policy| may_request(somewhere, policy, at(2026));

        assert_eq!(request(false, Some(usable())), Err(errors::POLICY_UNKNOWN));
        assert_eq!(request(true, None), Err(errors::POLICY_OF_OTHER_GROUP));
        assert_eq!(request(true, Some(worst)), Err(errors::POLICY_INACTIVE));
        let expired = PolicyState {
            is_active: true,
            ..worst
        };
        assert_eq!(request(true, Some(expired)), Err(errors::POLICY_EXPIRED));
        let closed = PolicyState {
            group_active: Some(false),
            ..usable()
        };
        assert_eq!(request(true, Some(closed)), Err(errors::GROUP_INACTIVE));
        assert_eq!(request(true, Some(usable())), Ok(()));
    }

    #[test]
    fn only_a_rejected_request_can_be_repeated() {
        assert_eq!(may_request_again(&[]), Ok(()));
        assert_eq!(may_request_again(&["rejected"]), Ok(()));
        assert_eq!(
            may_request_again(&["Approved", "INPROGRESS"]),
            Err(errors::MAPPING_PENDING)
        );
        assert_eq!(
            may_request_again(&["rejected", "Approved"]),
            Err(errors::MAPPING_APPROVED)
        );
    }

    #[test]
    fn a_request_is_decided_once() {
        assert_eq!(is_undecided("InProgress"), Ok(()));
        assert_eq!(is_undecided("Approved"), Err(errors::REQUEST_APPROVED));
        assert_eq!(is_undecided("REJECTED"), Err(errors::REQUEST_REJECTED));
    }

    #[test]
    fn a_decision_needs_a_usable_policy_in_the_contracts_order() {
        let decide = |policy| can_be_decided(policy, at(2026));
        let worst = PolicyState {
            is_active: false,
            valid_to: at(2000),
            group_active: None,
        };

        assert_eq!(decide(None), Err(errors::NOT_MAPPED));
        assert_eq!(decide(Some(worst)), Err(errors::MAPPED_POLICY_INACTIVE));
        let orphan = PolicyState {
            is_active: true,
            ..worst
        };
        assert_eq!(decide(Some(orphan)), Err(errors::MAPPED_GROUP_UNKNOWN));
        let closed = PolicyState {
            group_active: Some(false),
            ..orphan
        };
        assert_eq!(decide(Some(closed)), Err(errors::GROUP_INACTIVE));
        let expired = PolicyState {
            group_active: Some(true),
            ..orphan
        };
        assert_eq!(decide(Some(expired)), Err(errors::MAPPED_POLICY_EXPIRED));
        assert_eq!(decide(Some(usable())), Ok(()));
    }

    #[test]
    fn decisions_are_read_ignoring_case() {
        assert_eq!(Decision::parse("APPROVED"), Ok(Decision::Approve));
        assert_eq!(Decision::parse("Rejected"), Ok(Decision::Reject));
        assert_eq!(
            Decision::parse("maybe"),
            Err(errors::STATUS_NOT_APPROVED_OR_REJECTED)
        );
    }

    #[test]
    fn labels_lose_surplus_blanks() {
        assert_eq!(normalised_label("  my \t key  1 "), "my key 1");
    }
}
