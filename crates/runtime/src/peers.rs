//! The peers of a deployment, as its settings name them.

use std::path::Path;
use std::time::Duration;

use pms_integrations::audit::AuditManager;
use pms_integrations::datashare::Datashare;
use pms_integrations::dispatcher::Peers;
use pms_integrations::esignet::{EsignetAddresses, EsignetOptions};
use pms_integrations::http;
use pms_integrations::mail::{BadTimeZone, Mailer, MailerParts, Notifier, Templates, TimeZone};
use pms_integrations::websub::Hub;
use pms_web::settings::EsignetSettings;
use pms_web::{Settings, SettingsError};

use crate::{Runtime, RuntimeError};

/// The client of all peers.
pub(crate) fn client(settings: &Settings) -> Result<reqwest::Client, RuntimeError> {
    let timeout = Duration::from_millis(settings.outbox.timeout_ms);
    let bundle = &settings.outbound.ca_bundle;
    if bundle.is_empty() {
        return Ok(http::client(timeout)?);
    }
    http::client_trusting(timeout, Path::new(bundle))
        .map_err(|error| SettingsError(format!("outbound.ca_bundle: {error}")).into())
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
        (&mut addresses.discovery, &settings.discovery_url),
    ] {
        if !given.is_empty() {
            address.clone_from(given);
        }
    }
    EsignetOptions {
        addresses,
        claims_mapping: settings.claims_mapping_url.clone(),
        acr_mapping: settings.acr_mapping_url.clone(),
        refresh: Duration::from_secs(settings.mapping_refresh_seconds),
        timeout: Duration::from_millis(settings.timeout_ms),
    }
}

/// Who gets what the outbox holds.
pub(crate) fn of(runtime: &Runtime) -> Result<Peers, RuntimeError> {
    let settings = &runtime.settings;
    let (client, token) = (&runtime.client, &runtime.token);
    let observer = &runtime.observer;
    let hub = some(&settings.websub.url)
        .map(|url| Hub::new(client.clone(), url, token.clone()).observed(observer.clone()));
    let audit = some(&settings.audit.url).map(|url| {
        AuditManager::new(client.clone(), url, token.clone()).observed(observer.clone())
    });
    Ok(Peers {
        hub,
        audit,
        datashare: datashare(runtime)?,
        mailer: mailer(runtime)?,
    })
}

fn datashare(runtime: &Runtime) -> Result<Option<Datashare>, RuntimeError> {
    let settings = &runtime.settings.datashare;
    if settings.url.is_empty() {
        return Ok(None);
    }
    let names = (settings.policy_id.as_str(), settings.subscriber_id.as_str());
    let (client, token) = (runtime.client.clone(), runtime.token.clone());
    let datashare = Datashare::new(client, &settings.url, names, token)
        .map_err(|error| SettingsError(format!("datashare.url: {error}")))?;
    Ok(Some(datashare.observed(runtime.observer.clone())))
}

fn mailer(runtime: &Runtime) -> Result<Option<Mailer>, RuntimeError> {
    let settings = &runtime.settings;
    // Even without a notifier, so that a wrong setting is found early.
    let zone: TimeZone = settings
        .notifier
        .timezone
        .parse()
        .map_err(|error: BadTimeZone| SettingsError(format!("notifier.timezone: {error}")))?;
    let (client, token) = (&runtime.client, &runtime.token);
    let templates = match some(&settings.templates.url) {
        Some(url) => {
            let templates = Templates::new(client.clone(), url, token.clone())
                .map_err(|error| SettingsError(format!("templates.url: {error}")))?;
            Some(templates.observed(runtime.observer.clone()))
        }
        None => None,
    };
    let Some(url) = some(&settings.notifier.url) else {
        return Ok(None);
    };
    let notifier =
        Notifier::new(client.clone(), url, token.clone()).observed(runtime.observer.clone());
    Ok(Some(Mailer::new(MailerParts {
        notifier,
        templates,
        key_manager: runtime.key_manager.clone(),
        zone,
    })))
}

fn some(url: &str) -> Option<String> {
    (!url.is_empty()).then(|| url.to_owned())
}
