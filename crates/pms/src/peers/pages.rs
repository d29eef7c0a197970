//! The development pages: one shell, and a small script for each that draws
//! what its JSON endpoint answers. Nothing of what is shown becomes HTML here.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use uuid::Uuid;

const SHELL: &str = include_str!("pages/shell.html");

/// One page; its texts are constants and need no escaping.
pub(super) struct Page {
    pub(super) path: &'static str,
    json: &'static str,
    title: &'static str,
    lead: &'static str,
    script: &'static str,
}

pub(super) static PAGES: [Page; 7] = [
    Page {
        path: "/dev",
        json: "/dev.json",
        title: "Development",
        lead: "Stand-ins for the modules around partner management, and what they were given. \
               They forget everything when the process ends.",
        script: include_str!("pages/overview.js"),
    },
    Page {
        path: "/dev/subscriber",
        json: "/dev/subscriber.json",
        title: "Subscriber",
        lead: "What a relying module hears: these events came from the hub, signed. \
               Keys and addresses of shares are masked.",
        script: include_str!("pages/subscriber.js"),
    },
    Page {
        path: "/dev/mails",
        json: "/dev/mails.json",
        title: "Mails",
        lead: "What people would find in their inbox.",
        script: include_str!("pages/mails.js"),
    },
    Page {
        path: "/dev/audits",
        json: "/dev/audits.json",
        title: "Audits",
        lead: "The records that the audit manager took, newest first.",
        script: include_str!("pages/audits.js"),
    },
    Page {
        path: "/dev/datashare",
        json: "/dev/datashare.json",
        title: "Data share",
        lead: "Trust chains for relying modules. The last part of an address is its secret, \
               and masked.",
        script: include_str!("pages/datashare.js"),
    },
    Page {
        path: "/dev/esignet",
        json: "/dev/esignet.json",
        title: "eSignet",
        lead: "The OIDC clients that eSignet knows.",
        script: include_str!("pages/esignet.js"),
    },
    Page {
        path: super::faults::PATH,
        json: "/dev/faults.json",
        title: "Faults",
        lead: "Let a stand-in go wrong, or eSignet be of another release, and see what partner \
               management makes of it. Expired tokens are for once: the next call brings a new one.",
        script: include_str!("pages/faults.js"),
    },
];

impl Page {
    /// The page, with a policy that lets nothing in but its own style and script.
    pub(super) fn answer(&self) -> HttpResponse {
        let nonce = Uuid::new_v4().simple().to_string();
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; \
             connect-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'"
        );
        let page = SHELL
            .replace("{title}", self.title)
            .replace("{lead}", self.lead)
            .replace("{json}", self.json)
            .replace("{script}", self.script)
            .replace("{nonce}", &nonce);
        HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, policy))
            .insert_header((CACHE_CONTROL, "no-store"))
            // Without a referrer browsers would hide the origin of the page's forms too.
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((X_FRAME_OPTIONS, "DENY"))
            .body(page)
    }
}

/// Another user's text in a frame of ours: no script, nothing from elsewhere,
/// an origin of its own.
pub(super) fn sandboxed(text: &str) -> HttpResponse {
    // Plain text would lose its lines as HTML.
    let content_type = if is_html(text) {
        "text/html; charset=utf-8"
    } else {
        "text/plain; charset=utf-8"
    };
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
             form-action 'none'; frame-ancestors 'self'; base-uri 'none'",
        ))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((X_FRAME_OPTIONS, "SAMEORIGIN"))
        .body(text.to_owned())
}

/// Whether a text holds a tag.
fn is_html(text: &str) -> bool {
    let begins_tag = |next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!');
    text.split('<')
        .skip(1)
        .any(|rest| rest.chars().next().is_some_and(begins_tag))
}
