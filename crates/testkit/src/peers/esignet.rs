//! eSignet on a port of its own, and the files that map claims and ACR values.

use pms_database::Clock;
use pms_peers::esignet::Esignet;
pub use pms_peers::esignet::{ACR_MAPPING, CLAIMS_MAPPING, Client, Release};

use super::stand_in::{Served, faulty};

/// An eSignet on a free port of loopback.
pub struct EsignetPeer {
    served: Served<Esignet>,
}

impl EsignetPeer {
    /// Starts a present release without clients.
    pub fn start() -> Self {
        Self::of(Release::Newer, Clock::system())
    }

    /// Starts this release without clients; it refuses requests that are not of
    /// the time of `clock`.
    pub fn of(release: Release, clock: Clock) -> Self {
        Self {
            served: Served::at(Esignet::of(release), clock),
        }
    }

    /// Its base address.
    pub fn url(&self) -> String {
        self.served.url("")
    }

    /// Address of the mapping of claims.
    pub fn claims_mapping_url(&self) -> String {
        self.served.url(CLAIMS_MAPPING)
    }

    /// Address of the mapping of ACR values.
    pub fn acr_mapping_url(&self) -> String {
        self.served.url(ACR_MAPPING)
    }

    /// The clients, oldest first.
    pub fn clients(&self) -> Vec<Client> {
        self.served.work().clients()
    }

    /// It is of this release from now on, with the clients that it has.
    pub fn become_release(&self, release: Release) {
        self.served.work().become_release(release);
    }

    /// Forgets all clients.
    pub fn forget(&self) {
        self.served.work().forget();
    }

    /// Has a client that was not registered here: the members of a create, and
    /// its `status`.
    pub fn put_client(&self, request: &serde_json::Value) {
        self.served.work().put_client(request);
    }

    /// Supports these claims from now on.
    pub fn support_claims(&self, claims: &[&str]) {
        self.served.work().support_claims(claims);
    }

    /// The mapping of claims has this text from now on.
    pub fn put_claims_mapping(&self, text: &str) {
        self.served.work().put_claims_mapping(text);
    }

    /// The mapping of ACR values has this text from now on.
    pub fn put_acr_mapping(&self, text: &str) {
        self.served.work().put_acr_mapping(text);
    }
}

faulty!(EsignetPeer);
