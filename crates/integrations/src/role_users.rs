//! The users that have a role, from the identity provider's admin API
//! (contract clients-users-notifications.md §4.2).

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Response;
use serde::Deserialize;

use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::http::describe;
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// Stands for the role in the address.
const ROLE: &str = "{userRole}";
/// Longest answer, in bytes: some ten thousand users.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;

/// A client of the endpoint that lists the users of a role.
#[derive(Clone)]
pub struct RoleUsers {
    peer: Authorised,
    url: String,
}

/// A user of the realm. Derives no `Debug`: it is a person.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoleUser {
    /// User name; the provider keeps it in lower case.
    pub username: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the user may log in; `None` when the provider does not say.
    pub enabled: Option<bool>,
    attributes: Option<HashMap<String, Vec<String>>>,
}

/// Why the provider does not say. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("users with a role: {0}")]
pub struct RoleUsersError(String);

impl RoleUser {
    /// The user's language, as the provider knows it.
    pub fn language(&self) -> Option<&str> {
        let attributes = self.attributes.as_ref()?;
        let named = ["langCode", "locale"].into_iter();
        let mut values = named.filter_map(|name| attributes.get(name)?.first());
        values.find(|value| !value.is_empty()).map(String::as_str)
    }
}

impl RoleUsers {
    /// A client of the endpoint `url`, such as
    /// `http://keycloak/auth/admin/realms/mosip/roles/{userRole}/users?max=-1`.
    pub fn new(client: reqwest::Client, url: String, token: ServiceToken) -> Self {
        Self {
            peer: Authorised::new(client, token, Peer::Keycloak, TokenHeaders::BothWays),
            url,
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    fn call<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer.send(move |client| client.get(url))
    }

    /// The users that have the role; `None` without an address.
    ///
    /// # Errors
    /// When the provider does not say: that is not an empty list.
    pub async fn list(&self, role: &str) -> Result<Option<Vec<RoleUser>>, RoleUsersError> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let role = utf8_percent_encode(role, NON_ALPHANUMERIC).to_string();
        // A role's name is of letters, digits, `-` and `_`: written as it is.
        let role = role.replace("%2D", "-").replace("%5F", "_");
        let url = self.url.replace(ROLE, &role);
        let answer = self.call(&url).await;
        let mut answer = answer.map_err(|error| RoleUsersError(error.to_string()))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(RoleUsersError(format!(
                "the identity provider answers {status}"
            )));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| RoleUsersError(describe(&error)))?
        {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST_ANSWER {
                return Err(RoleUsersError("the answer is too long".to_owned()));
            }
        }
        let users = serde_json::from_slice(&bytes);
        users
            .map(Some)
            .map_err(|_error| RoleUsersError("the answer can't be read".to_owned()))
    }
}
