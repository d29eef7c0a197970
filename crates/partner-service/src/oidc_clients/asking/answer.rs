//! A question to eSignet, and how it took it.

use actix_web::rt::time::Instant;
use pms_database::oidc_clients::intents::{Declared, Lease};
use pms_integrations::esignet::Unregistered;

/// A question that is noted.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// What is known from before.
    pub(super) before: Declared,
    /// Until when no other call asks about the key.
    pub(super) lease: Lease,
    /// The same by the clock of this process, or a little earlier.
    pub(super) until: Instant,
}

/// How eSignet took it.
pub(super) struct Answer {
    pub(super) outcome: Result<(), Unregistered>,
    pub(super) finding: Finding,
}

/// What eSignet's record of the client says, as far as that is to be noted.
#[derive(Clone, Copy)]
pub(super) enum Finding {
    /// Nothing.
    Nothing,
    /// The client is another's.
    Foreign,
    /// There is no such client, and this call noted that eSignet has it: the refusal is about
    /// the key alone.
    Absent,
}

impl From<Result<(), Unregistered>> for Answer {
    fn from(outcome: Result<(), Unregistered>) -> Self {
        Self {
            outcome,
            finding: Finding::Nothing,
        }
    }
}
