//! How the portal's client shows the token endpoint who it is
//! (contract auth.md §5.2 b).

use pms_database::{Clock, ids};
use pms_domain::BusinessError;
use pms_domain::sign_in::errors::NOT_SIGNED;
use pms_integrations::KeyManager;
use pms_integrations::key_manager::UNREACHABLE;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

/// Says that the assertion is a JWT (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds that an assertion is good for: enough for clocks that differ.
const LIFETIME: i64 = 60;

/// What a client proves itself with.
pub(super) enum Proof {
    /// Its secret; an empty one is that of a client without a secret.
    Secret(SecretString),
    /// A token that the key manager signs (`private_key_jwt`).
    Signature {
        key_manager: KeyManager,
        clock: Clock,
    },
}

impl Proof {
    /// The fields that the token endpoint wants to see, besides the client's id.
    ///
    /// # Errors
    /// `KER-ACP-013` when the key manager does not sign.
    pub(super) async fn fields(
        &self,
        client_id: &str,
        endpoint: &str,
    ) -> Result<Vec<(&'static str, SecretString)>, BusinessError> {
        let (key_manager, clock) = match self {
            Self::Secret(secret) if secret.expose_secret().is_empty() => return Ok(Vec::new()),
            Self::Secret(secret) => return Ok(vec![("client_secret", secret.clone())]),
            Self::Signature { key_manager, clock } => (key_manager, clock),
        };
        let now = clock.now().timestamp();
        let claims = json!({
            "sub": client_id,
            "iss": client_id,
            "aud": endpoint,
            "exp": now + LIFETIME,
            "iat": now,
            "jti": ids::uuid(),
        });
        let signed = key_manager.sign_token(&claims).await.map_err(|rejection| {
            // Of one that can't be reached the log has a line already.
            if rejection != UNREACHABLE.into() {
                let code = rejection.code();
                pms_log::warn("the client's token is not signed", code, |line| {
                    tracing::warn!(code, "{line}");
                });
            }
            BusinessError::from(NOT_SIGNED)
        })?;
        let kind = SecretString::from(ASSERTION_TYPE);
        Ok(vec![
            ("client_assertion_type", kind),
            ("client_assertion", signed),
        ])
    }
}
