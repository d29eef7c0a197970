//! Calls that carry the service account's token (contract integrations.md §3.1).

use futures_util::future::BoxFuture;
use reqwest::header::COOKIE;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};

use crate::breaker::{Breaker, CircuitOpen, Permit};
use crate::dispatcher::Undelivered;
use crate::http::{FailureKind, describe, kind};
use crate::observer::{Observer, Peer};
use crate::service_token::{ServiceToken, TokenError};

/// How a peer wants the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carried {
    /// As the cookie `Authorization`.
    Cookie,
    /// As that cookie and as a bearer token.
    BothWays,
}

/// A client of one peer that sends the token along.
#[derive(Clone)]
pub(crate) struct Authorised {
    pub(crate) client: Client,
    pub(crate) token: ServiceToken,
    pub(crate) peer: Peer,
    pub(crate) carried: Carried,
    pub(crate) observer: Observer,
}

/// Why a call has no answer. Holds no secrets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// There is no token to send.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The peer has hung repeatedly, and was not asked.
    #[error(transparent)]
    Hung(#[from] CircuitOpen),
    /// There was no answer.
    #[error("{text}")]
    Transport {
        /// How the call failed.
        kind: FailureKind,
        /// Whether that took all the time there was.
        timed_out: bool,
        /// What to say about it.
        text: String,
    },
}

impl From<CallError> for Undelivered {
    fn from(error: CallError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl Authorised {
    /// Sends what `build` makes; once more with a fresh token when the peer
    /// takes the first for expired, since it did nothing then.
    ///
    /// Boxed: with the closure in its type, the compiler can't see that a
    /// caller's future may change threads.
    pub(crate) fn send<'a>(
        &'a self,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync + 'a,
    ) -> BoxFuture<'a, Result<Response, CallError>> {
        Box::pin(async move {
            let token = self.token.get().await?;
            let response = self.once(build(&self.client), &token).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                // Its roles may have been given meanwhile.
                if response.status() == StatusCode::FORBIDDEN {
                    self.token.refused(&token).await;
                }
                return Ok(response);
            }
            self.token.refused(&token).await;
            let fresh = self.token.get().await?;
            self.once(build(&self.client), &fresh).await
        })
    }

    /// [`Authorised::send`] to a peer that may hang: not at all while `breaker`
    /// is open. The reader of the answer reports to the permit how the call ended,
    /// since a peer may hang in the middle of its answer.
    pub(crate) async fn send_guarded(
        &self,
        breaker: &Breaker,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync,
    ) -> Result<(Response, Permit), CallError> {
        let permit = breaker.permit()?;
        let error = match self.send(build).await {
            Ok(response) => return Ok((response, permit)),
            Err(error) => error,
        };
        match &error {
            CallError::Transport {
                timed_out: true, ..
            } => permit.timed_out(),
            // That was the identity provider: of the peer nothing is known.
            CallError::Token(_) | CallError::Hung(_) => drop(permit),
            CallError::Transport { .. } => permit.answered(),
        }
        Err(error)
    }

    async fn once(
        &self,
        request: RequestBuilder,
        token: &SecretString,
    ) -> Result<Response, CallError> {
        let text = token.expose_secret();
        let mut request = request.header(COOKIE, format!("Authorization={text}"));
        if self.carried == Carried::BothWays {
            request = request.bearer_auth(text);
        }
        self.observer
            .send(self.peer, request)
            .await
            .map_err(|error| CallError::Transport {
                kind: kind(&error),
                timed_out: error.is_timeout(),
                text: describe(&error),
            })
    }
}
