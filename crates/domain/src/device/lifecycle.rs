//! What happens to devices and SBIs, and to the devices of an SBI with it
//! (contract devices.md §4; drawn in `docs/devices.md`).

use chrono::NaiveDate;

use super::decision::Decision;
use super::editor::Editor;
use super::errors;
use super::pairing::Sbi;
use super::status::{APPROVED, PENDING_APPROVAL, REJECTED};
use crate::ErrorDef;

#[cfg(test)]
mod tests;

/// Where a device or an SBI stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for an administrator.
    Pending,
    /// In use.
    Approved,
    /// Was in use.
    Deactivated,
    /// Turned down.
    Rejected,
    /// In a status of old installations, such as `Activated`; whether it is active.
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
            REJECTED => Self::Rejected,
            _ => Self::Old { is_active },
        }
    }

    /// Whether clients may use it.
    pub const fn is_in_use(self) -> bool {
        matches!(self, Self::Approved | Self::Old { is_active: true })
    }
}

/// A change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It may be used from now on.
    Approve,
    /// It is turned down.
    Reject,
    /// It is no longer used.
    Deactivate,
    /// It waits for approval again: what was approved is something else now.
    Suspend,
}

impl Change {
    /// `approval_status` and `is_active` after it.
    pub const fn stored(self) -> (&'static str, bool) {
        match self {
            Self::Approve => (APPROVED, true),
            Self::Reject => (REJECTED, false),
            Self::Deactivate => (APPROVED, false),
            Self::Suspend => (PENDING_APPROVAL, false),
        }
    }

    /// What becomes of a device in this state when this happens to one of its
    /// SBIs: an SBI that can't be used takes its devices along.
    pub const fn cascade(self, device: State) -> Option<Self> {
        match (self, device) {
            (Self::Deactivate | Self::Reject, State::Approved) => Some(Self::Deactivate),
            (Self::Deactivate | Self::Reject, State::Pending) => Some(Self::Reject),
            _ => None,
        }
    }
}

/// Whether the devices of an SBI in this state go with it in this change. A
/// rejection alone takes none along (contract devices.md §4). It does where an
/// approved SBI waits for approval again since its provider changed it: its devices
/// would stay in use with software that was turned down.
pub const fn takes_devices_along(sbi: State, change: Change) -> bool {
    matches!(
        (sbi, change),
        (_, Change::Deactivate) | (State::Pending, Change::Reject)
    )
}

impl From<Decision> for Change {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approve => Self::Approve,
            Decision::Reject => Self::Reject,
        }
    }
}

/// Decides about a device in the older way: whatever its state, except that
/// nothing makes a rejected device good, nor one whose SBI can't be used. `None`
/// when it is so already.
///
/// # Errors
/// The first broken rule.
pub fn decide_device(
    device: State,
    decision: Decision,
    its_sbis: &[Sbi<'_>],
    today: NaiveDate,
) -> Result<Option<Change>, ErrorDef> {
    match (decision, device) {
        (Decision::Approve, State::Approved) | (Decision::Reject, State::Rejected) => Ok(None),
        (Decision::Approve, State::Rejected) => Err(errors::DEVICE_NOT_PENDING),
        (Decision::Approve, _) => {
            for sbi in its_sbis {
                sbi.must_be_usable(today)?;
            }
            Ok(Some(Change::Approve))
        }
        (Decision::Reject, _) => Ok(Some(Change::Reject)),
    }
}

/// Deactivates a device.
///
/// # Errors
/// One that is not in use, in the contract's order.
pub const fn deactivate_device(device: State) -> Result<Change, ErrorDef> {
    match device {
        State::Approved => Ok(Change::Deactivate),
        State::Deactivated => Err(errors::DEVICE_DEACTIVATED),
        State::Pending | State::Rejected | State::Old { .. } => Err(errors::DEVICE_NOT_APPROVED),
    }
}

/// What an edit does to the state of a device: `changed` says whether it makes
/// the device another one than was approved.
pub const fn edit_device(device: State, changed: bool, editor: Editor) -> Option<Change> {
    match (changed, editor) {
        (true, Editor::Provider) if device.is_in_use() => Some(Change::Suspend),
        _ => None,
    }
}

/// Decides about an SBI; `None` for a decision that can't be read.
///
/// # Errors
/// The first broken rule, in the contract's order; last, the approval of an
/// expired one.
pub fn decide_sbi(
    sbi: Sbi<'_>,
    decision: Option<Decision>,
    today: NaiveDate,
) -> Result<Change, ErrorDef> {
    match sbi.state {
        State::Approved => return Err(errors::SBI_ALREADY_APPROVED),
        State::Rejected => return Err(errors::SBI_ALREADY_REJECTED),
        State::Pending | State::Deactivated | State::Old { .. } => {}
    }
    let decision = decision.ok_or(errors::SBI_STATUS_NOT_KNOWN)?;
    if decision == Decision::Approve && sbi.is_expired(today) {
        return Err(errors::EXPIRES_TOO_EARLY);
    }
    Ok(decision.into())
}

/// Deactivates an SBI.
///
/// # Errors
/// One that is not in use, in the contract's order.
pub const fn deactivate_sbi(sbi: State) -> Result<Change, ErrorDef> {
    match sbi {
        State::Approved => Ok(Change::Deactivate),
        State::Deactivated => Err(errors::SBI_ALREADY_DEACTIVATED),
        State::Pending | State::Rejected | State::Old { .. } => Err(errors::SBI_NOT_APPROVED),
    }
}

/// What an edit does to the state of an SBI. `isActive` of the request can end
/// the use of one, and an administrator can take it up again; one that is not in use
/// and that no administrator approved stays as it is. `changed` says whether the edit
/// makes the SBI another one than was approved.
pub const fn edit_sbi(
    sbi: State,
    changed: bool,
    is_active: bool,
    editor: Editor,
) -> Option<Change> {
    match (sbi, is_active, editor) {
        (_, false, _) if sbi.is_in_use() => Some(Change::Deactivate),
        (_, true, Editor::Provider) if changed && sbi.is_in_use() => Some(Change::Suspend),
        (State::Deactivated, true, Editor::Admin) => Some(Change::Approve),
        _ => None,
    }
}
