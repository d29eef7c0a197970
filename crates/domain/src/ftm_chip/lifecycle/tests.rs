use proptest::prelude::*;

use super::*;
use State::{Approved, Deactivated, Old, Pending, Rejected, WithoutCertificate};

const OLD: State = Old { is_active: true };

const ALL: [State; 7] = [
    WithoutCertificate,
    Pending,
    Approved,
    Deactivated,
    Rejected,
    OLD,
    Old { is_active: false },
];

#[test]
fn columns_tell_the_state() {
    assert_eq!(State::of("pending_cert_upload", false), WithoutCertificate);
    assert_eq!(State::of("pending_approval", false), Pending);
    assert_eq!(State::of("approved", true), Approved);
    assert_eq!(State::of("approved", false), Deactivated);
    assert_eq!(State::of("rejected", true), Rejected);
    assert_eq!(State::of("Activated", true), OLD);
}

#[test]
fn a_certificate_is_taken_before_approval_and_in_use() {
    for state in ALL {
        let expected = match state {
            WithoutCertificate | Approved => Ok(Change::Submit),
            Deactivated => Err(errors::UPLOAD_WHEN_DEACTIVATED),
            _ => Err(errors::UPLOAD_IN_OTHER_STATE),
        };
        assert_eq!(upload(state), expected, "{state:?}");
    }
}

#[test]
fn only_a_chip_with_a_certificate_is_approved() {
    use Decision::{Approve, Reject};
    assert_eq!(decide(Approve, true), Ok(Change::Approve));
    assert_eq!(decide(Approve, false), Err(errors::CERTIFICATE_MISSING));
    assert_eq!(decide(Reject, true), Ok(Change::Reject));
    assert_eq!(decide(Reject, false), Ok(Change::Reject));
}

#[test]
fn only_a_chip_in_use_is_deactivated() {
    for state in ALL {
        let expected = match state {
            Approved => Ok(Change::Deactivate),
            Deactivated => Err(errors::ALREADY_DEACTIVATED),
            _ => Err(errors::NOT_APPROVED),
        };
        assert_eq!(deactivate(state), expected, "{state:?}");
    }
}

#[test]
fn a_provider_that_changes_a_chip_in_use_waits_for_approval_again() {
    for state in ALL {
        let in_use = state == Approved || state == OLD;
        let expected = in_use.then_some(Change::Submit);
        assert_eq!(edit(state, true, Editor::Provider), expected, "{state:?}");
        assert_eq!(edit(state, false, Editor::Provider), None);
        assert_eq!(edit(state, true, Editor::Admin), None);
    }
}

#[test]
fn certificates_of_chips_that_may_be_used_or_wait_are_downloaded() {
    assert_eq!(download(Rejected, false), Err(errors::DOWNLOAD_OF_REJECTED));
    assert_eq!(
        download(WithoutCertificate, true),
        Err(errors::NOTHING_UPLOADED)
    );
    assert_eq!(download(Deactivated, false), Err(errors::NOTHING_UPLOADED));
    assert_eq!(
        download(Deactivated, true),
        Err(errors::DOWNLOAD_OF_DEACTIVATED)
    );
    for state in [Approved, Pending, OLD] {
        assert_eq!(download(state, true), Ok(()), "{state:?}");
    }
}

/// A chip as its row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    status: &'static str,
    active: bool,
    certificate: Option<u32>,
    model: u32,
    /// Certificate and model that the last approval was about.
    approved: Option<(u32, u32)>,
}

/// What providers and administrators can ask for.
#[derive(Debug, Clone, Copy)]
enum Call {
    Upload(u32),
    Decide(Decision),
    Deactivate,
    Edit { model: u32, editor: Editor },
}

fn any_call() -> impl Strategy<Value = Call> {
    let editor = prop_oneof![Just(Editor::Admin), Just(Editor::Provider)];
    prop_oneof![
        (0..3_u32).prop_map(Call::Upload),
        any::<bool>().prop_map(|approve| Call::Decide(Decision::of_flag(approve))),
        Just(Call::Deactivate),
        (0..3_u32, editor).prop_map(|(model, editor)| Call::Edit { model, editor }),
    ]
}

impl Row {
    fn new() -> Self {
        Self {
            status: PENDING_CERT_UPLOAD,
            active: false,
            certificate: None,
            model: 0,
            approved: None,
        }
    }

    fn state(&self) -> State {
        State::of(self.status, self.active)
    }

    fn apply(&mut self, call: Call) {
        let state = self.state();
        let change = match call {
            Call::Upload(certificate) => upload(state).inspect(|_| {
                self.certificate = Some(certificate);
            }),
            Call::Decide(decision) => decide(decision, self.certificate.is_some()),
            Call::Deactivate => deactivate(state),
            Call::Edit { model, editor } => {
                let change = edit(state, self.model != model, editor);
                self.model = model;
                if editor == Editor::Admin && state == Approved {
                    self.approved = self.certificate.map(|one| (one, model));
                }
                match change {
                    Some(change) => Ok(change),
                    None => return,
                }
            }
        };
        let Ok(change) = change else { return };
        (self.status, self.active) = change.stored();
        if change == Change::Approve {
            self.approved = self.certificate.map(|one| (one, self.model));
        }
    }
}

proptest! {
    #[test]
    fn no_sequence_of_calls_leaves_the_declared_states(
        calls in proptest::collection::vec(any_call(), 0..40)
    ) {
        let mut row = Row::new();
        for call in calls {
            let before = row.clone();
            row.apply(call);

            let state = row.state();
            let is_old = matches!(state, Old { .. });
            prop_assert!(!is_old);
            prop_assert_eq!(row.active, state == Approved);
            // What is in use is what an administrator approved.
            if state == Approved {
                prop_assert_eq!(row.approved, row.certificate.map(|one| (one, row.model)));
                prop_assert!(row.certificate.is_some());
            }
            if state == WithoutCertificate {
                prop_assert_eq!(row.certificate, None);
            }
            // Nothing but an approval puts a chip to use.
            if state == Approved && before.state() != Approved {
                prop_assert!(matches!(call, Call::Decide(Decision::Approve)));
            }
        }
    }
}
