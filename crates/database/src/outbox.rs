//! The outbox: what must reach other systems, written with the change itself.
//!
//! A use case queues events, audit records and mails in its own transaction
//! ([`writer`], [`AuditTrail`]); a dispatcher leases due rows and settles them
//! ([`queue`], [`settling`]); operators look and re-queue ([`admin`]).

pub mod admin;
mod audit_trail;
pub mod heads;
pub mod queue;
pub mod settling;
pub mod writer;

pub use audit_trail::{Attempt, AuditTrail};

/// What kind of delivery a row wants. Lanes don't wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The WebSub hub.
    Event,
    /// The Audit Manager.
    Audit,
    /// The notifier.
    Mail,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Event, Self::Audit, Self::Mail];

    /// The lane as the table spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Audit => "audit",
            Self::Mail => "mail",
        }
    }

    /// The lane with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}
