//! What no type says of the settings: values that must fit each other, and names
//! that must exist.

use pms_database::outbox::Queue;

use super::{Address, Settings, SettingsError};

/// Seconds within which a process stops.
const STOP_WITHIN: u64 = 25;

impl Settings {
    /// Refuses values that are impossible together.
    ///
    /// # Errors
    /// Names the settings and what they must be.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.outbox.timeout_ms.get() >= self.outbox.lease_seconds.get().saturating_mul(1000) {
            return Err(SettingsError(
                "outbox.timeout_ms must be shorter than outbox.lease_seconds".to_owned(),
            ));
        }
        if !(32..=128).contains(&self.partner.misp_licence_key_length) {
            return Err(SettingsError(
                "partner.misp_licence_key_length must be from 32 to 128".to_owned(),
            ));
        }
        Address::try_from(self.config.server.clone())
            .map_err(|error| SettingsError(format!("config.server: {error}")))?;
        for name in self.outbox.discard.iter().filter(|name| !name.is_empty()) {
            name.parse::<Queue>()
                .map_err(|error| SettingsError(format!("outbox.discard: {error}")))?;
        }
        if !matches!(self.services.certificate.as_str(), "" | "in-process") {
            return Err(SettingsError(
                "services.certificate must be empty or in-process".to_owned(),
            ));
        }
        crate::cors::Cors::new(&self.cors.allowed_origins).map_err(SettingsError)?;
        let key_manager = self.security.key_manager_roles;
        let roles = crate::auth::RoleMatrix::with_overrides(&self.roles, key_manager)
            .map_err(SettingsError)?;
        let open = &self.security.ownership_legacy_for;
        crate::auth::check_operations(open, &roles).map_err(SettingsError)?;
        self.jobs.check()?;
        self.check_stop()
    }

    /// A process that is killed while it stops drops its requests.
    fn check_stop(&self) -> Result<(), SettingsError> {
        let (drain, shutdown) = (self.server.drain_seconds, self.server.shutdown_seconds);
        if drain.saturating_add(shutdown) < STOP_WITHIN {
            return Ok(());
        }
        Err(SettingsError(format!(
            "server.drain_seconds ({drain}) and server.shutdown_seconds ({shutdown}) must be less \
             than {STOP_WITHIN} together: Kubernetes kills a process 30 seconds after SIGTERM"
        )))
    }
}
