//! The page that people get when a login fails: no script, nothing from
//! elsewhere.

use std::sync::LazyLock;

use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use actix_web::{HttpResponse, HttpResponseBuilder};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_domain::BusinessError;

const STYLE: &str = "body{font-family:system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c1f23}\
main{max-width:34rem;margin:12vh auto 0;padding:2rem;background:#fff;border-radius:.5rem}\
h1{font-size:1.4rem;margin-top:0}\
a{display:inline-block;padding:.6rem 1.1rem;border-radius:.3rem;background:#1447b2;color:#fff;text-decoration:none}\
small{color:#565d66}";

/// Allows the style above, by its hash, and nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = digest::digest(&digest::SHA256, STYLE.as_bytes());
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
        STANDARD.encode(hash)
    )
});

/// What was refused to the user.
#[derive(Debug, Clone, Copy)]
pub(super) enum RefusedAction {
    /// Signing in, or the check that the user still is signed in.
    Login,
    /// Signing out.
    Logout,
}

/// The page about a refusal.
pub(super) fn of(
    mut response: HttpResponseBuilder,
    action: RefusedAction,
    rejection: &BusinessError,
    way_back: Option<&str>,
) -> HttpResponse {
    let title = match (action, rejection.code()) {
        (RefusedAction::Login, _) => "You could not be signed in",
        (RefusedAction::Logout, "KER-ATH-401") => "You are not signed in",
        (RefusedAction::Logout, _) => "You could not be signed out",
    };
    let error = rejection.errors().first();
    let message = error.and_then(|error| error.message.as_deref());
    let link = way_back.map(|address| {
        format!(
            "<p><a href=\"{}\">Back to the portal</a></p>",
            escaped(address)
        )
    });
    let body = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main>\
         <h1>{title}</h1><p>{explanation}</p>{link}\
         <p><small><code>{code}</code> {message}</small></p></main></body></html>\n",
        explanation = explanation(action, rejection.code()),
        link = link.unwrap_or_default(),
        code = escaped(rejection.code()),
        message = escaped(message.unwrap_or_default()),
    );
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(body)
}

/// What the person before the screen can do about it.
fn explanation(action: RefusedAction, code: &str) -> &'static str {
    match (action, code) {
        (RefusedAction::Login, "KER-ACP-004" | "KER-ACP-005" | "KER-ACP-013") => {
            "The login service does not answer as it should. Please try again in a few minutes."
        }
        (RefusedAction::Login, "KER-ACP-006" | "KER-ACP-007" | "KER-ACP-010" | "KER-ACP-011") => {
            "This login has ended, or was begun elsewhere. Please go back to the portal and log in again."
        }
        (RefusedAction::Login, "KER-ACP-009") => {
            "The page to go to after the login does not belong to this portal."
        }
        (RefusedAction::Login, _) => {
            "Your login was not accepted. Please go back to the portal and log in again."
        }
        (RefusedAction::Logout, "KER-ACP-009") => {
            "The page to go to after the logout does not belong to this portal. \
             You are still signed in."
        }
        (RefusedAction::Logout, _) => "Your login has ended already, or there was none.",
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
