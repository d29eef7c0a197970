//! What the identity provider needs to know, and why it may not start.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pms_database::Clock;
use secrecy::SecretString;
use url::Url;

/// The advice to an operator who binds the provider to an address others can reach.
///
/// Refusing such a bind is the caller's decision; see [`super::Identity`].
pub const NON_LOOPBACK_WARNING: &str = "The development identity provider has public passwords \
    (demo), lets anybody register users with any role and hands out tokens for them. On an \
    address that other machines can reach, everybody there is an administrator. Set auth.issuer \
    to a real identity provider instead.";

/// Settings of the identity provider.
#[derive(Debug, Clone)]
pub struct IdentityOptions {
    /// Directory of the signing key and the registered users; made when missing.
    pub data_dir: PathBuf,
    /// Where browsers and services reach this process, e.g. `http://127.0.0.1:8080`.
    pub issuer_base: Url,
    /// The secret of every confidential client.
    pub client_secret: SecretString,
    /// Origins a browser may be sent to besides loopback addresses and `issuer_base`.
    pub redirect_origins: Vec<Url>,
    /// How long an access token is good.
    pub access_lifetime: Duration,
    /// How long a login, and so its refresh token, is good.
    pub session_lifetime: Duration,
    /// Tells the time.
    pub clock: Clock,
}

impl IdentityOptions {
    /// The usual settings: access tokens for an hour, logins for ten.
    pub fn new(data_dir: PathBuf, issuer_base: Url, client_secret: SecretString) -> Self {
        Self {
            data_dir,
            issuer_base,
            client_secret,
            redirect_origins: Vec::new(),
            access_lifetime: Duration::from_secs(3600),
            session_lifetime: Duration::from_secs(36_000),
            clock: Clock::system(),
        }
    }
}

/// Why the identity provider can't start or can't make a token.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A file of the data directory can't be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of the data directory holds something else than expected.
    #[error("{}: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No address can be derived from the base.
    #[error("{0} can't be the base of an issuer")]
    Base(Url),
    /// The key can't be made or doesn't sign.
    #[error("signing key: {0}")]
    Signing(String),
    /// No such user or service account.
    #[error("there is no user {0}")]
    UnknownUser(String),
}

impl IdentityError {
    pub(super) fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn content(path: &Path, reason: &impl ToString) -> Self {
        Self::Content {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}
