//! Media types: what a request may hold and what its sender takes.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, HeaderMap};

use crate::http_error::HttpError;

/// What bodies and answers may be, as headers and texts list it.
pub(crate) const TYPES: &str = "application/json, application/*+json";

/// Whether a media type without parameters, in lower case, is JSON.
pub(crate) fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Whether the sender takes JSON; without an `Accept` header it takes anything.
///
/// # Errors
/// The problem document 406.
pub(crate) fn takes_json(headers: &HeaderMap) -> Result<(), HttpError> {
    let mut lists = headers
        .get_all(ACCEPT)
        .map(|value| value.to_str().unwrap_or_default())
        .filter(|list| !list.trim().is_empty())
        .peekable();
    if lists.peek().is_none() {
        return Ok(());
    }
    let fits = |range: &str| {
        let kind = range
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        matches!(kind.as_str(), "*" | "*/*" | "application/*") || is_json(&kind)
    };
    if lists.flat_map(|list| list.split(',')).any(fits) {
        return Ok(());
    }
    Err(HttpError::problem(
        StatusCode::NOT_ACCEPTABLE,
        format!("Acceptable representations: [{TYPES}]."),
    ))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn takes(lists: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append(ACCEPT, HeaderValue::from_static(list));
        }
        takes_json(&headers).is_ok()
    }

    #[test]
    fn a_client_that_takes_json_in_any_wording_is_served() {
        for lists in [
            &[][..],
            &[""],
            &["*/*"],
            &["text/html, *; q=.2"],
            &["Application/JSON;charset=UTF-8"],
            &["application/vnd.x+json"],
            &["text/plain", "application/*;q=0.1"],
        ] {
            assert!(takes(lists), "{lists:?}");
        }
    }

    #[test]
    fn a_client_that_takes_something_else_only_is_not() {
        for list in [
            "text/plain",
            "application/xml, text/html",
            "image/*",
            "json",
        ] {
            assert!(!takes(&[list]), "{list}");
        }
    }
}
