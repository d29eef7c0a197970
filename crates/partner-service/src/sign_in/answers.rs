//! Answers of the login endpoints: redirects, and refusals that people and
//! programs can read (contract auth.md §5).

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, HeaderMap, LOCATION, REFERRER_POLICY, VARY};
use actix_web::{HttpRequest, HttpResponse};
use pms_domain::BusinessError;
use pms_web::Edge;
use pms_web::dialect::envelope_time;
use pms_web::http_error::JSON;
use serde_json::{Value, json};

use super::page::{self, RefusedAction};

/// Sends the browser elsewhere.
pub(super) fn redirect(
    location: &str,
    cookies: impl IntoIterator<Item = Cookie<'static>>,
) -> HttpResponse {
    let mut response = HttpResponse::Found();
    response.insert_header((LOCATION, location));
    // The address holds state and code; no other site needs them.
    response.insert_header((REFERRER_POLICY, "no-referrer"));
    for cookie in cookies {
        response.cookie(cookie);
    }
    response.finish()
}

/// A refusal: a small page for people, the envelope for programs. `way_back` is
/// an allowed address.
pub(super) fn refusal(
    request: &HttpRequest,
    action: RefusedAction,
    (status, rejection): (StatusCode, &BusinessError),
    way_back: Option<&str>,
) -> HttpResponse {
    tracing::debug!(code = rejection.code(), ?action, "refused");
    let mut response = HttpResponse::build(status);
    response.insert_header((VARY, "Accept"));
    if prefers_html(request.headers()) {
        return page::of(response, action, rejection, way_back);
    }
    let body = envelope(request, &Value::Null, &json!(rejection.errors()));
    response.content_type(JSON).body(body)
}

/// The envelope of these endpoints: `id` and `version` are always null.
pub(super) fn envelope(request: &HttpRequest, response: &Value, errors: &Value) -> String {
    json!({
        "id": null,
        "version": null,
        "responsetime": envelope_time(Edge::of(request).now()),
        "metadata": null,
        "response": response,
        "errors": errors,
    })
    .to_string()
}

/// Whether the sender names HTML and likes it more than JSON, as browsers do
/// when a user opens an address. Wildcards name nothing.
fn prefers_html(headers: &HeaderMap) -> bool {
    let (mut html, mut json) = (0.0_f32, 0.0_f32);
    let lists = headers
        .get_all(ACCEPT)
        .filter_map(|value| value.to_str().ok());
    for range in lists.flat_map(|list| list.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => html = html.max(weight),
            "application/json" => json = json.max(weight),
            _ => {}
        }
    }
    html > json
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn browsers_get_html_and_programs_json() {
        for (accept, expected) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("text/html", true),
            ("application/json;q=0.5, text/html;q=0.8", true),
            ("text/html;q=0.5, application/json", false),
            ("application/json, text/html", false),
            ("application/json, text/plain, */*", false),
            ("*/*", false),
            ("text/html;q=0", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));

            assert_eq!(prefers_html(&headers), expected, "{accept}");
        }
        assert!(!prefers_html(&HeaderMap::new()));
    }
}
