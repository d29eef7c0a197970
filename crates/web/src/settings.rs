//! Configuration: built-in defaults ← properties of a MOSIP deployment ← file ←
//! environment.

mod layers;
mod mosip;
mod sections;
mod sign_in;
mod verify;

use std::ffi::OsString;
use std::path::Path;

use config::{Config, File, FileFormat};
pub use layers::Explained;
use layers::Layers;
pub use mosip::MosipSettings;
use pms_database::outbox::Queue;
pub use sections::*;
use serde::Deserialize;

/// Every default, commented; the source of `docs/configuration.md`.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// Seconds within which a process stops.
const STOP_WITHIN: u64 = 25;

/// The settings that are lists: comma-separated in the environment.
const LISTS: [&str; 20] = [
    "config.properties",
    "auth.accepted_issuers",
    "auth.allowed_audiences",
    "auth.allowed_redirects",
    "cors.allowed_origins",
    "key_manager.applications",
    "security.ownership_legacy_for",
    "outbox.discard",
    "key_manager.personal_data_clients",
    "pki.allowed_domains",
    "pki.allowed_sign_algorithms",
    "policy.allowed_types",
    "partner.mandatory_languages",
    "partner.optional_languages",
    "partner.bio_extractor_types",
    "partner.credential_types",
    "partner.credential_partner_types",
    "partner.portal_roles",
    "portal.oidc_grant_types",
    "portal.oidc_client_auth_methods",
];

/// Everything that can be configured. Derives no `Debug`: it holds secrets.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml says what each section is for")]
pub struct Settings {
    pub server: ServerSettings,
    pub database: DatabaseSettings,
    pub auth: AuthSettings,
    pub cors: CorsSettings,
    pub roles: std::collections::BTreeMap<String, String>,
    pub security: SecuritySettings,
    pub limits: LimitSettings,
    pub telemetry: TelemetrySettings,
    pub services: ServicesSettings,
    pub service_account: ServiceAccountSettings,
    pub outbound: OutboundSettings,
    pub outbox: OutboxSettings,
    pub websub: PeerSettings,
    pub audit: PeerSettings,
    pub notifier: NotifierSettings,
    pub templates: PeerSettings,
    pub datashare: DatashareSettings,
    pub keycloak: KeycloakSettings,
    pub esignet: EsignetSettings,
    pub key_manager: KeyManagerSettings,
    pub pki: PkiSettings,
    pub policy: PolicySettings,
    pub partner: PartnerSettings,
    pub features: FeatureSettings,
    pub portal: PortalSettings,
    pub devices: DeviceSettings,
    pub dev: DevSettings,
    pub config: MosipSettings,
    /// What an operator should know about the configuration, a line each.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// Whether the properties of a MOSIP deployment gave some of the values.
    #[serde(skip)]
    pub of_deployment: bool,
}

/// The layers of the configuration, before they are merged.
struct Found {
    layers: Layers,
    /// Properties of a deployment that mean nothing here.
    unknown: Vec<String>,
    /// Whether a deployment's properties gave values.
    of_deployment: bool,
}

/// One clear line about what is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct SettingsError(pub String);

impl Settings {
    /// Reads the properties of a MOSIP deployment, if the section `config` names
    /// some, the file that `PMS_CONFIG` names, if any, and the environment.
    ///
    /// # Errors
    /// On an unknown key, a wrong type or an impossible value.
    pub fn load() -> Result<Self, SettingsError> {
        Self::load_over(&[])
    }

    /// [`Settings::load`] with other defaults (`section.key`, value): what a
    /// process wants when neither file nor environment says otherwise.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn load_over(defaults: &[(&str, &str)]) -> Result<Self, SettingsError> {
        Self::from_layers(&mut Self::layers_in_force(defaults)?)
    }

    /// The defaults with `overrides` (`section.key`, value) over them.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn with_overrides(overrides: &[(&str, &str)]) -> Result<Self, SettingsError> {
        let mut top = Layers::default();
        top.texts("override", overrides.iter().copied())?;
        Self::from_layers(&mut Self::below(&[], top, &[])?)
    }

    /// Every setting that [`Settings::load`] finds, and where it comes from.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn explain() -> Result<(Vec<Explained>, Vec<String>), SettingsError> {
        let mut found = Self::layers_in_force(&[])?;
        let settings = Self::from_layers(&mut found)?;
        Ok((found.layers.explain()?, settings.notes))
    }

    fn layers_in_force(defaults: &[(&str, &str)]) -> Result<Found, SettingsError> {
        let file = std::env::var_os("PMS_CONFIG").filter(|path| !path.is_empty());
        Self::from_sources(
            defaults,
            file.as_deref().map(Path::new),
            &variables(std::env::vars_os())?,
            &texts(std::env::vars_os()),
        )
    }

    fn from_sources(
        defaults: &[(&str, &str)],
        file: Option<&Path>,
        environment: &[(String, String)],
        behind: &[(String, String)],
    ) -> Result<Found, SettingsError> {
        let mut top = Layers::default();
        if let Some(file) = file {
            let source = File::from(file).format(FileFormat::Toml).required(true);
            top.source(&file.display().to_string(), source)?;
        }
        let variables = environment
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        top.texts("environment", variables)?;
        Self::below(defaults, top, behind)
    }

    /// Puts what is built in, what the process wants and what a deployment's
    /// properties say below `top`.
    fn below(
        defaults: &[(&str, &str)],
        top: Layers,
        environment: &[(String, String)],
    ) -> Result<Found, SettingsError> {
        let mut layers = Layers::default();
        layers.toml("built in", DEFAULTS)?;
        if !defaults.is_empty() {
            layers.texts("this process", defaults.iter().copied())?;
        }
        let swapped = mosip::image_swap(environment);
        let files = top.merged()?.get_array("config.properties");
        let has_files = files.is_ok_and(|files| !files.is_empty());
        if !swapped.is_empty() && !has_files {
            layers.texts("environment of the deployment", swapped.iter().copied())?;
        }
        let wanted = Config::builder()
            .add_source(layers.merged()?)
            .add_source(top.merged()?)
            .build()
            .and_then(|wanted| wanted.get::<MosipSettings>("config"))
            .map_err(wrong)?;
        let deployment = mosip::read(&wanted, environment)?;
        if !deployment.values.is_empty() {
            let values = deployment.values.iter();
            layers.texts_of(values.map(|value| {
                (
                    value.key.as_str(),
                    value.value.as_str(),
                    value.property.as_str(),
                )
            }))?;
        }
        layers.extend(top);
        Ok(Found {
            layers,
            unknown: deployment.unknown,
            of_deployment: !deployment.values.is_empty(),
        })
    }

    fn from_layers(found: &mut Found) -> Result<Self, SettingsError> {
        verify::keys(&found.layers)?;
        let merged = found.layers.merged()?;
        verify::choices(&merged, &found.layers)?;
        let mut settings: Self = merged
            .try_deserialize()
            .map_err(|error| verify::value(&error, &found.layers))?;
        settings.of_deployment = found.of_deployment;
        settings.check()?;
        if !found.unknown.is_empty() {
            settings.notes.push(format!(
                "properties of the deployment without a meaning here: {}",
                found.unknown.join(", ")
            ));
        }
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        if let Some((key, _)) = self.positive().iter().find(|(_, value)| *value == 0) {
            return Err(SettingsError(format!("{key} must be greater than 0")));
        }
        if self.outbox.timeout_ms >= self.outbox.lease_seconds.saturating_mul(1000) {
            return Err(SettingsError(
                "outbox.timeout_ms must be shorter than outbox.lease_seconds".to_owned(),
            ));
        }
        if !(32..=128).contains(&self.partner.misp_licence_key_length) {
            return Err(SettingsError(
                "partner.misp_licence_key_length must be from 32 to 128".to_owned(),
            ));
        }
        for (key, value) in self.urls() {
            let usable = value.is_empty()
                || url::Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            if !usable {
                return Err(SettingsError(format!("{key} must be an http or https URL")));
            }
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
        crate::cors::Cors::new(&self.cors.allowed_origins).map_err(SettingsError)?;
        let key_manager = self.security.key_manager_roles;
        let roles = crate::auth::RoleMatrix::with_overrides(&self.roles, key_manager)
            .map_err(SettingsError)?;
        let open = &self.security.ownership_legacy_for;
        crate::auth::check_operations(open, &roles).map_err(SettingsError)?;
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

    fn positive(&self) -> [(&'static str, u64); 18] {
        [
            ("database.pool_size", u64::from(self.database.pool_size)),
            (
                "database.acquire_timeout_ms",
                self.database.acquire_timeout_ms,
            ),
            (
                "database.statement_timeout_ms",
                self.database.statement_timeout_ms,
            ),
            ("limits.request_seconds", self.limits.request_seconds),
            ("limits.page_size", self.limits.page_size),
            ("outbox.batch", u64::from(self.outbox.batch)),
            ("outbox.lease_seconds", self.outbox.lease_seconds),
            ("outbox.max_attempts", u64::from(self.outbox.max_attempts)),
            ("outbox.timeout_ms", self.outbox.timeout_ms),
            (
                "outbox.mail_max_age_days",
                u64::from(self.outbox.mail_max_age_days),
            ),
            (
                "esignet.mapping_refresh_seconds",
                self.esignet.mapping_refresh_seconds,
            ),
            ("esignet.timeout_ms", self.esignet.timeout_ms),
            ("pki.crl_hours", u64::from(self.pki.crl_hours)),
            (
                "partner.misp_licence_validity_days",
                u64::from(self.partner.misp_licence_validity_days),
            ),
            (
                "portal.inactivity_minutes",
                u64::from(self.portal.inactivity_minutes),
            ),
            (
                "portal.inactivity_prompt_minutes",
                u64::from(self.portal.inactivity_prompt_minutes),
            ),
            (
                "portal.items_per_page",
                u64::from(self.portal.items_per_page),
            ),
            (
                "portal.notifications_refresh_seconds",
                u64::from(self.portal.notifications_refresh_seconds),
            ),
        ]
    }

    fn urls(&self) -> [(&'static str, &str); 24] {
        [
            ("auth.issuer", &self.auth.issuer),
            ("auth.jwks_url", &self.auth.jwks_url),
            (
                "auth.authorization_endpoint",
                &self.auth.authorization_endpoint,
            ),
            ("auth.token_endpoint", &self.auth.token_endpoint),
            ("auth.end_session_endpoint", &self.auth.end_session_endpoint),
            ("auth.redirect_uri", &self.auth.redirect_uri),
            ("services.certificate_url", &self.services.certificate_url),
            (
                "service_account.token_endpoint",
                &self.service_account.token_endpoint,
            ),
            ("websub.url", &self.websub.url),
            ("audit.url", &self.audit.url),
            ("notifier.url", &self.notifier.url),
            ("datashare.url", &self.datashare.url),
            ("keycloak.users_url", &self.keycloak.users_url),
            ("esignet.url", &self.esignet.url),
            (
                "esignet.oauth_client_create_url",
                &self.esignet.oauth_client_create_url,
            ),
            (
                "esignet.oauth_client_update_url",
                &self.esignet.oauth_client_update_url,
            ),
            (
                "esignet.oidc_client_create_url",
                &self.esignet.oidc_client_create_url,
            ),
            (
                "esignet.oidc_client_update_url",
                &self.esignet.oidc_client_update_url,
            ),
            ("esignet.discovery_url", &self.esignet.discovery_url),
            (
                "esignet.claims_mapping_url",
                &self.esignet.claims_mapping_url,
            ),
            ("esignet.acr_mapping_url", &self.esignet.acr_mapping_url),
            ("key_manager.url", &self.key_manager.url),
            ("pki.crl_url", &self.pki.crl_url),
            ("config.server", &self.config.server),
        ]
    }

    /// The JWKS address: configured, or derived from the issuer.
    pub fn jwks_url(&self) -> String {
        derived(&self.auth.jwks_url, &self.auth.issuer, "certs")
    }

    /// The token endpoint of the service account: configured, or derived.
    pub fn token_endpoint(&self) -> String {
        derived(
            &self.service_account.token_endpoint,
            &self.auth.issuer,
            "token",
        )
    }

    /// Whether partner-service answers certificate-service's routes itself.
    pub fn certificates_in_process(&self) -> bool {
        let services = &self.services;
        let swapped = self.of_deployment && services.certificate_url.is_empty();
        swapped || services.certificate == "in-process"
    }

    /// Base URL of the key manager contract: configured, or certificate-service.
    pub fn key_manager_url(&self) -> String {
        if !self.key_manager.url.is_empty() {
            return self.key_manager.url.trim_end_matches('/').to_owned();
        }
        let base = self.services.certificate_url.trim_end_matches('/');
        if base.is_empty() {
            String::new()
        } else {
            let base = self.on_port_of_key_manager(base);
            format!("{base}/v1/keymanager")
        }
    }
}

impl Settings {
    /// certificate-service's address with the port of its key manager.
    fn on_port_of_key_manager(&self, base: &str) -> String {
        if self.key_manager.port == 0 {
            return base.to_owned();
        }
        let Ok(mut url) = url::Url::parse(base) else {
            return base.to_owned();
        };
        // It can't fail: an http address has a host.
        let _ = url.set_port(Some(self.key_manager.port));
        url.as_str().trim_end_matches('/').to_owned()
    }
}

fn derived(configured: &str, issuer: &str, endpoint: &str) -> String {
    if !configured.is_empty() || issuer.is_empty() {
        return configured.to_owned();
    }
    format!(
        "{}/protocol/openid-connect/{endpoint}",
        issuer.trim_end_matches('/')
    )
}

/// `PMS__SECTION__KEY=value` as `section.key` and `value`. Values stay text:
/// taken for a number, a secret such as `0012` would be another one.
fn variables(
    all: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, SettingsError> {
    let mut found = Vec::new();
    for (name, value) in all {
        let Some(key) = name.to_str().map(str::to_lowercase) else {
            continue;
        };
        let Some(key) = key.strip_prefix("pms__") else {
            continue;
        };
        let key = key.replace("__", ".");
        // Without the value: it may be a secret.
        let Ok(value) = value.into_string() else {
            return Err(SettingsError(format!(
                "{key} in the environment is not Unicode"
            )));
        };
        found.push((key, value));
    }
    Ok(found)
}

/// The environment as it is, for placeholders of a deployment's properties.
fn texts(all: impl Iterator<Item = (OsString, OsString)>) -> Vec<(String, String)> {
    all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn items(list: &str) -> Vec<String> {
    let items = list.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn wrong(error: config::ConfigError) -> SettingsError {
    SettingsError(error.to_string())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn refused(overrides: &[(&str, &str)]) -> String {
        Settings::with_overrides(overrides)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn the_defaults_are_complete_and_possible() {
        let settings = Settings::with_overrides(&[]).unwrap();

        assert_eq!(settings.database.pool_size, 10);
        assert_eq!(settings.limits.body_bytes, 4 * 1024 * 1024);
    }

    #[test]
    fn unknown_keys_wrong_types_and_impossible_values_are_refused() {
        assert!(refused(&[("database.pool_sise", "3")]).contains("pool_sise"));
        assert!(refused(&[("database.pool_size", "many")]).contains("pool_size"));
        assert!(refused(&[("database.pool_size", "0")]).contains("pool_size"));
        assert!(refused(&[("websub.url", "ftp://hub")]).contains("websub.url"));
        assert!(refused(&[("roles.nosuch", "A")]).contains("roles.nosuch"));
        let queues = "outbox.discard: there is no queue `mails`; the queues are event, trust-chain";
        assert!(refused(&[("outbox.discard", "event,mails")]).contains(queues));
    }

    #[test]
    fn a_refusal_names_where_the_key_was_set_and_what_it_could_be() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().display().to_string();
        let refused_in = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            let found = Settings::from_sources(&[], Some(file.path()), &[], &[]);
            let outcome = found.and_then(|mut found| Settings::from_layers(&mut found));
            outcome
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };

        let unknown = refused_in("[database]\npool_sise = 3");
        let section = refused_in("[databse]\npool_size = 3");
        let kind = refused_in("[database]\npool_size = \"many\"");
        let word = refused_in("[telemetry]\nformat = \"jsn\"");
        let list = refused_in("[auth]\naccepted_issuers = \"http://a,http://b\"");

        for refused in [&unknown, &section, &kind, &word, &list] {
            assert!(refused.contains(&path), "{refused}");
            assert_eq!(refused.lines().count(), 1, "{refused}");
        }
        assert!(unknown.contains("database.pool_sise"), "{unknown}");
        assert!(unknown.contains("acquire_timeout_ms"), "{unknown}");
        assert!(section.contains("the sections are"), "{section}");
        assert!(kind.contains("database.pool_size"), "{kind}");
        assert!(word.contains("auto, pretty, json"), "{word}");
        assert!(list.contains("a,b without brackets"), "{list}");
    }

    #[test]
    fn lists_in_the_environment_have_no_brackets_and_operations_must_exist() {
        let brackets = refused(&[("auth.accepted_issuers", r#"["http://a"]"#)]);
        let typo = refused(&[("security.ownership_legacy_for", "policy-map,polcy-map")]);
        let fine = refused(&[(
            "security.ownership_legacy_for",
            "policy-map,certificate-upload,postpartnersbioextractors",
        )]);

        assert!(brackets.contains("a,b without brackets"), "{brackets}");
        assert!(
            typo.contains("polcy-map") && typo.contains("certificate-upload"),
            "{typo}"
        );
        assert_eq!(fine, "");
    }

    #[test]
    fn a_stop_that_takes_too_long_is_refused() {
        let long = refused(&[
            ("server.drain_seconds", "10"),
            ("server.shutdown_seconds", "15"),
        ]);

        assert!(long.contains("less than 25 together"), "{long}");
    }

    #[test]
    fn the_choices_are_those_that_the_types_have() {
        for (key, words) in verify::CHOICES {
            for word in words {
                assert_eq!(refused(&[(key, word)]), "", "{key} {word}");
            }
        }
    }

    #[test]
    fn the_environment_is_taken_literally_and_only_lists_are_split() {
        let variable = |name: &str, value: &str| (name.into(), value.into());
        let environment = [
            variable("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", "0012"),
            variable("PMS__KEY_MANAGER__KEK", "1e5"),
            variable("pms__database__pool_size", "7"),
            variable("PMS__OUTBOX__DISPATCH", "false"),
            variable("PMS__AUTH__ALLOWED_AUDIENCES", "a, b"),
            variable("PMS__ROLES__POSTPOLICIES", "A,B"),
            variable("PMS_CONFIG", "ignored"),
        ];

        let environment = variables(environment.into_iter()).unwrap();
        let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
        let settings = Settings::from_layers(&mut found).unwrap();

        assert_eq!(
            settings.service_account.client_secret.expose_secret(),
            "0012"
        );
        assert_eq!(settings.key_manager.kek.expose_secret(), "1e5");
        assert_eq!(settings.database.pool_size, 7);
        assert!(!settings.outbox.dispatch);
        assert_eq!(settings.auth.allowed_audiences, ["a", "b"]);
        assert_eq!(settings.roles["postpolicies"], "A,B");
    }

    #[test]
    fn the_documentation_lists_these_defaults() {
        let page = include_str!("../../../docs/configuration.md");

        assert!(
            page.contains(DEFAULTS),
            "copy defaults.toml into docs/configuration.md"
        );
    }

    #[test]
    fn addresses_are_derived_from_the_issuer() {
        let settings =
            Settings::with_overrides(&[("auth.issuer", "http://kc/auth/realms/mosip")]).unwrap();

        assert_eq!(
            settings.jwks_url(),
            "http://kc/auth/realms/mosip/protocol/openid-connect/certs"
        );
    }
}
