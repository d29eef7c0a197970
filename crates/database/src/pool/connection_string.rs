//! The operator's connection string: what it gains, and what never leaves it.

use diesel::PgConnection;
use diesel::connection::Connection as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::DbSettings;
use crate::DbError;

/// Adds what libpq should know to the operator's URL, where it is not set yet.
pub(super) fn connect_string(settings: &DbSettings) -> SecretString {
    let parameters = [
        ("application_name", settings.application.as_str()),
        ("connect_timeout", "3"),
        ("tcp_user_timeout", "15000"),
    ];
    SecretString::from(with_parameters(settings.url.expose_secret(), &parameters))
}

/// The connection string with these parameters, where it does not have them.
pub(crate) fn with_parameters(url: &str, extras: &[(&str, &str)]) -> String {
    let mut text = url.to_owned();
    for (key, value) in extras {
        if url.contains(&format!("{key}=")) {
            continue;
        }
        if url.contains("://") {
            text.push(if text.contains('?') { '&' } else { '?' });
        } else {
            text.push(' ');
        }
        text.push_str(&format!("{key}={value}"));
    }
    text
}

/// One connection outside every pool, for commands: no limits on statements,
/// and the search path of the user.
///
/// # Errors
/// [`DbError::Connection`], without a trace of the password.
pub fn connect(url: &str) -> Result<PgConnection, DbError> {
    PgConnection::establish(url)
        .map_err(|error| DbError::Connection(without_secrets(error).to_string()))
}

/// Begins what is said of a connection string that libpq can't read.
pub(crate) const UNUSABLE: &str = "the connection string can't be used";

/// libpq quotes what it can't read of a connection string, and with it the
/// password: only what it says about a server that it found is passed on.
pub(crate) fn without_secrets(error: diesel::ConnectionError) -> diesel::ConnectionError {
    use diesel::ConnectionError::BadConnection;
    let BadConnection(text) = &error else {
        return error;
    };
    let about_a_server = text.starts_with("connection to server ")
        || text.starts_with("timeout expired")
        || (text.starts_with("could not translate host name ") && !text.contains('@'));
    if about_a_server {
        return error;
    }
    BadConnection(format!(
        "{UNUSABLE}; are special characters of the password percent-encoded?"
    ))
}
