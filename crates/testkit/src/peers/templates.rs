//! The template service of the master data on a port of its own.

use pms_peers::templates::{PATH, Templates};

use super::stand_in::{Served, faulty};

/// A template service on a free port of loopback.
pub struct TemplatesPeer {
    served: Served<Templates>,
}

impl TemplatesPeer {
    /// Starts without templates.
    pub fn start() -> Self {
        Self {
            served: Served::start(Templates::default()),
        }
    }

    /// Its endpoint, with place-holders.
    pub fn url(&self) -> String {
        self.served.url(PATH)
    }

    /// Knows a template from now on.
    pub fn put(&self, language: &str, code: &str, text: &str) {
        self.served.work().put(language, code, text);
    }
}

faulty!(TemplatesPeer);
