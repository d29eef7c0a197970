//! The provider's token endpoint: from code to access token
//! (contract auth.md §5.2 b).

use pms_domain::BusinessError;
use pms_domain::sign_in::errors::{PROVIDER_REFUSED, PROVIDER_UNREACHABLE, PROVIDER_UNREADABLE};
use pms_integrations::Observer;
use pms_integrations::observer::Peer;
use pms_runtime::Runtime;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::proof::Proof;

/// Longest text of the provider's that is passed on, in characters.
const LONGEST_REASON: usize = 300;

/// The token endpoint, for the portal's client.
pub(super) struct Provider {
    client: reqwest::Client,
    observer: Observer,
    endpoint: String,
    client_id: String,
    proof: Proof,
}

/// What a code is redeemed with.
pub(super) struct Redemption<'a> {
    pub(super) code: &'a str,
    /// Exactly as it was sent to the provider at first.
    pub(super) redirect_uri: &'a str,
    pub(super) verifier: &'a str,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: Option<String>,
    error_description: Option<String>,
}

impl Provider {
    pub(super) fn new(
        runtime: &Runtime,
        (client_id, client_secret): (String, SecretString),
    ) -> Self {
        let proof = if runtime.settings.auth.private_key_jwt {
            if client_id == runtime.settings.service_account.client_id {
                tracing::warn!(
                    "auth.private_key_jwt needs a client of its own: the service account shows a secret"
                );
            }
            Proof::Signature {
                key_manager: runtime.key_manager.clone(),
                clock: runtime.clock.clone(),
            }
        } else {
            Proof::Secret(client_secret)
        };
        Self {
            client: runtime.client.clone(),
            observer: runtime.observer.clone(),
            endpoint: runtime.settings.login_token_endpoint(),
            client_id,
            proof,
        }
    }

    /// The access token that a code stands for; not verified yet.
    pub(super) async fn redeem(
        &self,
        redemption: &Redemption<'_>,
    ) -> Result<SecretString, BusinessError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.client_id.as_str()),
            ("code", redemption.code),
            ("redirect_uri", redemption.redirect_uri),
            ("code_verifier", redemption.verifier),
        ];
        let proof = self.proof.fields(&self.client_id, &self.endpoint).await?;
        let shown = proof
            .iter()
            .map(|(name, value)| (*name, value.expose_secret()));
        form.extend(shown);
        let request = self.client.post(&self.endpoint).form(&form);
        let unreachable = |error: reqwest::Error| {
            // Without the URL: nothing of the request belongs into a log.
            tracing::warn!(error = %error.without_url(), "the token endpoint does not answer");
            BusinessError::from(PROVIDER_UNREACHABLE)
        };
        let answer = self.observer.send(Peer::Token, request).await;
        let answer = answer.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return match serde_json::from_slice::<Granted>(&body) {
                Ok(granted) => Ok(granted.access_token),
                Err(_unreadable) => Err(unreadable(status.as_u16())),
            };
        }
        let Ok(refused) = serde_json::from_slice::<Refused>(&body) else {
            return Err(unreadable(status.as_u16()));
        };
        let reason = refused.error_description.or(refused.error);
        let reason: String = reason
            .unwrap_or_else(|| format!("HTTP status {}", status.as_u16()))
            .chars()
            .take(LONGEST_REASON)
            .collect();
        tracing::info!(%status, reason, "the token endpoint refuses a code");
        Err(PROVIDER_REFUSED.with(&[&reason]))
    }
}

fn unreadable(status: u16) -> BusinessError {
    tracing::warn!(status, "the token endpoint answers with something else");
    let detail = format!("(HTTP status {status}, no JSON object of OAuth 2.0)");
    PROVIDER_UNREADABLE.with(&[&detail])
}
