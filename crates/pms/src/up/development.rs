//! The parts of `pms up` that only development has.

use std::path::Path;
use std::sync::Arc;

use actix_web::web::ServiceConfig;
use pms_database::Clock;
use pms_web::Settings;
use secrecy::ExposeSecret as _;
use url::Url;

use super::{UpOptions, configured, parts};
use crate::commands::CommandError;
use crate::hub::{HUB_PATH, Hub, HubOptions};
use crate::identity::{Identity, IdentityOptions};
use crate::peers::{Listening, Peers, PeersOptions};

/// Identity provider, hub and stand-ins, as far as there are any. Clones share
/// everything.
#[derive(Clone)]
pub(super) struct Development {
    pub(super) identity: Option<Identity>,
    hub: Option<Hub>,
    pub(super) peers: Option<Peers>,
}

impl Development {
    /// Refuses what can't be, before anything is started.
    pub(super) fn check(settings: &Settings, options: &UpOptions) -> Result<(), CommandError> {
        if options.with_peers && !settings.auth.issuer.is_empty() {
            return Err(CommandError(
                "--with-peers needs the development identity provider, whose tokens the \
                 stand-ins take: auth.issuer must not be set"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// Makes what is wanted and not configured otherwise, and points the
    /// settings at it.
    pub(super) fn open(
        settings: &mut Settings,
        options: &UpOptions,
        data_dir: &Path,
        base: &Url,
    ) -> Result<Self, CommandError> {
        let identity = identity(settings, data_dir, base)?;
        let hub = hub(settings, identity.as_ref(), base)?;
        let peers = match &identity {
            Some(identity) if options.with_peers => {
                let options = PeersOptions {
                    base,
                    identity,
                    hub: hub.clone(),
                    clock: Clock::system(),
                };
                Some(Peers::open(settings, options)?)
            }
            _ => None,
        };
        Ok(Self {
            identity,
            hub,
            peers,
        })
    }

    /// Adds everything to a server.
    pub(super) fn configure(&self, app: &mut ServiceConfig) {
        if let Some(identity) = &self.identity {
            identity.configure(app);
        }
        if let Some(hub) = &self.hub {
            hub.configure(app);
        }
        if let Some(peers) = &self.peers {
            peers.configure(app);
        }
    }

    /// Subscribes the stand-in for relying modules to the hub.
    pub(super) fn listen(&self) -> Option<Listening> {
        self.peers.as_ref().map(Peers::listen)
    }
}

/// The development identity provider, unless a real issuer is configured.
fn identity(
    settings: &mut Settings,
    data_dir: &Path,
    base: &Url,
) -> Result<Option<Identity>, CommandError> {
    if !settings.auth.issuer.is_empty() {
        return Ok(None);
    }
    let mut secret = settings.service_account.client_secret.clone();
    if secret.expose_secret().is_empty() {
        secret = parts::kept_secret(&data_dir.join("service-account-secret"))?;
        settings.service_account.client_secret = secret.clone();
    }
    let options = IdentityOptions::new(data_dir.to_owned(), base.clone(), secret);
    let identity = Identity::open(options)
        .map_err(|error| CommandError::about("development identity provider", error))?;
    settings.auth.issuer = configured(&identity.issuer())?;
    settings.auth.jwks_url = configured(&identity.jwks_url())?;
    settings.service_account.token_endpoint = configured(&identity.token_endpoint())?;
    Ok(Some(identity))
}

/// The development hub, unless a real one is configured. It needs the
/// development identity provider to check its callers' tokens.
fn hub(
    settings: &mut Settings,
    identity: Option<&Identity>,
    base: &Url,
) -> Result<Option<Hub>, CommandError> {
    let (true, Some(identity)) = (settings.websub.url.is_empty(), identity) else {
        return Ok(None);
    };
    let url = base
        .join(HUB_PATH)
        .map_err(|error| CommandError::about("hub", error))?;
    settings.websub.url = configured(&url)?;
    let options = HubOptions::new(url, Arc::new(identity.clone()));
    Hub::open(options)
        .map(Some)
        .map_err(|error| CommandError::about("development hub", error))
}
