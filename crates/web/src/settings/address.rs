//! Addresses of peers.

use std::fmt;
use std::ops::Deref;

use serde::Deserialize;
use url::Url;

/// An http or https address as the operator wrote it; empty where none is set.
///
/// It is checked when it is read and keeps its spelling, unlike a [`Url`], which
/// adds a slash to a bare host and lower-cases it: issuers are compared as they
/// are written, and the addresses of redirects and revocation lists leave this
/// system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Address(String);

/// The text is something else than an http or https address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be an http or https URL, or empty")]
pub struct BadAddress;

impl TryFrom<String> for Address {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        let usable = text.is_empty()
            || Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if usable {
            Ok(Self(text))
        } else {
            Err(BadAddress)
        }
    }
}

impl Address {
    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address without a slash at its end, for paths to be put behind it.
    pub fn base(&self) -> &str {
        self.0.trim_end_matches('/')
    }
}

/// As [`Url`] spells it.
///
/// # Errors
/// When the address is no http or https address.
impl TryFrom<&Url> for Address {
    type Error = BadAddress;

    fn try_from(url: &Url) -> Result<Self, BadAddress> {
        url.to_string().try_into()
    }
}

impl Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
