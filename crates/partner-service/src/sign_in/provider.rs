//! The provider's token endpoint: from code to access token
//! (contract auth.md §5.2 b).

use actix_web::web::Bytes;
use pms_domain::BusinessError;
use pms_domain::sign_in::errors::{PROVIDER_REFUSED, PROVIDER_UNREACHABLE, PROVIDER_UNREADABLE};
use pms_integrations::http::reason;
use pms_integrations::observer::Peer;
use pms_integrations::{Breaker, Observer};
use pms_runtime::Runtime;
use reqwest::StatusCode;
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
    peer: Peer,
    breaker: Breaker,
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
        let endpoint = runtime.settings.login_token_endpoint();
        // One endpoint has one breaker; another one may hang alone.
        let peer = if endpoint == runtime.settings.token_endpoint() {
            Peer::Token
        } else {
            Peer::LoginToken
        };
        Self {
            client: runtime.client.clone(),
            breaker: runtime.observer.breaker(peer),
            observer: runtime.observer.clone(),
            endpoint,
            peer,
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
        let (status, body) = self.ask(&form).await?;
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

    /// What the endpoint answers: status and body. It is not asked while it hangs,
    /// and the code stays good for another attempt then.
    async fn ask(&self, form: &[(&str, &str)]) -> Result<(StatusCode, Bytes), BusinessError> {
        // The breaker has told the log that it refuses.
        let permit = self.breaker.permit();
        let permit = permit.map_err(|_hung| BusinessError::from(PROVIDER_UNREACHABLE))?;
        let request = self.client.post(&self.endpoint).form(form);
        let exchange = async {
            let answer = self.observer.send(self.peer, request).await?;
            Ok((answer.status(), answer.bytes().await?))
        };
        let answer: Result<_, reqwest::Error> = exchange.await;
        match &answer {
            Err(error) if error.is_timeout() => permit.timed_out(),
            _ => permit.answered(),
        }
        answer.map_err(|error| {
            // Without the URL: nothing of the request belongs into a log.
            let error = reason(&error);
            pms_log::warn("the token endpoint does not answer", error, |line| {
                tracing::warn!(error, "{line}");
            });
            PROVIDER_UNREACHABLE.into()
        })
    }
}

fn unreadable(status: u16) -> BusinessError {
    let message = "the token endpoint answers with something else";
    pms_log::warn(message, &status.to_string(), |line| {
        tracing::warn!(status, "{line}");
    });
    let detail = format!("(HTTP status {status}, no JSON object of OAuth 2.0)");
    PROVIDER_UNREADABLE.with(&[&detail])
}
