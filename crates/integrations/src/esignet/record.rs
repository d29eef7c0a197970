//! What eSignet says about a client, for those who look for a fault.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use super::addresses::below;
use super::answers::whole;
use super::{ClientChange, Esignet};

/// What eSignet says about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientRecord {
    /// Its own record, as it tells it.
    Found(Value),
    /// It has no such client.
    Missing,
    /// It tells nobody: older servers have no such call.
    Untold,
    /// It can't be reached, or refuses us.
    Unreachable,
}

impl Esignet {
    /// Asks eSignet for a client. Servers differ in the address that tells it, so
    /// those of the two dialects and that of the newest one are tried.
    pub async fn record(&self, client_id: &str, stored: &ClientChange) -> ClientRecord {
        let own = match stored.client_name_lang_map {
            Some(_) => &self.addresses.oauth_update,
            None => &self.addresses.oidc_update,
        };
        let mut told = ClientRecord::Untold;
        for address in [Url::parse(own).ok(), beside(own)].into_iter().flatten() {
            let url = below(address.as_str(), client_id);
            let Ok(response) = self.call(Method::GET, url, None::<&()>).await else {
                return ClientRecord::Unreachable;
            };
            match response.status() {
                StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => continue,
                status if !status.is_success() => return ClientRecord::Unreachable,
                _ => {}
            }
            let body = whole(response).await.unwrap_or_default();
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            match body.get("response") {
                Some(client) if client.is_object() => {
                    return ClientRecord::Found(client.clone());
                }
                _ if body.get("errors").is_some() => told = ClientRecord::Missing,
                _ => {}
            }
        }
        told
    }
}

/// The address of the newest dialect, which stands beside the others.
fn beside(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .pop()
        .push("client");
    Some(url)
}
