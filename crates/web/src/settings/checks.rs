//! What no type says of the settings: values that must fit each other, and names
//! that must exist.

use pms_database::outbox::Queue;

use super::{Settings, SettingsError};

/// Seconds within which a process stops.
const STOP_WITHIN: u64 = 25;
/// Days of a year of a certificate's validity.
const DAYS_OF_YEAR: u64 = 365;
/// Characters of a licence key: fewer could be guessed, and its column has no more.
const LICENCE_KEY_LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;
/// Bits of the longest RSA key that is read.
const LONGEST_RSA: usize = 16_384;

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
        if !LICENCE_KEY_LENGTHS.contains(&self.partner.misp_licence_key_length) {
            return Err(SettingsError(format!(
                "partner.misp_licence_key_length must be from {} to {}",
                LICENCE_KEY_LENGTHS.start(),
                LICENCE_KEY_LENGTHS.end()
            )));
        }
        if self.limits.bodies_bytes < self.limits.body_bytes {
            return Err(SettingsError(
                "limits.bodies_bytes must not be less than limits.body_bytes".to_owned(),
            ));
        }
        for name in self.outbox.discard.iter().filter(|name| !name.is_empty()) {
            name.parse::<Queue>()
                .map_err(|error| SettingsError(format!("outbox.discard: {error}")))?;
        }
        if !matches!(self.services.certificate.as_str(), "" | "in-process") {
            return Err(SettingsError(
                "services.certificate must be empty or in-process".to_owned(),
            ));
        }
        self.check_contradictions()?;
        crate::cors::Cors::new(&self.cors.allowed_origins).map_err(SettingsError)?;
        let key_manager = self.security.key_manager_roles;
        let roles = crate::auth::RoleMatrix::with_overrides(&self.roles, key_manager)
            .map_err(SettingsError)?;
        let open = &self.security.ownership_legacy_for;
        crate::auth::check_operations(open, &roles).map_err(SettingsError)?;
        self.jobs.check()?;
        self.check_stop()
    }

    /// Values of which each is possible, and that can't be meant together.
    fn check_contradictions(&self) -> Result<(), SettingsError> {
        let refused = |text: String| Err(SettingsError(text));
        let (grace, years) = (
            u64::from(self.pki.partner_grace_days),
            u64::from(self.pki.partner_certificate_years.get()),
        );
        if grace > years * DAYS_OF_YEAR {
            return refused(format!(
                "pki.partner_grace_days ({grace}) must not be more than the {} days that \
                 pki.partner_certificate_years ({years}) makes",
                years * DAYS_OF_YEAR
            ));
        }
        let (first, longest) = (self.outbox.retry_first_ms, self.outbox.retry_longest_ms);
        if first > longest {
            return refused(format!(
                "outbox.retry_first_ms ({first}) must not be longer than \
                 outbox.retry_longest_ms ({longest})"
            ));
        }
        let has_esignet = !self.esignet.url.is_empty()
            || !self.esignet.oauth_client_update_url.is_empty()
            || !self.esignet.oidc_client_update_url.is_empty();
        let lease = self.outbox.lease_seconds.get();
        // Changes of clients are delivered from the outbox.
        if has_esignet && self.esignet.timeout_ms.get() >= lease.saturating_mul(1000) {
            return refused("esignet.timeout_ms must be shorter than outbox.lease_seconds".into());
        }
        if self.esignet.minimum_rsa_bits > LONGEST_RSA {
            return refused(format!(
                "esignet.minimum_rsa_bits ({}) must not be more than {LONGEST_RSA}: no client \
                 could have a key",
                self.esignet.minimum_rsa_bits
            ));
        }
        if self.services.certificate == "in-process" && !self.services.certificate_url.is_empty() {
            return refused(
                "services.certificate is in-process, so services.certificate_url must be empty"
                    .to_owned(),
            );
        }
        if self.pki.common_name.trim().is_empty() {
            return refused("pki.common_name must not be blank".to_owned());
        }
        Ok(())
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
