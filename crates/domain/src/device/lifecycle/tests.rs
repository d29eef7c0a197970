//! The rules one by one; `model` plays sequences of calls.

mod model;

use super::*;

const TODAY: &str = "2026-11-24";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day(TODAY)
}

fn sbi(state: State) -> Sbi<'static> {
    Sbi {
        provider: Some("north"),
        state,
        expires: Some(day("2027-01-01")),
    }
}

const fn old(is_active: bool) -> State {
    State::Old { is_active }
}

#[test]
fn columns_tell_the_state_and_the_state_the_columns() {
    for (status, active, state) in [
        ("approved", true, State::Approved),
        ("approved", false, State::Deactivated),
        ("pending_approval", false, State::Pending),
        ("pending_approval", true, State::Pending),
        ("rejected", false, State::Rejected),
        ("Activated", true, old(true)),
        ("Approved", false, old(false)),
    ] {
        assert_eq!(State::of(status, active), state, "{status} {active}");
    }
    for (change, state) in [
        (Change::Approve, State::Approved),
        (Change::Reject, State::Rejected),
        (Change::Deactivate, State::Deactivated),
        (Change::Suspend, State::Pending),
    ] {
        let (status, active) = change.stored();
        assert_eq!(State::of(status, active), state);
    }
}

#[test]
fn a_device_is_decided_in_the_older_way() {
    let decide = |state, decision, its: &[State]| {
        let its: Vec<_> = its.iter().map(|state| sbi(*state)).collect();
        decide_device(state, decision, &its, today())
    };
    use Decision::{Approve, Reject};

    for state in [State::Pending, State::Deactivated, old(true), old(false)] {
        assert_eq!(decide(state, Approve, &[]), Ok(Some(Change::Approve)));
        assert_eq!(decide(state, Reject, &[]), Ok(Some(Change::Reject)));
    }
    assert_eq!(decide(State::Approved, Approve, &[]), Ok(None));
    assert_eq!(
        decide(State::Approved, Reject, &[]),
        Ok(Some(Change::Reject))
    );
    assert_eq!(decide(State::Rejected, Reject, &[]), Ok(None));
    assert_eq!(
        decide(State::Rejected, Approve, &[]),
        Err(errors::DEVICE_NOT_PENDING)
    );
    for (its, error) in [
        (State::Pending, errors::SBI_PENDING),
        (State::Rejected, errors::SBI_REJECTED),
        (State::Deactivated, errors::SBI_DEACTIVATED),
    ] {
        let its = [State::Approved, its];
        assert_eq!(decide(State::Pending, Approve, &its), Err(error));
        assert_eq!(
            decide(State::Pending, Reject, &its),
            Ok(Some(Change::Reject))
        );
    }
}

#[test]
fn what_was_decided_about_an_sbi_stays() {
    let decide = |state, decision| decide_sbi(sbi(state), decision, today());

    for state in [State::Pending, State::Deactivated, old(true)] {
        let approve = Some(Decision::Approve);
        assert_eq!(decide(state, approve), Ok(Change::Approve));
        assert_eq!(decide(state, Some(Decision::Reject)), Ok(Change::Reject));
        assert_eq!(decide(state, None), Err(errors::SBI_STATUS_NOT_KNOWN));
        let expired = Sbi {
            expires: Some(day("2026-11-23")),
            ..sbi(state)
        };
        let refused = decide_sbi(expired, approve, today());
        assert_eq!(refused, Err(errors::EXPIRES_TOO_EARLY));
        let last_day = Sbi {
            expires: Some(today()),
            ..sbi(state)
        };
        assert_eq!(decide_sbi(last_day, approve, today()), Ok(Change::Approve));
    }
    // Before the decision is read.
    assert_eq!(
        decide(State::Approved, None),
        Err(errors::SBI_ALREADY_APPROVED)
    );
    assert_eq!(
        decide(State::Rejected, None),
        Err(errors::SBI_ALREADY_REJECTED)
    );
}

#[test]
fn only_what_is_in_use_is_deactivated() {
    assert_eq!(deactivate_device(State::Approved), Ok(Change::Deactivate));
    assert_eq!(deactivate_sbi(State::Approved), Ok(Change::Deactivate));
    for state in [State::Pending, State::Rejected, old(true)] {
        assert_eq!(deactivate_device(state), Err(errors::DEVICE_NOT_APPROVED));
        assert_eq!(deactivate_sbi(state), Err(errors::SBI_NOT_APPROVED));
    }
    assert_eq!(
        deactivate_device(State::Deactivated),
        Err(errors::DEVICE_DEACTIVATED)
    );
    assert_eq!(
        deactivate_sbi(State::Deactivated),
        Err(errors::SBI_ALREADY_DEACTIVATED)
    );
}

#[test]
fn a_rejection_takes_devices_along_only_from_an_sbi_that_waits_again() {
    for state in [State::Deactivated, State::Rejected, old(true), old(false)] {
        assert!(!takes_devices_along(state, Change::Reject), "{state:?}");
    }
    assert!(takes_devices_along(State::Pending, Change::Reject));
    assert!(takes_devices_along(State::Approved, Change::Deactivate));
    assert!(!takes_devices_along(State::Pending, Change::Approve));
    assert!(!takes_devices_along(State::Approved, Change::Suspend));
}

#[test]
fn what_its_provider_changes_is_not_in_use_whatever_its_status() {
    for state in [State::Approved, old(true)] {
        for active in [true, false] {
            let change = edit_sbi(state, true, active, Editor::Provider);
            let (status, active) = change.unwrap().stored();
            assert!(!State::of(status, active).is_in_use(), "{state:?}");
        }
        assert_eq!(
            edit_device(state, true, Editor::Provider),
            Some(Change::Suspend)
        );
        for editor in [Editor::Provider, Editor::Admin] {
            assert_eq!(edit_sbi(state, false, true, editor), None);
            let ended = edit_sbi(state, false, false, editor);
            assert_eq!(ended, Some(Change::Deactivate));
        }
        assert_eq!(edit_sbi(state, true, true, Editor::Admin), None);
    }
    // Nothing else than an approval takes one into use.
    for state in [State::Pending, State::Rejected, old(false)] {
        for editor in [Editor::Provider, Editor::Admin] {
            assert_eq!(edit_sbi(state, true, true, editor), None);
            assert_eq!(edit_sbi(state, true, false, editor), None);
            assert_eq!(edit_device(state, true, editor), None);
        }
    }
}
