//! The forms of the development pages: people are led back to the page, scripts get
//! the new state.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, LOCATION, ORIGIN};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::Peers;
use crate::identity::is_loopback;

/// Largest form, in bytes.
pub(super) const MAX_FORM: usize = 4096;

/// A form that a page of ours, or a script, has sent.
pub(super) struct Form<'r> {
    request: &'r HttpRequest,
    body: &'r [u8],
}

impl<'r> Form<'r> {
    /// The form in a request.
    ///
    /// # Errors
    /// The answer to what is none, and to what another site has sent.
    pub(super) fn read(
        peers: &Peers,
        request: &'r HttpRequest,
        body: &'r [u8],
    ) -> Result<Self, Box<HttpResponse>> {
        if is_foreign(request, peers.base()) {
            let why = "The form is on another site.";
            return Err(Box::new(refused(StatusCode::FORBIDDEN, why)));
        }
        if request.content_type() != "application/x-www-form-urlencoded" {
            let why = "A form, please.";
            return Err(Box::new(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, why)));
        }
        Ok(Self { request, body })
    }

    pub(super) fn field(&self, name: &str) -> Option<Cow<'r, str>> {
        let mut fields = form_urlencoded::parse(self.body);
        fields.find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The answer when what the form asks for is done.
    pub(super) fn done(&self, page: &'static str, state: &Value) -> HttpResponse {
        let accept = self.request.headers().get(ACCEPT);
        let by_people =
            accept.is_some_and(|types| types.to_str().is_ok_and(|t| t.contains("html")));
        if by_people {
            return HttpResponse::SeeOther()
                .insert_header((LOCATION, page))
                .finish();
        }
        super::json_endpoints::json(state)
    }
}

pub(super) fn refused(status: StatusCode, why: &str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{why}\n"))
}

/// Whether a page of another site sent the request. Scripts send neither of
/// these headers, browsers always do with a form.
fn is_foreign(request: &HttpRequest, base: &Url) -> bool {
    let site = request.headers().get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return true;
    }
    let Some(origin) = request.headers().get(ORIGIN) else {
        return false;
    };
    let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    // Loopback has several names, the port makes it ours.
    let ours = origin.is_some_and(|origin| {
        origin.origin() == base.origin()
            || (is_loopback(&origin)
                && origin.scheme() == base.scheme()
                && origin.port_or_known_default() == base.port_or_known_default())
    });
    !ours
}
