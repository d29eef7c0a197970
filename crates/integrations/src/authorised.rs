//! Calls that carry the service account's token (contract integrations.md §3.1).

use std::borrow::Cow;

use futures_util::future::BoxFuture;
use reqwest::header::COOKIE;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};

use crate::breaker::{Breaker, CircuitOpen, Permit};
use crate::dispatcher::Undelivered;
use crate::http::{FailureKind, cause, describe, kind};
use crate::observer::{Observer, Peer};
use crate::service_token::{ServiceToken, TokenError};

/// The headers in which a peer expects the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenHeaders {
    /// As the cookie `Authorization`.
    Cookie,
    /// As that cookie and as a bearer token.
    BothWays,
}

/// What an operation changes at the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing, whatever its method: it may be sent twice.
    Nothing,
    /// Nothing if its method is safe, such as GET.
    OfMethod,
}

/// A client of one peer that sends the token along.
#[derive(Clone)]
pub(crate) struct Authorised {
    pub(crate) client: Client,
    token: ServiceToken,
    peer: Peer,
    headers: TokenHeaders,
    pub(crate) observer: Observer,
    /// For a peer that requests wait for.
    breaker: Option<Breaker>,
}

/// An answer, of which the body is not read yet.
#[derive(Debug)]
pub(crate) struct Answered {
    response: Response,
    permit: Option<Permit>,
}

/// Why a call has no answer. Holds no secrets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// There is no token to send.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The peer has hung repeatedly, and was not called.
    #[error(transparent)]
    Hung(#[from] CircuitOpen),
    /// There was no answer.
    #[error("{text}")]
    Transport {
        /// How the call failed.
        kind: FailureKind,
        /// What to say about it.
        text: String,
        /// What it has in common with calls of other requests that fail so.
        cause: String,
    },
}

impl CallError {
    /// Whether the log has it already: the breaker logged that the peer hangs.
    pub(crate) fn is_logged(&self) -> bool {
        match self {
            Self::Hung(_) => true,
            Self::Token(error) => error.is_logged(),
            Self::Transport { .. } => false,
        }
    }

    /// Tells the log that a call failed, with `message` as an error; nothing when it has
    /// that.
    pub(crate) fn log(&self, message: &'static str) {
        if self.is_logged() {
            return;
        }
        let cause = self.cause();
        let cause = cause.as_ref();
        pms_log::error(message, cause, |line| {
            tracing::error!(cause, error = %self, "{line}");
        });
    }

    /// [`CallError::log`] as a warning, for the call of an operation `what`: its callers
    /// can do without.
    pub(crate) fn warn(&self, message: &'static str, what: &'static str) {
        if self.is_logged() {
            return;
        }
        // Lines that count the others show the cause alone.
        let cause = format!("{what}: {}", self.cause());
        pms_log::warn(message, &cause, |line| {
            tracing::warn!(what, cause, error = %self, "{line}");
        });
    }

    /// What it has in common with calls of other requests that fail so.
    fn cause(&self) -> Cow<'_, str> {
        match self {
            Self::Transport { cause, .. } => Cow::Borrowed(cause),
            other => Cow::Owned(other.to_string()),
        }
    }
}

impl From<CallError> for Undelivered {
    fn from(error: CallError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl Answered {
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Scheme, host and port that answered.
    pub(crate) fn origin(&self) -> String {
        self.response.url().origin().ascii_serialization()
    }

    /// The path that was asked for.
    pub(crate) fn path(&self) -> String {
        self.response.url().path().to_owned()
    }

    /// The response of a peer without a breaker, or of one whose answer is not
    /// waited for any longer.
    pub(crate) fn into_response(self) -> Response {
        if let Some(permit) = self.permit {
            permit.answered();
        }
        self.response
    }

    /// Reads the answer; a peer may hang in the middle of it.
    pub(crate) async fn read<T>(
        self,
        reading: impl AsyncFnOnce(Response) -> Result<T, reqwest::Error>,
    ) -> Result<T, reqwest::Error> {
        let read = reading(self.response).await;
        if let Some(permit) = self.permit {
            match &read {
                Err(error) if error.is_timeout() => permit.timed_out(),
                _ => permit.answered(),
            }
        }
        read
    }
}

impl Authorised {
    /// A client of a peer; connects to nothing yet.
    pub(crate) fn new(
        client: Client,
        token: ServiceToken,
        peer: Peer,
        headers: TokenHeaders,
    ) -> Self {
        Self {
            client,
            token,
            peer,
            headers,
            observer: Observer::default(),
            breaker: None,
        }
    }

    /// The same client for requests that wait: a peer that hangs repeatedly is not
    /// called for a while.
    #[must_use]
    pub(crate) fn guarded(mut self) -> Self {
        self.breaker = Some(self.observer.breaker(self.peer));
        self
    }

    /// The same client for work in the background, which has the time to wait.
    #[must_use]
    pub(crate) fn patient(mut self) -> Self {
        self.breaker = None;
        self
    }

    /// The same client with a connection of its own for each call. A kept connection ends
    /// with the runtime that has opened it, such as an HTTP worker's: a task that outlives
    /// the worker would lose its call with it.
    #[must_use]
    pub(crate) fn unpooled(mut self) -> Self {
        if let Some(client) = self.observer.single_connections().cloned() {
            self.client = client;
        }
        self
    }

    /// The same client for another part of the peer, which may hang alone.
    #[must_use]
    pub(crate) fn part(&self, peer: Peer) -> Self {
        let part = Self {
            peer,
            ..self.clone()
        };
        if part.breaker.is_some() {
            part.guarded()
        } else {
            part
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub(crate) fn observed(mut self, observer: Observer) -> Self {
        self.observer = observer;
        if self.breaker.is_some() {
            self.guarded()
        } else {
            self
        }
    }

    /// Whether the peer is not called now, because it hung.
    pub(crate) fn is_hung(&self) -> bool {
        self.breaker.as_ref().is_some_and(Breaker::is_open)
    }

    /// Sends what `build` makes; once more with a fresh token when the peer
    /// takes the first for expired, since it did nothing then.
    ///
    /// Boxed: with the closure in its type, the compiler can't see that a
    /// caller's future may change threads.
    pub(crate) fn send<'a>(
        &'a self,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync + 'a,
    ) -> BoxFuture<'a, Result<Response, CallError>> {
        let answered = self.call(build);
        Box::pin(async move { Ok(answered.await?.into_response()) })
    }

    /// [`Authorised::send`] to a peer that may hang in the middle of its answer.
    pub(crate) fn call<'a>(
        &'a self,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync + 'a,
    ) -> BoxFuture<'a, Result<Answered, CallError>> {
        self.call_with(Effect::OfMethod, build)
    }

    /// [`Authorised::call`] of an operation with this effect.
    pub(crate) fn call_with<'a>(
        &'a self,
        effect: Effect,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync + 'a,
    ) -> BoxFuture<'a, Result<Answered, CallError>> {
        Box::pin(async move {
            let token = self.token.get().await?;
            let answered = self.once(effect, build(&self.client), &token).await?;
            if answered.status() != StatusCode::UNAUTHORIZED {
                // Its roles may have been given meanwhile.
                if answered.status() == StatusCode::FORBIDDEN {
                    self.token.refused(&token).await;
                }
                return Ok(answered);
            }
            drop(answered.into_response());
            self.token.refused(&token).await;
            let fresh = self.token.get().await?;
            self.once(effect, build(&self.client), &fresh).await
        })
    }

    async fn once(
        &self,
        effect: Effect,
        request: RequestBuilder,
        token: &SecretString,
    ) -> Result<Answered, CallError> {
        let permit = match &self.breaker {
            Some(breaker) => Some(breaker.permit()?),
            None => None,
        };
        let text = token.expose_secret();
        let mut request = request.header(COOKIE, format!("Authorization={text}"));
        if self.headers == TokenHeaders::BothWays {
            request = request.bearer_auth(text);
        }
        let sent = match effect {
            Effect::OfMethod => self.observer.send(self.peer, request).await,
            Effect::Nothing => self.observer.send_unchanging(self.peer, request).await,
        };
        let error = match sent {
            Ok(response) => return Ok(Answered { response, permit }),
            Err(error) => error,
        };
        match permit {
            Some(permit) if error.is_timeout() => permit.timed_out(),
            Some(permit) => permit.answered(),
            None => {}
        }
        Err(CallError::Transport {
            kind: kind(&error),
            text: describe(&error),
            cause: cause(&error),
        })
    }
}
