//! The HTTP client that all peers share: pooled, bounded in time, with TLS
//! that is always verified.
//!
//! It repeats nothing by itself but what a server has provably not started. What
//! changes nothing is repeated once by the [`Observer`](crate::Observer), when the peer
//! has closed the connection instead of answering.

use std::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Longest a connection may take to open.
const CONNECT: Duration = Duration::from_secs(3);
/// Unused connections are kept this long.
const IDLE: Duration = Duration::from_secs(30);

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The file of more authorities can't be read.
    #[error("{0} can't be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file of more authorities has other content than certificates.
    #[error("{0} holds no usable PEM certificate")]
    NoCertificate(PathBuf),
    /// The TLS configuration of the machine can't be used.
    #[error(transparent)]
    Tls(#[from] reqwest::Error),
}

/// A pooled client that connects within 3 s and gives up after `timeout`.
///
/// # Errors
/// When the TLS configuration of the machine can't be used.
pub fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    builder(timeout).build()
}

/// [`client`] that also trusts the authorities in the PEM file `bundle`, beside
/// those of the machine.
///
/// # Errors
/// When the file can't be read or holds no certificate, and as [`client`].
pub fn client_trusting(timeout: Duration, bundle: &Path) -> Result<reqwest::Client, ClientError> {
    trusting(builder(timeout), bundle)
}

fn trusting(
    builder: reqwest::ClientBuilder,
    bundle: &Path,
) -> Result<reqwest::Client, ClientError> {
    let pem =
        std::fs::read(bundle).map_err(|error| ClientError::Unreadable(bundle.to_owned(), error))?;
    let authorities = reqwest::Certificate::from_pem_bundle(&pem)
        .ok()
        .filter(|authorities| !authorities.is_empty())
        .ok_or_else(|| ClientError::NoCertificate(bundle.to_owned()))?;
    Ok(builder.tls_certs_merge(authorities).build()?)
}

/// A client without kept connections, made when it is needed for the first time: few
/// processes ever do, and to make one takes some milliseconds. Cloning shares it.
#[derive(Debug, Clone)]
pub struct FreshConnections {
    timeout: Duration,
    bundle: Option<PathBuf>,
    made: Arc<OnceLock<Option<reqwest::Client>>>,
}

impl FreshConnections {
    /// As [`client`], or [`client_trusting`] with a `bundle`.
    pub fn new(timeout: Duration, bundle: Option<PathBuf>) -> Self {
        Self {
            timeout,
            bundle,
            made: Arc::default(),
        }
    }

    /// The client; `None` when it can't be made.
    pub(crate) fn client(&self) -> Option<&reqwest::Client> {
        let make = || {
            let builder = builder(self.timeout).pool_max_idle_per_host(0);
            let made = match &self.bundle {
                None => builder.build().map_err(ClientError::from),
                Some(bundle) => trusting(builder, bundle),
            };
            made.inspect_err(|error| tracing::warn!(%error, "no client for single connections"))
                .ok()
        };
        self.made.get_or_init(make).as_ref()
    }
}

/// Whether the peer has closed the connection instead of answering: it was kept, and
/// the peer had ended it, or the peer ended while it worked.
pub(crate) fn is_closed(error: &reqwest::Error) -> bool {
    if error.is_timeout() || error.is_connect() {
        return false;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        let ended = error.downcast_ref::<hyper::Error>();
        let broken = error.downcast_ref::<std::io::Error>();
        if ended.is_some_and(|error| error.is_incomplete_message() || error.is_canceled())
            || broken.is_some_and(|error| BROKEN.contains(&error.kind()))
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// What the system says of a connection that the peer has closed.
const BROKEN: [ErrorKind; 4] = [
    ErrorKind::ConnectionReset,
    ErrorKind::ConnectionAborted,
    ErrorKind::BrokenPipe,
    ErrorKind::NotConnected,
];

fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(timeout)
        .pool_idle_timeout(IDLE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("pms/", env!("CARGO_PKG_VERSION")))
}

/// What went wrong, without the URL's query (it may hold names) or a body.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    let path = error.url().map_or("", reqwest::Url::path);
    cause(error) + path
}

/// What calls that fail alike have in common: [`describe`] without the path, which may be
/// another one for each request. The same peer may have parts on several hosts.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let kind = kind(error).text();
    match error.url() {
        Some(url) => format!("{kind}: {}", url.origin().ascii_serialization()),
        None => kind.to_owned(),
    }
}

/// How a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The peer did not answer in time.
    Timeout,
    /// There was no connection.
    Unreachable,
    /// The answer can't be read.
    Unreadable,
    /// The connection broke, or anything else.
    Broken,
}

impl FailureKind {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Timeout => "timed out",
            Self::Unreachable => "can't connect",
            Self::Unreadable => "answered with something unreadable",
            Self::Broken => "failed",
        }
    }

    /// The kind as a label of metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Unreadable => "unreadable",
            Self::Broken => "broken",
        }
    }
}

/// What went wrong in a call, in a few words: all that calls to one peer that fail for
/// the same reason have in common.
pub fn reason(error: &reqwest::Error) -> &'static str {
    kind(error).text()
}

pub(crate) fn kind(error: &reqwest::Error) -> FailureKind {
    // A connection that was not made in time is both; nothing was sent then.
    if error.is_connect() {
        FailureKind::Unreachable
    } else if error.is_timeout() {
        FailureKind::Timeout
    } else if error.is_decode() {
        FailureKind::Unreadable
    } else {
        FailureKind::Broken
    }
}
