//! The provider's own addresses, and the ones it may send a browser to.

use std::net::IpAddr;

use url::{Host, Origin, Url};

use super::options::{IdentityError, IdentityOptions};

/// Path of the realm; everything the provider serves is below it.
pub(super) const REALM: &str = "/auth/realms/mosip";

/// Longest address a browser is sent to.
const MAX_REDIRECT: usize = 4096;

/// Addresses derived from [`IdentityOptions::issuer_base`].
pub(super) struct Addresses {
    issuer: Url,
    origins: Vec<Origin>,
    form_targets: String,
}

impl Addresses {
    pub(super) fn new(options: &IdentityOptions) -> Result<Self, IdentityError> {
        let base = &options.issuer_base;
        let unusable = || IdentityError::Base(base.clone());
        if !is_web(base) {
            return Err(unusable());
        }
        let mut issuer = base.clone();
        issuer.set_path(REALM);
        issuer.set_query(None);
        issuer.set_fragment(None);
        let allowed = options.redirect_origins.iter().map(Url::origin);
        let origins: Vec<Origin> = std::iter::once(issuer.origin()).chain(allowed).collect();
        let mut form_targets = "'self' http://localhost:* http://127.0.0.1:*".to_owned();
        for origin in &origins {
            form_targets.push(' ');
            form_targets.push_str(&origin.ascii_serialization());
        }
        Ok(Self {
            issuer,
            origins,
            form_targets,
        })
    }

    /// The claim `iss`.
    pub(super) const fn issuer(&self) -> &Url {
        &self.issuer
    }

    /// The address of something below the realm.
    pub(super) fn endpoint(&self, path: &str) -> Url {
        let mut url = self.issuer.clone();
        url.set_path(&format!("{REALM}{path}"));
        url
    }

    /// Where a form of ours may lead, redirects included, as CSP sources.
    pub(super) fn form_targets(&self) -> &str {
        &self.form_targets
    }

    /// Whether browsers must keep our cookies to encrypted connections.
    pub(super) fn is_https(&self) -> bool {
        self.issuer.scheme() == "https"
    }

    /// The address, if a browser may be sent there: this machine, the provider's own origin
    /// or one of the configured ones.
    pub(super) fn redirect(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text)
            .ok()
            .filter(|_| text.len() <= MAX_REDIRECT)?;
        let allowed = is_web(&url) && (is_loopback(&url) || self.origins.contains(&url.origin()));
        (allowed && url.username().is_empty() && url.password().is_none()).then_some(url)
    }
}

/// Whether the host of an address is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}
