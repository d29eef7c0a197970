//! Users that are made in the identity provider, through its admin API
//! (contract clients-users-notifications.md §2.2).
//!
//! Every call carries the token of the service account. Where that account may
//! not do it, the call is repeated with the token of an administrator, if there is
//! one: a call that was refused has done nothing.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

use crate::authorised::{Answered, Authorised, CallError, TokenHeaders};
use crate::http::describe;
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// A client of one realm's users and roles.
#[derive(Clone)]
pub struct KeycloakUsers {
    account: Authorised,
    admin: Option<Authorised>,
    realm_url: String,
}

/// A user to make. Derives no `Debug`: it is a person, with a password.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewUser {
    /// User name; the provider keeps it in lower case.
    pub username: String,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// E-mail address.
    pub email: String,
    /// Whether the user may log in.
    pub enabled: bool,
    /// What else is known.
    pub attributes: Attributes,
    /// One password, or none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<Password>,
}

/// Attributes of a user, lists each; what is not known is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attributes {
    /// Telephone number.
    pub mobile: [String; 1],
    /// Organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<[String; 1]>,
    /// Partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<[String; 1]>,
}

/// A password.
#[derive(Serialize)]
pub struct Password {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(serialize_with = "exposed")]
    value: SecretString,
}

impl From<SecretString> for Password {
    fn from(value: SecretString) -> Self {
        Self {
            kind: "password",
            value,
        }
    }
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

/// Why the provider did not do what was requested. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// It can't be called, or its answer was lost.
    #[error("{0}")]
    Unreachable(String),
    /// It has hung repeatedly and was not called, which the log has.
    #[error("the identity provider hangs")]
    Hung,
    /// It refuses.
    #[error("{what}: the identity provider answers {status}")]
    Refused {
        /// What was requested.
        what: &'static str,
        /// Its HTTP status.
        status: u16,
        /// Whether it says why, in `errorMessage`.
        explained: bool,
    },
    /// It answers with something else than the admin API does.
    #[error("{0}: the answer of the identity provider can't be read")]
    Unreadable(&'static str),
}

#[derive(Deserialize)]
struct Found {
    id: String,
    #[serde(default)]
    username: Option<String>,
}

/// A role as the provider describes and takes it.
#[derive(Serialize, Deserialize)]
struct Role {
    id: String,
    name: String,
}

impl KeycloakUsers {
    /// A client of the realm whose admin API is at `realm_url`, such as
    /// `http://keycloak/auth/admin/realms/mosip`. `admin` is the token of an
    /// administrator for what the service account may not do.
    pub fn new(
        client: &Client,
        realm_url: String,
        account: ServiceToken,
        admin: Option<ServiceToken>,
    ) -> Self {
        let peer = |token| {
            Authorised::new(
                client.clone(),
                token,
                Peer::Keycloak,
                TokenHeaders::BothWays,
            )
            .guarded()
        };
        Self {
            account: peer(account),
            admin: admin.map(peer),
            realm_url,
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: &Observer) -> Self {
        self.account = self.account.observed(observer.clone());
        self.admin = self.admin.map(|admin| admin.observed(observer.clone()));
        self
    }

    /// Whether a user has this name, ignoring case, as the provider does.
    ///
    /// # Errors
    /// When the provider does not say.
    pub async fn exists(&self, username: &str) -> Result<bool, UserError> {
        Ok(self.find(username).await?.is_some())
    }

    /// Makes a user with one role of the realm. The role is looked up before, so
    /// that no user is made for one that the realm lacks; a user who can't be given
    /// the role is removed again.
    ///
    /// # Errors
    /// When the realm has no such role, has a user with the same name or address, or
    /// the provider does not do it.
    pub async fn register(&self, user: &NewUser, role: &str) -> Result<(), UserError> {
        let role = self.role(role).await?;
        let users = self.url(&["users"])?;
        self.call("making a user", |client| {
            client.request(Method::POST, users.clone()).json(user)
        })
        .await?;
        let made = self.find(&user.username).await?;
        let made = made.ok_or(UserError::Unreadable("looking up a new user"))?;
        let given = self.give(&made.id, &role).await;
        if given.is_err()
            && let Err(error) = self.remove(&made.id).await
        {
            let id = made.id;
            tracing::error!(%error, id, "a user without a role is left at the identity provider");
        }
        given
    }

    async fn find(&self, username: &str) -> Result<Option<Found>, UserError> {
        const WHAT: &str = "looking up a user";
        let users = self.url(&["users"])?;
        let answer = self.call(WHAT, |client| {
            let request = client.request(Method::GET, users.clone());
            request.query(&[("username", username), ("exact", "true")])
        });
        let found: Vec<Found> = read(WHAT, answer.await?).await?;
        let name = username.to_lowercase();
        // Older providers ignore `exact` and answer with every similar name.
        let is_it = |user: &Found| user.username.as_ref().map(|name| name.to_lowercase());
        Ok(found
            .into_iter()
            .find(|user| is_it(user).as_deref() == Some(name.as_str())))
    }

    async fn role(&self, name: &str) -> Result<Role, UserError> {
        const WHAT: &str = "looking up a role";
        let url = self.url(&["roles", name])?;
        let answer = self.call(WHAT, |client| client.request(Method::GET, url.clone()));
        let role: Role = read(WHAT, answer.await?).await?;
        if role.name == name {
            Ok(role)
        } else {
            Err(UserError::Unreadable(WHAT))
        }
    }

    async fn give(&self, user_id: &str, role: &Role) -> Result<(), UserError> {
        let url = self.url(&["users", user_id, "role-mappings", "realm"])?;
        self.call("giving a role", |client| {
            client.request(Method::POST, url.clone()).json(&[role])
        })
        .await?;
        Ok(())
    }

    async fn remove(&self, user_id: &str) -> Result<(), UserError> {
        let url = self.url(&["users", user_id])?;
        self.call("removing a user", |client| {
            client.request(Method::DELETE, url.clone())
        })
        .await?;
        Ok(())
    }

    /// An address below the realm; every segment is encoded.
    fn url(&self, segments: &[&str]) -> Result<Url, UserError> {
        let unset = || UserError::Unreachable("keycloak.realm_url is not set".to_owned());
        let mut url = Url::parse(&self.realm_url).map_err(|_error| unset())?;
        url.path_segments_mut()
            .map_err(|()| unset())?
            .pop_if_empty()
            .extend(segments);
        Ok(url)
    }

    /// Asks, and takes nothing but a success.
    async fn call(
        &self,
        what: &'static str,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync,
    ) -> Result<Answered, UserError> {
        let mut answer = self.account.call(&build).await;
        if let Some(admin) = &self.admin
            && is_not_enough(&answer)
        {
            match admin.call(&build).await {
                Ok(better) => answer = Ok(better),
                Err(error) => error.warn("a call as the realm's administrator failed", what),
            }
        }
        let answer = answer.map_err(|error| {
            if error.is_logged() {
                UserError::Hung
            } else {
                UserError::Unreachable(error.to_string())
            }
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body = answer.read(Response::json::<serde_json::Value>).await;
        let body = body.unwrap_or_default();
        Err(UserError::Refused {
            what,
            status: status.as_u16(),
            explained: body.get("errorMessage").is_some_and(|why| !why.is_null()),
        })
    }
}

/// Whether the service account's token was not enough for a call.
fn is_not_enough(answer: &Result<Answered, CallError>) -> bool {
    match answer {
        Ok(answer) => matches!(
            answer.status(),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        ),
        Err(error) => matches!(error, CallError::Token(_)),
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    what: &'static str,
    answer: Answered,
) -> Result<T, UserError> {
    let read = answer.read(Response::json::<T>).await;
    read.map_err(|error| {
        if error.is_decode() {
            UserError::Unreadable(what)
        } else {
            UserError::Unreachable(describe(&error))
        }
    })
}
