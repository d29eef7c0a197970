//! The outbox: what must reach other systems, written with the change itself.
//!
//! A use case queues events, audit records and mails in its own transaction
//! ([`writer`], [`Trail`]); a dispatcher leases due rows and settles them
//! ([`queue`], [`settling`]); operators look and re-queue ([`admin`]).

pub mod admin;
pub mod heads;
pub mod queue;
pub mod settling;
mod trail;
pub mod writer;

pub use trail::Trail;

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
