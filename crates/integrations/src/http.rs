//! The HTTP client that all peers share.

use std::time::Duration;

/// A pooled client that connects within 3 s and gives up after `timeout`.
///
/// # Errors
/// When the TLS configuration of the machine can't be used.
pub fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(3))
        .timeout(timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("pms/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// What went wrong, without the URL's query (it may hold names) or a body.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "can't connect"
    } else if error.is_decode() {
        "answered with something unreadable"
    } else {
        "failed"
    };
    match error.url() {
        Some(url) => format!(
            "{kind}: {}{}",
            url.origin().ascii_serialization(),
            url.path()
        ),
        None => kind.to_owned(),
    }
}
