//! eSignet's client management (contract clients-users-notifications.md §1.12), and the documents
//! that a client's claims and ACR values are derived from
//! (contract clients-users-notifications.md §1.4, §1.5).
//!
//! # What is repeated, and what never is
//!
//! Every call is sent again with a fresh token when eSignet takes the first for
//! expired: it did nothing then. Beyond that:
//!
//! - An **update** sets everything that it names, so it may be sent any number
//!   of times; it is sent once more when the connection breaks.
//! - A **create** is never repeated here. When its answer is lost (a time-out, a
//!   broken connection, 5xx, an answer that says nothing), eSignet may have the
//!   client or not, and [`Unregistered::Unknown`] says so.
//! - A later create of the same client is then refused as `duplicate_client_id`
//!   if the first one came through. That refusal is a success of ours **only if**
//!   the caller knows, from its own records, that it sent a create of this
//!   client id for this relying party whose outcome it never learned, that eSignet had
//!   not refused the key before, and eSignet takes an update with the same details
//!   afterwards ([`Esignet::take_up`]). Without such a record the refusal stands, since an
//!   update neither names nor changes the relying party, and public keys are public: any
//!   partner could take over the redirect URIs of a client that another one registered. Two
//!   things outweigh that: eSignet's own record of the client ([`Esignet::record`], which
//!   few servers offer) names the relying party or another, or an administrator decides.

mod addresses;
mod answers;
mod call;
mod change;
mod ending;
mod mapping_file;
mod options;
mod outcome;
mod record;
mod registration;
mod requests;
mod unstored;
mod updates;

use std::sync::Arc;
use std::time::Duration;

use pms_database::Clock;
use pms_domain::oidc_clients::errors::{AMRS_UNREADABLE, CLAIMS_UNREADABLE};
use pms_domain::oidc_clients::{AcrMapping, ClaimsMapping};
use pms_domain::{BusinessError, ErrorDef};
use reqwest::Method;
use url::Url;

use crate::authorised::{Authorised, TokenHeaders};
use crate::breaker::Breaker;
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;
pub use addresses::EsignetAddresses;
use answers::Fault;
pub use answers::Supported;
use mapping_file::{MappingFile, Source};
pub use options::EsignetOptions;
pub use outcome::Unregistered;
pub use record::{ClientRecord, Owner};
pub use requests::{ClientChange, NewClient};
pub use unstored::UnstoredClient;
pub use updates::ClientUpdates;

/// eSignet has a client with this id already.
pub const DUPLICATE_CLIENT_ID: &str = "duplicate_client_id";
/// eSignet does not take the key; newer servers say so of a key that a client has.
pub const INVALID_PUBLIC_KEY: &str = "invalid_public_key";
/// eSignet has no such client, or not one with such an id.
const INVALID_CLIENT_ID: &str = "invalid_client_id";
/// eSignet does not support a claim (any more).
const INVALID_CLAIM: &str = "invalid_claim";
/// eSignet can't be reached for an update, or refuses us
/// contract clients-users-notifications.md §1.9).
pub const UPDATE_UNREACHABLE: ErrorDef = ErrorDef::new(
    "PMS_PRT_500",
    "Unable to process the request.PMS_KKS_001 --> Error while accessing the API.Please check the logs.",
);

/// A client of eSignet. Clones share the mappings.
#[derive(Clone)]
pub struct Esignet {
    peer: Authorised,
    /// Of the server of the mapping files.
    files: Breaker,
    addresses: Arc<EsignetAddresses>,
    claims: Arc<MappingFile<ClaimsMapping>>,
    acrs: Arc<MappingFile<AcrMapping>>,
    timeout: Duration,
    clock: Clock,
}

impl Esignet {
    /// A client; connects to nothing yet. `clock` stamps the requests: eSignet
    /// refuses those that are more than two minutes off.
    pub fn new(
        client: reqwest::Client,
        token: ServiceToken,
        options: EsignetOptions,
        clock: Clock,
    ) -> Self {
        let EsignetOptions {
            addresses,
            claims_mapping,
            acr_mapping,
            refresh,
            timeout,
        } = options;
        let claims = Source {
            url: claims_mapping,
            refresh,
            absent: CLAIMS_UNREADABLE,
        };
        let acrs = Source {
            url: acr_mapping,
            refresh,
            absent: AMRS_UNREADABLE,
        };
        Self {
            files: Breaker::default(),
            peer: Authorised::new(client, token, Peer::Esignet, TokenHeaders::BothWays).guarded(),
            addresses: Arc::new(addresses),
            claims: Arc::new(claims.reading(ClaimsMapping::read, ClaimsMapping::built_in)),
            acrs: Arc::new(acrs.reading(AcrMapping::read, AcrMapping::built_in)),
            timeout,
            clock,
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.files = observer.breaker(Peer::EsignetMappings);
        self.peer = self.peer.observed(observer);
        self
    }

    /// The same client for work in the background, which may wait for an eSignet
    /// that hangs.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.peer = self.peer.patient();
        self
    }

    /// The same client for a task that may outlive the HTTP workers: each call has a
    /// connection of its own, since a kept one may be a worker's, and ends with it.
    #[must_use]
    pub fn unpooled(mut self) -> Self {
        self.peer = self.peer.unpooled();
        self
    }

    /// The claims that eSignet supports, in its order.
    ///
    /// # Errors
    /// `PMS_KKS_001` when its discovery document can't be fetched or does not
    /// say.
    pub async fn supported_claims(&self) -> Result<Vec<String>, BusinessError> {
        let supported = self.supported().await?;
        supported.claims.ok_or_else(|| {
            let message = "eSignet's discovery document names no supported claims";
            pms_log::error(message, "", |line| tracing::error!("{line}"));
            crate::key_manager::UNREACHABLE.into()
        })
    }

    /// What eSignet's discovery document says that it supports.
    ///
    /// # Errors
    /// `PMS_KKS_001` when it can't be fetched.
    pub async fn supported(&self) -> Result<Supported, BusinessError> {
        let discovered = async {
            let url = Url::parse(&self.addresses.discovery).ok();
            // Alone: what it says tells nothing of the client management.
            let document = self.peer.part(Peer::EsignetDiscovery);
            let answer = self.ask(&document, Method::GET, url, None::<&()>).await?;
            answers::supported(answer).await
        };
        let unreachable = crate::key_manager::UNREACHABLE;
        discovered.await.map_err(|_fault: Fault| unreachable.into())
    }

    /// The mapping of claims, fetched at intervals; the last one while its server
    /// is away.
    ///
    /// # Errors
    /// `PMS-MSD-393` when there has never been one.
    pub async fn claims_mapping(&self) -> Result<Arc<ClaimsMapping>, ErrorDef> {
        self.claims.get(&self.peer, &self.files, self.timeout).await
    }

    /// The mapping of ACR values, as [`Esignet::claims_mapping`].
    ///
    /// # Errors
    /// `PMS-MSD-395` when there has never been one, or its ways to authenticate
    /// can't be read, `PMS-MSD-394` when its values can't.
    pub async fn acr_mapping(&self) -> Result<Arc<AcrMapping>, ErrorDef> {
        self.acrs.get(&self.peer, &self.files, self.timeout).await
    }
}
