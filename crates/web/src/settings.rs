//! Configuration: built-in defaults ← properties of a MOSIP deployment ← file ←
//! environment.

mod address;
mod checks;
mod derived;
mod environment;
mod layers;
mod mosip;
mod sections;
#[cfg(test)]
mod tests;
mod verify;

use std::path::Path;

pub use address::{Address, BadAddress};
use config::{Config, File, FileFormat};
pub use layers::Explained;
use layers::Layers;
pub use mosip::MosipSettings;
pub use sections::*;
use serde::Deserialize;

/// Every default, commented; the source of `docs/configuration.md`.
pub const DEFAULTS: &str = include_str!("defaults.toml");

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
    pub templates: TemplateSettings,
    pub datashare: DatashareSettings,
    pub keycloak: KeycloakSettings,
    pub esignet: EsignetSettings,
    pub key_manager: KeyManagerSettings,
    pub pki: PkiSettings,
    pub policy: PolicySettings,
    pub partner: PartnerSettings,
    pub partners: PartnersSettings,
    pub personal_data: PersonalDataSettings,
    pub features: FeatureSettings,
    pub portal: PortalSettings,
    pub devices: DeviceSettings,
    pub jobs: JobSettings,
    pub dev: DevSettings,
    pub config: MosipSettings,
    /// What an operator should know about the configuration, a line each.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// Whether the properties of a MOSIP deployment gave some of the values.
    #[serde(skip)]
    pub of_deployment: bool,
    /// Where the properties of a MOSIP deployment were read and how many there are, for
    /// people; empty where none are asked for.
    #[serde(skip)]
    pub deployment: String,
}

/// The layers of the configuration, before they are merged.
struct Found {
    layers: Layers,
    /// Properties of a deployment that mean nothing here.
    unknown: Vec<String>,
    /// Whether a deployment's properties gave values.
    of_deployment: bool,
    /// Where they were read, for people.
    deployment: String,
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
            &environment::variables(std::env::vars_os())?,
            &environment::texts(std::env::vars_os()),
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
        layers.toml(verify::BUILT_IN, DEFAULTS)?;
        if !defaults.is_empty() {
            layers.texts("this process", defaults.iter().copied())?;
        }
        let swapped = mosip::image_swap(environment);
        let files = top.merged()?.get_array("config.properties");
        let has_files = files.is_ok_and(|files| !files.is_empty());
        if !swapped.is_empty() && !has_files {
            layers.texts_of(swapped.iter().copied())?;
        }
        let wanted = Config::builder()
            .add_source(layers.merged()?)
            .add_source(top.merged()?)
            .build()
            .and_then(|wanted| wanted.get::<MosipSettings>("config"))
            .map_err(wrong)?;
        // Before the server is asked, again and again, at an address that is none.
        Address::try_from(wanted.server.clone()).map_err(|error| {
            let origin = top.origin_of("config.server");
            let origin = origin.or_else(|| layers.origin_of("config.server"));
            let origin = origin.unwrap_or_default();
            SettingsError(format!("config.server, set in {origin}: {error}"))
        })?;
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
            deployment: deployment.source,
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
        settings.deployment.clone_from(&found.deployment);
        let checked = settings.check();
        checked.map_err(|error| verify::traced(error, &found.layers))?;
        settings
            .notes
            .extend(verify::closed(&settings.roles, &found.layers));
        if !found.unknown.is_empty() {
            settings.notes.push(format!(
                "properties of the deployment without a meaning here: {}",
                found.unknown.join(", ")
            ));
        }
        Ok(settings)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn wrong(error: config::ConfigError) -> SettingsError {
    SettingsError(error.to_string())
}
