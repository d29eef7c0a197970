//! An Audit Manager on a port of its own.

use pms_peers::audit::{Audits, PATH};
use serde_json::Value;

use super::stand_in::{Served, faulty};

/// An Audit Manager on a free port of loopback.
pub struct AuditPeer {
    served: Served<Audits>,
}

impl AuditPeer {
    /// Starts with nothing recorded.
    pub fn start() -> Self {
        Self {
            served: Served::start(Audits::default()),
        }
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        self.served.url(PATH)
    }

    /// The records that it took, oldest first.
    pub fn records(&self) -> Vec<Value> {
        self.served.work().records()
    }
}

faulty!(AuditPeer);
