//! Names of people from the identity provider's admin API
//! (contract partner-admin.md §7).

use std::time::Duration;

use serde::Deserialize;

use crate::authorised::{Authorised, TokenHeaders};
use crate::http::describe;
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// Longest a lookup may take: names are nice to have.
const LONGEST: Duration = Duration::from_secs(2);

/// A client of the users endpoint of one realm.
#[derive(Clone)]
pub struct Keycloak {
    peer: Authorised,
    users_url: String,
}

/// First and last name of a user, as far as they are known. `Debug` is left
/// out: they are personal.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersonName {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    username: Option<String>,
    #[serde(flatten)]
    name: PersonName,
}

impl Keycloak {
    /// A client of the endpoint `users_url`, such as
    /// `http://keycloak/auth/admin/realms/mosip/users`; without one no user has
    /// a name.
    pub fn new(client: reqwest::Client, users_url: String, token: ServiceToken) -> Self {
        Self {
            peer: Authorised::new(client, token, Peer::Keycloak, TokenHeaders::BothWays).guarded(),
            users_url,
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    /// The name of the first of these users that exists, by exactly their user
    /// names, ignoring case. `None` when no user does, and when the provider does
    /// not say in time.
    pub async fn name_of(&self, usernames: &[&str]) -> Option<PersonName> {
        if self.users_url.is_empty() {
            return None;
        }
        match tokio::time::timeout(LONGEST, self.first_of(usernames)).await {
            Ok(Ok(name)) => name,
            Ok(Err(why)) => {
                why.log("names of people");
                None
            }
            Err(_elapsed) => {
                no_answer_in_time("names of people: no answer in time");
                None
            }
        }
    }

    /// Whether a user has this name, ignoring case. `None` without an address, and
    /// when the provider does not say in time.
    pub async fn has_user(&self, username: &str) -> Option<bool> {
        if self.users_url.is_empty() {
            return None;
        }
        match tokio::time::timeout(LONGEST, self.users(username)).await {
            Ok(Ok(users)) => Some(users.iter().any(|user| is_called(user, username))),
            Ok(Err(why)) => {
                why.log("whether a user has a name");
                None
            }
            Err(_elapsed) => {
                no_answer_in_time("whether a user has a name: no answer in time");
                None
            }
        }
    }

    async fn first_of(&self, usernames: &[&str]) -> Result<Option<PersonName>, NoAnswer> {
        for username in usernames.iter().filter(|name| !name.is_empty()) {
            let users = self.users(username).await?;
            if let Some(user) = users.into_iter().find(|user| is_called(user, username)) {
                return Ok(Some(user.name));
            }
        }
        Ok(None)
    }

    async fn users(&self, username: &str) -> Result<Vec<User>, NoAnswer> {
        let answer = self
            .peer
            .call(|client| {
                client
                    .get(&self.users_url)
                    .query(&[("username", username), ("exact", "true")])
            })
            .await
            .map_err(|error| NoAnswer((!error.is_logged()).then(|| error.to_string())))?;
        let users = answer
            .read(async |response| response.error_for_status()?.json().await)
            .await;
        users.map_err(|error| NoAnswer(Some(describe(&error))))
    }
}

/// Why the provider does not say; nothing when the log has it already.
struct NoAnswer(Option<String>);

impl NoAnswer {
    fn log(self, about: &'static str) {
        if let Some(error) = self.0 {
            pms_log::warn(about, &error, |line| tracing::warn!(error, "{line}"));
        }
    }
}

fn no_answer_in_time(message: &'static str) {
    pms_log::warn(message, "", |line| tracing::warn!("{line}"));
}

/// Older providers ignore `exact` and answer with every similar name.
fn is_called(user: &User, username: &str) -> bool {
    user.username
        .as_deref()
        .is_some_and(|name| name.to_lowercase() == username.to_lowercase())
}
