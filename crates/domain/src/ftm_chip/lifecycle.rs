//! What happens to an FTM chip (contract devices.md §4; drawn in
//! `docs/ftm-chips.md`).

use super::errors;
use crate::ErrorDef;
use crate::device::decision::Decision;
use crate::device::editor::Editor;
use crate::device::status::{APPROVED, PENDING_APPROVAL, PENDING_CERT_UPLOAD, REJECTED};

#[cfg(test)]
mod tests;

/// Where a chip stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for its first certificate.
    WithoutCertificate,
    /// Waits for an administrator.
    Pending,
    /// In use.
    Approved,
    /// Was in use.
    Deactivated,
    /// Turned down.
    Rejected,
    /// In a status that this release does not write; whether it is active.
    Old {
        /// `is_active` of the row.
        is_active: bool,
    },
}

impl State {
    /// Of a row with these columns.
    pub fn of(approval_status: &str, is_active: bool) -> Self {
        match approval_status {
            APPROVED if is_active => Self::Approved,
            APPROVED => Self::Deactivated,
            PENDING_APPROVAL => Self::Pending,
            PENDING_CERT_UPLOAD => Self::WithoutCertificate,
            REJECTED => Self::Rejected,
            _ => Self::Old { is_active },
        }
    }

    /// Whether the make and model are taken as long as it is so: another chip of
    /// the same may exist beside one that was rejected or deactivated.
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Rejected | Self::Deactivated)
    }
}

/// A change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It waits for approval: its certificate, or what it is, is another one.
    Submit,
    /// It may be used from now on.
    Approve,
    /// It is turned down.
    Reject,
    /// It is no longer used.
    Deactivate,
}

impl Change {
    /// `approval_status` and `is_active` after it.
    pub const fn stored(self) -> (&'static str, bool) {
        match self {
            Self::Submit => (PENDING_APPROVAL, false),
            Self::Approve => (APPROVED, true),
            Self::Reject => (REJECTED, false),
            Self::Deactivate => (APPROVED, false),
        }
    }
}

/// Lets a provider upload a certificate: the first one, or another one for a
/// chip in use, which ends its use until it is approved again.
///
/// # Errors
/// A chip in any other state.
pub const fn upload(state: State) -> Result<Change, ErrorDef> {
    match state {
        State::WithoutCertificate | State::Approved => Ok(Change::Submit),
        State::Deactivated => Err(errors::UPLOAD_WHEN_DEACTIVATED),
        State::Pending | State::Rejected | State::Old { .. } => Err(errors::UPLOAD_IN_OTHER_STATE),
    }
}

/// Decides about a chip, whatever its state: a rejected or deactivated one can be
/// approved again.
///
/// # Errors
/// Approval of a chip without a certificate.
pub const fn decide(decision: Decision, has_certificate: bool) -> Result<Change, ErrorDef> {
    match (decision, has_certificate) {
        (Decision::Reject, _) => Ok(Change::Reject),
        (Decision::Approve, true) => Ok(Change::Approve),
        (Decision::Approve, false) => Err(errors::CERTIFICATE_MISSING),
    }
}

/// Deactivates a chip.
///
/// # Errors
/// One that is not in use.
pub const fn deactivate(state: State) -> Result<Change, ErrorDef> {
    match state {
        State::Approved => Ok(Change::Deactivate),
        State::Deactivated => Err(errors::ALREADY_DEACTIVATED),
        _ => Err(errors::NOT_APPROVED),
    }
}

/// What an edit does to the state of a chip: `changed` says whether it makes the
/// chip another one than was approved.
pub const fn edit(state: State, changed: bool, editor: Editor) -> Option<Change> {
    match (state, changed, editor) {
        (State::Approved | State::Old { is_active: true }, true, Editor::Provider) => {
            Some(Change::Submit)
        }
        _ => None,
    }
}

/// Lets the certificate of a chip be downloaded.
///
/// # Errors
/// The first broken rule, in the contract's order.
pub const fn download(state: State, has_certificate: bool) -> Result<(), ErrorDef> {
    match (state, has_certificate) {
        (State::Rejected, _) => Err(errors::DOWNLOAD_OF_REJECTED),
        (State::WithoutCertificate, _) | (_, false) => Err(errors::NOTHING_UPLOADED),
        (State::Deactivated, true) => Err(errors::DOWNLOAD_OF_DEACTIVATED),
        _ => Ok(()),
    }
}
