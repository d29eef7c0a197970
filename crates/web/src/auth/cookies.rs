//! Cookies of a request, read by hand: actix's jar keeps one of several with a
//! name, and drops all of them when one is malformed.

use actix_web::http::header::{COOKIE, HeaderMap};

/// Name and value of every cookie that is text, in the order in which they were
/// sent. Another application's cookies may hold any bytes; they are left out.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
}
