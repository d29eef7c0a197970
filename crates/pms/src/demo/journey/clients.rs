//! The part of the journey with an OIDC client, where there is an eSignet.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::client::text_at;
use super::accounts::{Accounts, partner};
use super::{Scenario, mark, text};
use crate::commands::CommandError;

impl Scenario {
    /// Whether the deployment shows an eSignet.
    async fn has_esignet(&self) -> bool {
        let clients = self.deployment.open_page("/dev/esignet.json").await;
        self.accounts.module.is_some() && clients.is_ok_and(|clients| clients.is_array())
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
            "authPartnerId": self.accounts.partner_id,
            "logoUri": "https://bank.example.org/logo.png",
            "redirectUris": ["https://bank.example.org/back"],
            "grantTypes": ["authorization_code"],
            "clientAuthMethods": ["private_key_jwt"],
            "clientNameLangMap": { "eng": name },
        });
        let path = "/v1/partnermanager/oauth/client";
        let partner = self.accounts.partner.clone();
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
        self.wait_for_event(seen, "OIDC_CLIENT_CREATED", is_ours)
            .await?;
        self.tell(
            "IDA hears of the client",
            "With its partner, the partner's certificate and the policy.",
        );
        Ok(Some(client_id))
    }
}

impl Scenario {
    /// A second partner with a client is deactivated: the first one keeps a working
    /// API key. Returns the client's id, if there is an eSignet.
    pub(super) async fn end_another_partner(
        &mut self,
        seen: u64,
    ) -> Result<Option<String>, CommandError> {
        let mut second = self.with_another_partner().await?;
        let (_, policy_id) = second.make_policy().await?;
        let organisation = second.register().await?;
        second.hand_in_certificates(&organisation).await?;
        second.get_key().await?;
        let Some(client_id) = second.register_client(seen, &policy_id).await? else {
            return Ok(None);
        };
        let id = second.accounts.partner_id;
        self.tell(
            format_args!("A second partner, {id}, has a client too"),
            "It was onboarded in the same steps.",
        );
        let path = format!("/v1/partnermanager/partners/{id}");
        let ended = json!({ "status": "De-active" });
        self.accounts
            .admin
            .send(Method::PATCH, &path, ended)
            .await?;
        let path = format!("/v1/partnermanager/oauth/client/{client_id}");
        let stored = self.accounts.admin.get(&path).await?;
        if text(&stored, "status")? != "INACTIVE" {
            return Err(CommandError(format!("the client did not end: {stored}")));
        }
        self.tell(
            "An admin deactivated it, and its client is INACTIVE",
            "Its API key ended at the same commit.",
        );
        self.until_inactive_at_esignet(&client_id).await?;
        self.tell(
            "The client is INACTIVE at eSignet",
            "The change came from the queue; no user can sign in with the client any more.",
        );
        let is_end = |event: &Value| {
            let data = event.pointer("/payload/event/data/clientData");
            let text = |name: &str| data.and_then(|data| data.get(name)?.as_str());
            text_at(event, "/topic") == Some("OIDC_CLIENT_UPDATED")
                && text("clientId") == Some(&client_id)
                && text("clientStatus") == Some("INACTIVE")
        };
        self.wait_for_event(seen, "OIDC_CLIENT_UPDATED", is_end)
            .await?;
        self.tell(
            "IDA hears that the client has ended",
            "By OIDC_CLIENT_UPDATED, beside the news of its partner.",
        );
        Ok(Some(client_id))
    }

    /// The same play with another partner, without a word.
    async fn with_another_partner(&self) -> Result<Self, CommandError> {
        let mark = mark()?;
        let partner_id = format!("demo-{mark}");
        let partner = partner(&self.deployment, &partner_id).await?;
        Ok(Self {
            accounts: Accounts {
                partner,
                partner_id,
                ..self.accounts.clone()
            },
            deployment: self.deployment.clone(),
            mark,
            step: 0,
            quiet: true,
        })
    }

    async fn until_inactive_at_esignet(&self, client_id: &str) -> Result<(), CommandError> {
        let inactive = tokio::time::timeout(Duration::from_secs(10), async {
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            loop {
                ticks.tick().await;
                let held = self.deployment.open_page("/dev/esignet.json").await?;
                let is_inactive = |client: &Value| {
                    text_at(client, "/clientId") == Some(client_id)
                        && text_at(client, "/status") == Some("INACTIVE")
                };
                if held
                    .as_array()
                    .is_some_and(|held| held.iter().any(is_inactive))
                {
                    return Ok::<_, CommandError>(());
                }
            }
        });
        inactive.await.map_err(|_elapsed| {
            CommandError(format!("eSignet still has the client {client_id} active"))
        })?
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
