//! Where eSignet is.

use url::Url;

/// Addresses of eSignet's endpoints; an empty one is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EsignetAddresses {
    /// Creates clients with names in several languages.
    pub oauth_create: String,
    /// Updates them, with the client id behind it.
    pub oauth_update: String,
    /// Creates clients with a plain name.
    pub oidc_create: String,
    /// Updates them, with the client id behind it.
    pub oidc_update: String,
    /// Tells one client, with the client id behind it. Not every server has it.
    pub read: String,
    /// The discovery document.
    pub discovery: String,
}

impl EsignetAddresses {
    /// Those of an eSignet at `base`; none for an empty one.
    pub fn below(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        if base.is_empty() {
            return Self::default();
        }
        let managed = |kind: &str| format!("{base}/v1/esignet/client-mgmt/{kind}");
        Self {
            oauth_create: managed("oauth-client"),
            oauth_update: managed("oauth-client"),
            oidc_create: managed("oidc-client"),
            oidc_update: managed("oidc-client"),
            read: managed("client"),
            discovery: format!("{base}/v1/esignet/oidc/.well-known/openid-configuration"),
        }
    }
}

/// The address with one more segment; nothing when it is none.
pub(super) fn below(address: &str, client_id: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().push(client_id);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_below_the_base_and_client_ids_are_one_segment() {
        let addresses = EsignetAddresses::below("http://esignet.esignet/");

        assert_eq!(
            addresses.oidc_update,
            "http://esignet.esignet/v1/esignet/client-mgmt/oidc-client"
        );
        assert_eq!(
            below(&addresses.oauth_update, "a/b ?").unwrap().as_str(),
            "http://esignet.esignet/v1/esignet/client-mgmt/oauth-client/a%2Fb%20%3F"
        );
        assert_eq!(EsignetAddresses::below(""), EsignetAddresses::default());
    }
}
