//! The configuration of a MOSIP deployment, used as it is: properties from
//! files or from a Spring Cloud Config server (contract config-and-deploy.md §1, §2).
//!
//! Properties become values of our own keys, between the built-in defaults and
//! the file that `PMS_CONFIG` names. Names are looked up as Spring does:
//! ignoring case, dashes and underscores.

mod names;
mod placeholders;
mod properties;
mod server;
#[cfg(test)]
mod swap_tests;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use super::SettingsError;
use properties::Properties;

/// Section `config`: where a deployment's properties are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MosipSettings {
    /// Base address of a Spring Cloud Config server.
    pub server: String,
    /// Property files; later ones override earlier ones.
    pub properties: Vec<String>,
    /// Application name at the server.
    pub name: String,
    /// Profile at the server.
    pub profile: String,
    /// Label at the server: a branch or tag.
    pub label: String,
    /// Seconds to keep asking a server that does not answer.
    pub wait_seconds: u64,
}

/// The variables that the charts of the reference give a container, and the keys
/// of this section that they stand for (contract config-and-deploy.md §4).
const IMAGE_SWAP: [(&str, &str); 4] = [
    ("spring_config_url_env", "config.server"),
    ("spring_config_label_env", "config.label"),
    ("active_profile_env", "config.profile"),
    ("spring_config_name_env", "config.name"),
];

/// Keys, values and variables of a container that has only the reference's own
/// environment; nothing where no config server is named.
pub(super) fn image_swap(
    environment: &[(String, String)],
) -> Vec<(&'static str, &str, &'static str)> {
    let value = |name: &str| {
        let found = environment.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    };
    let [server, ..] = IMAGE_SWAP;
    if value(server.0).is_none() {
        return Vec::new();
    }
    let given = IMAGE_SWAP.iter();
    given
        .filter_map(|(name, key)| Some((*key, value(name)?, *name)))
        .collect()
}

/// What the properties of a deployment say.
#[derive(Debug, Default)]
pub(super) struct Deployment {
    /// Our key, its value, and the property that it comes from.
    pub values: Vec<Value>,
    /// Properties of this system that have no key of ours.
    pub unknown: Vec<String>,
    /// What was read, for people; empty where nothing was.
    pub source: String,
}

/// One of our keys with the value that a property gives it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub key: String,
    pub value: String,
    pub property: String,
}

/// Reads the properties that the section names; nothing for an empty section.
///
/// # Errors
/// A file that can't be read, a server that does not answer in time, a mapped
/// property whose placeholders can't be resolved.
pub(super) fn read(
    settings: &MosipSettings,
    environment: &[(String, String)],
) -> Result<Deployment, SettingsError> {
    let mut properties = Properties::new(environment);
    let mut read = Vec::new();
    if !settings.server.is_empty() {
        // What the server's own files refer to.
        let server = settings.server.trim_end_matches('/');
        for (name, value) in [
            ("spring_config_url_env", server),
            ("spring.cloud.config.uri", server),
            ("spring_config_label_env", &settings.label),
            ("spring.cloud.config.label", &settings.label),
            ("active_profile_env", &settings.profile),
            ("spring.profiles.active", &settings.profile),
            ("spring.application.name", &settings.name),
            ("spring.cloud.config.name", &settings.name),
            // Properties with the base path of a service are the partner service's.
            ("server.servlet.context-path", "/v1/partnermanager"),
        ] {
            properties.define(name, value);
        }
        let (url, sources) = server::fetch(settings)?;
        for source in sources {
            properties.add(source);
        }
        read.push(url);
    }
    for file in settings.properties.iter().filter(|file| !file.is_empty()) {
        properties.override_with(properties::read_file(file)?);
        read.push(file.clone());
    }
    if read.is_empty() {
        return Ok(Deployment::default());
    }
    let mut deployment = names::translate(&properties).map_err(SettingsError)?;
    let number = properties.all().count();
    deployment.source = format!("{} ({number} properties)", read.join(", "));
    Ok(deployment)
}
