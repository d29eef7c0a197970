//! How a create or an update ends when it does not end well.

use pms_domain::BusinessError;

use super::answers::Fault;
use super::{DUPLICATE_CLIENT_ID, INVALID_PUBLIC_KEY};
use crate::key_manager::UNREACHABLE;

/// Why a client is not registered or not changed, as far as we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unregistered {
    /// eSignet did not do it.
    #[error("{0}")]
    Refused(BusinessError),
    /// eSignet may have done it all the same: its answer was lost.
    #[error("{0}, outcome unknown")]
    Unknown(BusinessError),
}

impl Unregistered {
    /// Whether eSignet did not register a client because it has one with this id, or, in
    /// newer releases, with this key.
    pub fn is_about_held(&self) -> bool {
        match self {
            Self::Refused(why) => [DUPLICATE_CLIENT_ID, INVALID_PUBLIC_KEY].contains(&why.code()),
            Self::Unknown(_) => false,
        }
    }

    /// Whether that may be about the key alone: eSignet says the same of a key that it does
    /// not take.
    pub fn may_be_about_key(&self) -> bool {
        matches!(self, Self::Refused(why) if why.code() == INVALID_PUBLIC_KEY)
    }
}

impl From<Fault> for Unregistered {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotSent => Self::Refused(UNREACHABLE.into()),
            Fault::Broken | Fault::Lost => Self::Unknown(UNREACHABLE.into()),
            Fault::Refused(why) => Self::Refused(why),
            Fault::Unusable(why) => Self::Unknown(why),
        }
    }
}

/// What the wire says about it.
impl From<Unregistered> for BusinessError {
    fn from(unregistered: Unregistered) -> Self {
        match unregistered {
            Unregistered::Refused(why) | Unregistered::Unknown(why) => why,
        }
    }
}
