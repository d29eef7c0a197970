//! What `pms up` says once everything runs.

use std::time::Instant;

use url::Url;

use super::Development;
use crate::commands::say;
use crate::identity::DEMO_PASSWORD;

/// What there is to say.
pub(super) struct Announcement<'a> {
    pub(super) base: &'a Url,
    pub(super) development: &'a Development,
    /// A command that opens the private database.
    pub(super) database: Option<String>,
    pub(super) started: Instant,
}

impl Announcement<'_> {
    pub(super) fn say(&self) {
        let base = self.base;
        say(format_args!(
            "\nPartner management is up after {} ms.\n",
            self.started.elapsed().as_millis()
        ));
        say(format_args!("  Start here   {base}"));
        say(format_args!(
            "  API docs     {base}v1/partnermanager/swagger-ui/"
        ));
        if let Some(identity) = &self.development.identity {
            say(format_args!("  Events       {base}dev/events"));
            let names: Vec<_> = identity
                .demo_users()
                .iter()
                .map(|user| user.username)
                .collect();
            say(format_args!(
                "  Users        {} (password {DEMO_PASSWORD})",
                names.join(", ")
            ));
        }
        if self.development.peers.is_some() {
            say(format_args!(
                "  Stand-ins    {base}dev (mails, audits, shares, faults)"
            ));
        }
        if let Some(command) = &self.database {
            say(format_args!("  Database     {command}"));
        }
        say("\nCtrl-C stops everything. `pms demo` shows the onboarding of a partner.\n");
    }
}
