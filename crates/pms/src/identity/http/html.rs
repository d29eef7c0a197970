//! The provider's pages: plain HTML, no script, nothing from elsewhere.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};

use super::browser::FORM_FIELD;
use crate::identity::passwords::random_secret;

const STYLE: &str = include_str!("style.css");

/// A page with one text, without a form.
pub(super) fn message(status: StatusCode, title: &str, text: &str) -> HttpResponse {
    page(status, title, &format!("<p>{}</p>", escape(text)), "'none'")
}

/// A page. `body` is HTML; the title is text. `form_targets` are CSP sources: browsers apply
/// `form-action` to the redirects that answer a form too, so they say where a login may end.
pub(super) fn page(
    status: StatusCode,
    title: &str,
    body: &str,
    form_targets: &str,
) -> HttpResponse {
    let nonce = random_secret();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; \
         form-action {form_targets}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style nonce=\"{nonce}\">{STYLE}</style></head>\
         <body><main><p class=\"brand\">Partner management · development login</p>\
         <h1>{title}</h1>{body}</main></body></html>\n"
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .body(html)
}

/// A form that posts to `action`; `fields` is HTML.
pub(super) fn form(action: &str, token: &str, fields: &str, button: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{}\">\
         <input type=\"hidden\" name=\"{FORM_FIELD}\" value=\"{}\">{fields}\
         <button type=\"submit\" id=\"kc-login\">{}</button></form>",
        escape(action),
        escape(token),
        escape(button)
    )
}

/// A labelled input. `kind` is an HTML input type, optionally followed by more attributes,
/// which must be constants.
pub(super) fn input(name: &str, label: &str, kind: &str, value: &str) -> String {
    let (name, label, value) = (escape(name), escape(label), escape(value));
    format!(
        "<label for=\"{name}\">{label}</label>\
         <input id=\"{name}\" name=\"{name}\" type={kind} value=\"{value}\">"
    )
}

/// A labelled choice between `options`, pairs of value and text.
pub(super) fn select(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> String {
    let options: String = options
        .iter()
        .map(|(value, text)| {
            let mark = if *value == chosen { " selected" } else { "" };
            format!(
                "<option value=\"{}\"{mark}>{}</option>",
                escape(value),
                escape(text)
            )
        })
        .collect();
    let (name, label) = (escape(name), escape(label));
    format!(
        "<label for=\"{name}\">{label}</label>\
         <select id=\"{name}\" name=\"{name}\">{options}</select>"
    )
}

/// A text about something that went wrong.
pub(super) fn complaint(text: &str) -> String {
    format!("<p class=\"complaint\" role=\"alert\">{}</p>", escape(text))
}

/// Text as HTML, also inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}
