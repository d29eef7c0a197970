//! The token of the service account, and of an administrator of the realm
//! (contract auth.md §6).

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::breaker::{Breaker, CircuitOpen};
use crate::http::describe;
use crate::observer::{Observer, Peer};

/// A token is renewed this long before it expires; a short-lived one after
/// three quarters of its life.
const EARLY: Duration = Duration::from_secs(30);
/// A token is renewed after this long, whatever the provider says.
const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// After a failed fetch the next one waits this long.
const PAUSE: Duration = Duration::from_millis(200);

/// Fetches the service account's token when needed and keeps it until shortly
/// before it expires. Concurrent callers share one fetch, and its failure.
#[derive(Clone)]
pub struct ServiceToken {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    endpoint: String,
    grant: Grant,
    observer: Observer,
    peer: Peer,
    breaker: Breaker,
    state: Mutex<State>,
}

/// What a token is asked for with.
enum Grant {
    /// An account of ours.
    Account {
        client_id: String,
        client_secret: SecretString,
    },
    /// A person, at a client that has no secret.
    Password {
        client_id: String,
        username: String,
        password: SecretString,
    },
}

impl Grant {
    fn form(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Account {
                client_id,
                client_secret,
            } => vec![
                ("grant_type", "client_credentials"),
                ("client_id", client_id),
                ("client_secret", client_secret.expose_secret()),
            ],
            Self::Password {
                client_id,
                username,
                password,
            } => vec![
                ("grant_type", "password"),
                ("client_id", client_id),
                ("username", username),
                ("password", password.expose_secret()),
            ],
        }
    }
}

#[derive(Default)]
struct State {
    held: Option<CachedToken>,
    failed: Option<(Instant, TokenError)>,
}

struct CachedToken {
    token: SecretString,
    until: Instant,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// Why there is no token. Names the endpoint, never the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no service token: {text}")]
pub struct TokenError {
    text: String,
    logged: bool,
}

impl TokenError {
    /// Whether the log has it already: the provider hung, and was not called.
    pub(crate) const fn is_logged(&self) -> bool {
        self.logged
    }
}

impl From<CircuitOpen> for TokenError {
    fn from(hung: CircuitOpen) -> Self {
        Self {
            text: hung.to_string(),
            logged: true,
        }
    }
}

impl From<String> for TokenError {
    fn from(text: String) -> Self {
        Self {
            text,
            logged: false,
        }
    }
}

impl ServiceToken {
    /// A token source; fetches nothing yet.
    pub fn new(
        client: reqwest::Client,
        endpoint: String,
        client_id: String,
        client_secret: SecretString,
    ) -> Self {
        Self::observed(
            client,
            endpoint,
            (client_id, client_secret),
            Observer::default(),
        )
    }

    /// [`ServiceToken::new`] for the account (client id, secret), with its
    /// calls observed.
    pub fn observed(
        client: reqwest::Client,
        endpoint: String,
        (client_id, client_secret): (String, SecretString),
        observer: Observer,
    ) -> Self {
        let grant = Grant::Account {
            client_id,
            client_secret,
        };
        Self::with(client, endpoint, grant, observer)
    }

    /// The token of a person (user name, password) at the client `client_id`, which
    /// has no secret, with its calls observed.
    pub fn of_person(
        client: reqwest::Client,
        endpoint: String,
        client_id: String,
        (username, password): (String, SecretString),
        observer: Observer,
    ) -> Self {
        let grant = Grant::Password {
            client_id,
            username,
            password,
        };
        Self::with(client, endpoint, grant, observer)
    }

    fn with(client: reqwest::Client, endpoint: String, grant: Grant, observer: Observer) -> Self {
        let state = Mutex::default();
        let peer = match grant {
            Grant::Account { .. } => Peer::Token,
            Grant::Password { .. } => Peer::AdminToken,
        };
        Self {
            inner: Arc::new(Inner {
                client,
                endpoint,
                grant,
                breaker: observer.breaker(peer),
                observer,
                peer,
                state,
            }),
        }
    }

    /// A token that is still valid for a while.
    ///
    /// # Errors
    /// When the identity provider can't be reached or refuses the account.
    pub async fn get(&self) -> Result<SecretString, TokenError> {
        let mut state = self.inner.state.lock().await;
        if let Some(held) = state.held.as_ref()
            && held.until > Instant::now()
        {
            return Ok(held.token.clone());
        }
        // A caller that waited for the lock while a provider hung must not hang next.
        if let Some((at, error)) = state.failed.as_ref()
            && at.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        match self.inner.fetch().await {
            Ok(fresh) => {
                let token = fresh.token.clone();
                *state = State {
                    held: Some(fresh),
                    failed: None,
                };
                Ok(token)
            }
            Err(error) => {
                *state = State {
                    held: None,
                    failed: Some((Instant::now(), error.clone())),
                };
                Err(error)
            }
        }
    }

    /// Forgets a token that a peer has just refused, unless another caller has
    /// fetched another one meanwhile.
    pub async fn refused(&self, token: &SecretString) {
        let mut state = self.inner.state.lock().await;
        let held = state.held.as_ref().map(|held| held.token.expose_secret());
        if held == Some(token.expose_secret()) {
            state.held = None;
        }
    }

    /// Forgets the token, whichever it is.
    pub async fn forget(&self) {
        self.inner.state.lock().await.held = None;
    }
}

impl Inner {
    async fn fetch(&self) -> Result<CachedToken, TokenError> {
        if self.endpoint.is_empty() {
            let unset = "service_account.token_endpoint is not set";
            return Err(TokenError::from(unset.to_owned()));
        }
        let permit = self.breaker.permit()?;
        let request = self.client.post(&self.endpoint).form(&self.grant.form());
        let fetched = async {
            let sent = self.observer.send_unchanging(self.peer, request);
            let response = sent.await?;
            response.error_for_status()?.json().await
        };
        let answer: Result<Answer, reqwest::Error> = fetched.await;
        match &answer {
            Err(error) if error.is_timeout() => permit.timed_out(),
            _ => permit.answered(),
        }
        let answer = answer.map_err(|error| TokenError::from(describe(&error)))?;
        let lifetime = Duration::from_secs(answer.expires_in.unwrap_or(60)).min(LONGEST);
        let early = EARLY.min(lifetime / 4);
        let until = Instant::now() + lifetime.saturating_sub(early);
        Ok(CachedToken {
            token: SecretString::from(answer.access_token),
            until,
        })
    }
}
