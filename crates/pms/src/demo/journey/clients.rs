//! The part of the journey with an OIDC client, where there is an eSignet.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Play, text, text_at};
use crate::commands::CommandError;

impl Play {
    /// Whether the deployment shows an eSignet.
    async fn has_esignet(&self) -> bool {
        let clients = self.deployment.open_page("/dev/esignet.json").await;
        self.cast.module.is_some() && clients.is_ok_and(|clients| clients.is_array())
    }

    /// Registers an OIDC client, looks for it at eSignet, and waits until IDA
    /// heard of it. Returns its id, if there is an eSignet.
    pub(super) async fn register_client(
        &mut self,
        seen: u64,
        policy_id: &str,
    ) -> Result<Option<String>, CommandError> {
        if !self.has_esignet().await {
            self.tell(
                "No OIDC client was made",
                "There is no eSignet here; `pms up --with-peers` brings one.",
            );
            return Ok(None);
        }
        let name = format!("Demo Bank {}", self.mark);
        let request = json!({
            "name": name,
            "policyId": policy_id,
            "publicKey": public_key()?,
            "authPartnerId": self.cast.partner_id,
            "logoUri": "https://bank.example.org/logo.png",
            "redirectUris": ["https://bank.example.org/back"],
            "grantTypes": ["authorization_code"],
            "clientAuthMethods": ["private_key_jwt"],
            "clientNameLangMap": { "eng": name },
        });
        let path = "/v1/partnermanager/oauth/client";
        let partner = self.cast.partner.clone();
        let made = partner.send(Method::POST, path, request).await?;
        let client_id = text(&made, "clientId")?;
        self.tell(
            format_args!("OIDC client {client_id}"),
            "Its id follows from its key; eSignet was asked before it was stored.",
        );
        let held = self.deployment.open_page("/dev/esignet.json").await?;
        if !held.to_string().contains(&client_id) {
            return Err(CommandError(format!(
                "eSignet does not have the client: {held}"
            )));
        }
        self.tell(
            "eSignet has the client",
            "The application can send people there to sign in.",
        );
        let is_ours = |event: &Value| {
            text_at(event, "/topic") == Some("OIDC_CLIENT_CREATED")
                && text_at(event, "/payload/event/data/clientData/clientId") == Some(&client_id)
        };
        self.until_heard(seen, "OIDC_CLIENT_CREATED", is_ours)
            .await?;
        self.tell(
            "IDA hears of the client",
            "With its partner, the partner's certificate and the policy.",
        );
        Ok(Some(client_id))
    }
}

/// A fresh public key as a JWK.
fn public_key() -> Result<Value, CommandError> {
    let pair = rcgen::KeyPair::generate();
    let pair = pair.map_err(|error| CommandError::about("a key", error))?;
    // Behind the octet that says how the point is written.
    let point = pair.public_key_raw().get(1..).unwrap_or_default();
    let (x, y) = point.split_at(point.len() / 2);
    Ok(json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
    }))
}
