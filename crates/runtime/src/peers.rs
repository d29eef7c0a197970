//! The peers of a deployment, as its settings name them.

use std::path::Path;
use std::time::Duration;

use pms_integrations::audit::AuditManager;
use pms_integrations::datashare::Datashare;
use pms_integrations::esignet::{EsignetAddresses, EsignetOptions};
use pms_integrations::mail::{Mailer, MailerParts, Notifier, TemplateCodes, Templates};
use pms_integrations::websub::Hub;
use pms_integrations::{KeycloakUsers, ServiceToken, http};
use pms_web::settings::EsignetSettings;
use pms_web::{Settings, SettingsError};

use secrecy::ExposeSecret;

use crate::{Runtime, RuntimeError};

/// The client of all peers.
pub(crate) fn client(settings: &Settings) -> Result<reqwest::Client, RuntimeError> {
    let timeout = Duration::from_millis(settings.outbox.timeout_ms.get());
    let bundle = &settings.outbound.ca_bundle;
    if bundle.is_empty() {
        return Ok(http::client(timeout)?);
    }
    http::client_trusting(timeout, Path::new(bundle))
        .map_err(|error| SettingsError(format!("outbound.ca_bundle: {error}")).into())
}

/// The client for calls that are repeated on a connection of their own.
pub(crate) fn fresh_connections(settings: &Settings) -> http::FreshConnections {
    let timeout = Duration::from_millis(settings.outbox.timeout_ms.get());
    let bundle = &settings.outbound.ca_bundle;
    http::FreshConnections::new(timeout, (!bundle.is_empty()).then(|| bundle.into()))
}

/// How to reach eSignet.
pub(crate) fn esignet(settings: &EsignetSettings) -> EsignetOptions {
    let mut addresses = EsignetAddresses::below(&settings.url);
    for (address, given) in [
        (
            &mut addresses.oauth_create,
            &settings.oauth_client_create_url,
        ),
        (
            &mut addresses.oauth_update,
            &settings.oauth_client_update_url,
        ),
        (&mut addresses.oidc_create, &settings.oidc_client_create_url),
        (&mut addresses.oidc_update, &settings.oidc_client_update_url),
        (&mut addresses.read, &settings.client_read_url),
        (&mut addresses.discovery, &settings.discovery_url),
    ] {
        if !given.is_empty() {
            *address = given.to_string();
        }
    }
    EsignetOptions {
        addresses,
        claims_mapping: settings.claims_mapping_url.to_string(),
        acr_mapping: settings.acr_mapping_url.to_string(),
        refresh: Duration::from_secs(settings.mapping_refresh_seconds.get()),
        timeout: Duration::from_millis(settings.timeout_ms.get()),
    }
}

/// The client that makes users in the identity provider.
pub(crate) fn keycloak_users(runtime: &Runtime) -> KeycloakUsers {
    let settings = &runtime.settings.keycloak;
    let has_admin =
        !settings.admin_password.expose_secret().is_empty() && !settings.admin_token_url.is_empty();
    let admin = has_admin.then(|| {
        ServiceToken::of_person(
            runtime.client.clone(),
            settings.admin_token_url.to_string(),
            settings.admin_client_id.clone(),
            (
                settings.admin_username.clone(),
                settings.admin_password.clone(),
            ),
            runtime.observer.clone(),
        )
    });
    let (realm, account) = (settings.realm_url.to_string(), runtime.token.clone());
    KeycloakUsers::new(&runtime.client, realm, account, admin).observed(&runtime.observer)
}

/// The WebSub hub.
pub(crate) fn hub(runtime: &Runtime) -> Hub {
    let url = runtime.settings.websub.url.to_string();
    let hub = Hub::new(runtime.client.clone(), url, runtime.token.clone());
    hub.observed(runtime.observer.clone())
}

/// The Audit Manager.
pub(crate) fn audit_manager(runtime: &Runtime) -> AuditManager {
    let url = runtime.settings.audit.url.to_string();
    let manager = AuditManager::new(runtime.client.clone(), url, runtime.token.clone());
    manager.observed(runtime.observer.clone())
}

/// The data share.
pub(crate) fn datashare(runtime: &Runtime) -> Result<Datashare, RuntimeError> {
    let settings = &runtime.settings.datashare;
    let names = (settings.policy_id.as_str(), settings.subscriber_id.as_str());
    let (client, token) = (runtime.client.clone(), runtime.token.clone());
    let datashare = Datashare::new(client, &settings.url, names, token)
        .map_err(|error| SettingsError(format!("datashare.url: {error}")))?;
    Ok(datashare.observed(runtime.observer.clone()))
}

/// Sends mails by the notifier.
pub(crate) fn mailer(runtime: &Runtime) -> Result<Mailer, RuntimeError> {
    let settings = &runtime.settings;
    let (client, token) = (&runtime.client, &runtime.token);
    let url = settings.notifier.url.to_string();
    let notifier =
        Notifier::new(client.clone(), url, token.clone()).observed(runtime.observer.clone());
    let days = u64::from(settings.outbox.mail_max_age_days.get());
    Ok(Mailer::new(MailerParts {
        notifier,
        templates: templates(runtime)?,
        codes: template_codes(settings),
        key_manager: runtime.key_manager.clone(),
        zone: settings.notifier.timezone.clone(),
        max_age: Duration::from_secs(days * 24 * 3600),
    }))
}

/// The templates of the master data, if there are any.
pub(crate) fn templates(runtime: &Runtime) -> Result<Option<Templates>, RuntimeError> {
    let url = &runtime.settings.templates.url;
    if url.is_empty() {
        return Ok(None);
    }
    let (client, token) = (runtime.client.clone(), runtime.token.clone());
    let templates = Templates::new(client, url.to_string(), token)
        .map_err(|error| SettingsError(format!("templates.url: {error}")))?;
    Ok(Some(templates.observed(runtime.observer.clone())))
}

/// The operator's codes of templates, where they are not the usual ones.
fn template_codes(settings: &Settings) -> TemplateCodes {
    let all = settings.templates.codes.by_usual().into_iter();
    let other = all.filter(|(usual, code)| usual != code && !code.is_empty());
    other
        .map(|(usual, code)| (usual, code.to_owned()))
        .collect()
}
