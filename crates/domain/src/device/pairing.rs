//! Which devices may work with which SBIs (contract devices.md §9.10 and §11.6).

use chrono::NaiveDate;

use super::errors;
use super::lifecycle::State;
use crate::{BusinessError, ErrorDef};

/// What decides about an SBI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sbi<'a> {
    /// Partner id of its provider; `None` for one that belongs to no partner.
    pub provider: Option<&'a str>,
    /// Where it stands.
    pub state: State,
    /// The last day of its use; `None` for one without end.
    pub expires: Option<NaiveDate>,
}

/// What decides about a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device<'a> {
    /// Its id.
    pub id: &'a str,
    /// Partner id of its provider.
    pub provider: &'a str,
    /// Where it stands.
    pub state: State,
    /// Whether its status says so in any case of letters: old installations have
    /// other spellings.
    pub is_rejected: bool,
}

impl Sbi<'_> {
    /// Whether its last day was before today.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|expires| expires < today)
    }

    /// Lets pass an SBI that devices may be approved for.
    ///
    /// # Errors
    /// The first broken rule, in the contract's order.
    pub fn must_be_usable(&self, today: NaiveDate) -> Result<(), ErrorDef> {
        match self.state {
            State::Pending | State::Old { .. } => Err(errors::SBI_PENDING),
            State::Rejected => Err(errors::SBI_REJECTED),
            State::Deactivated => Err(errors::SBI_DEACTIVATED),
            State::Approved if self.is_expired(today) => Err(errors::SBI_EXPIRED),
            State::Approved => Ok(()),
        }
    }

    /// [`Self::must_be_usable`] for this partner.
    ///
    /// # Errors
    /// Another partner's SBI, then as there.
    pub fn must_be_usable_by(&self, partner_id: &str, today: NaiveDate) -> Result<(), ErrorDef> {
        if self.provider != Some(partner_id) {
            return Err(errors::SBI_OF_OTHER_PARTNER);
        }
        self.must_be_usable(today)
    }
}

impl Device<'_> {
    /// Lets pass a device of this partner that waits for approval.
    ///
    /// # Errors
    /// The first broken rule, in the contract's order.
    pub fn must_wait_for_approval(&self, partner_id: &str) -> Result<(), ErrorDef> {
        if self.provider != partner_id {
            return Err(errors::DEVICE_OF_OTHER_PARTNER);
        }
        if self.state != State::Pending {
            return Err(errors::DEVICE_NOT_PENDING);
        }
        Ok(())
    }

    /// Lets pass a device that is in use, in the older way.
    ///
    /// # Errors
    /// A rejected one, and any other.
    pub fn must_be_in_use(&self) -> Result<(), BusinessError> {
        if self.state.is_in_use() {
            Ok(())
        } else if self.is_rejected {
            Err(errors::MAPPED_DEVICE_REJECTED.with(&[self.id]))
        } else {
            Err(errors::MAPPED_DEVICE_NOT_APPROVED.with(&[self.id]))
        }
    }
}

/// Whether a device in use may be mapped to the SBI, in the older way.
///
/// # Errors
/// The first broken rule, in the contract's order.
pub fn may_map(device: &Device<'_>, sbi: &Sbi<'_>, today: NaiveDate) -> Result<(), ErrorDef> {
    if !sbi.state.is_in_use() {
        return Err(errors::MAPPED_SBI_NOT_APPROVED);
    }
    if sbi.is_expired(today) {
        return Err(errors::MAPPED_SBI_EXPIRED);
    }
    if sbi.provider != Some(device.provider) {
        return Err(errors::PROVIDERS_DIFFER);
    }
    Ok(())
}
