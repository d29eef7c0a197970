//! What eSignet accepts (contract clients-users-notifications.md §1.12).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::{documents, error, languages, public_key};

/// Releases that differ in what they accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// Up to 1.6: RSA keys only, languages of any three characters.
    Older,
    /// From 1.7 on.
    Newer,
    /// Those of 2026: as the newer ones, but what a dialect does not have is
    /// refused instead of ignored, and so are lists that say something twice, and
    /// keys that hold anything but texts.
    Strict,
}

impl Release {
    /// All of them, oldest first.
    pub const ALL: [Self; 3] = [Self::Older, Self::Newer, Self::Strict];

    /// For scripts: `classic`, `newer`, `strict`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Older => "classic",
            Self::Newer => "newer",
            Self::Strict => "strict",
        }
    }

    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Older => "Classic (up to 1.6)",
            Self::Newer => "1.7 and later",
            Self::Strict => "Strict (2026)",
        }
    }

    /// The release of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|release| release.name() == name)
    }
}

const GRANT_TYPES: [&str; 1] = ["authorization_code"];
const AUTH_METHODS: [&str; 1] = ["private_key_jwt"];
const STATUSES: [&str; 2] = ["ACTIVE", "INACTIVE"];
/// The members of a request, besides those of one operation or dialect.
const MEMBERS: [&str; 7] = [
    "clientName",
    "userClaims",
    "authContextRefs",
    "logoUri",
    "redirectUris",
    "grantTypes",
    "clientAuthMethods",
];
const NAMES: &str = "clientNameLangMap";

/// What a request is held against.
pub(super) struct Rules<'a> {
    pub(super) release: Release,
    /// The supported claims.
    pub(super) claims: &'a [String],
    /// Whether it must have names in several languages.
    pub(super) named: bool,
}

/// One request, and what is wrong with it so far.
struct Checked<'a> {
    request: &'a Map<String, Value>,
    release: Release,
    violations: Vec<Value>,
}

impl Rules<'_> {
    /// The elements of `errors`; none for an acceptable request. `new` tells a
    /// new client from a change.
    pub(super) fn violations(
        &self,
        body: &Value,
        request: &Map<String, Value>,
        new: bool,
        now: DateTime<Utc>,
    ) -> Vec<Value> {
        let mut checked = Checked {
            request,
            release: self.release,
            violations: Vec::new(),
        };
        if self.release == Release::Strict {
            self.members(&mut checked, new);
        }
        let time = body.get("requestTime").and_then(Value::as_str);
        if !time.is_some_and(|time| is_about(time, now)) {
            let violation = error("invalid_request", "requestTime: invalid_request");
            checked.violations.push(violation);
        }
        if new {
            self.of_new_clients(&mut checked);
        } else {
            let status = checked.text("status");
            let fine = status.is_some_and(|status| STATUSES.contains(&status));
            checked.must(fine, "status", "invalid_status");
        }
        self.of_all_clients(&mut checked);
        if self.named {
            self.names(&mut checked);
        }
        checked.violations
    }

    /// Refuses members of another operation or dialect.
    fn members(&self, checked: &mut Checked<'_>, new: bool) {
        let own: &[&str] = if new {
            &["clientId", "publicKey", "relyingPartyId"]
        } else {
            &["status"]
        };
        for name in checked.request.keys() {
            let name = name.as_str();
            let known =
                MEMBERS.contains(&name) || own.contains(&name) || (self.named && name == NAMES);
            checked.must(known, name, "invalid_request");
        }
    }

    fn of_new_clients(&self, checked: &mut Checked<'_>) {
        for (name, code) in [
            ("clientId", "invalid_client_id"),
            ("relyingPartyId", "invalid_rp_id"),
        ] {
            let text = checked.text(name);
            let fine = text.is_some_and(|text| {
                !text.is_empty() && !text.contains(char::is_whitespace) && length(text) <= 100
            });
            checked.must(fine, name, code);
        }
        let key = checked.request.get("publicKey");
        let fine = public_key::is_accepted(key, self.release);
        checked.must(fine, "publicKey", "invalid_public_key");
    }

    fn of_all_clients(&self, checked: &mut Checked<'_>) {
        let name = checked.text("clientName");
        let fine = name.is_some_and(|name| !name.trim().is_empty() && length(name) <= 256);
        checked.must(fine, "clientName", "invalid_client_name");
        checked.each("userClaims", (0, 30), "invalid_claim", |claim| {
            self.claims.iter().any(|supported| supported == claim)
        });
        checked.each("authContextRefs", (1, 30), "invalid_acr", |acr| {
            documents::ACRS.contains(&acr)
        });
        let logo = checked.text("logoUri");
        let fine = logo.is_some_and(is_url);
        checked.must(fine, "logoUri", "invalid_uri");
        checked.each("redirectUris", (1, 5), "invalid_redirect_uri", is_url);
        let code = match self.release {
            Release::Older => "invalid_grant_type",
            Release::Newer | Release::Strict => "unsupported_grant_type",
        };
        checked.each("grantTypes", (1, 3), code, |grant| {
            GRANT_TYPES.contains(&grant)
        });
        checked.each(
            "clientAuthMethods",
            (1, 3),
            "invalid_client_auth",
            |method| AUTH_METHODS.contains(&method),
        );
    }

    fn names(&self, checked: &mut Checked<'_>) {
        const FIELD: &str = NAMES;
        let names = checked.request.get(FIELD).and_then(Value::as_object);
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            checked.must(false, FIELD, "invalid_language_code");
            return;
        };
        for (language, name) in names {
            let known = match self.release {
                Release::Older => length(language) == 3,
                Release::Newer | Release::Strict => languages::is_known(language),
            };
            let field = format!("{FIELD}[{language}]");
            checked.must(known, &field, "invalid_language_code");
            let name = name.as_str().unwrap_or_default();
            let filled = !name.trim().is_empty();
            checked.must(filled, &field, "invalid_client_name_value");
            let short = self.release == Release::Older || length(name) <= 50;
            checked.must(short, &field, "invalid_client_name_length");
        }
    }
}

impl<'a> Checked<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.request.get(name)?.as_str()
    }

    fn must(&mut self, fine: bool, field: &str, code: &str) {
        if !fine {
            let message = format!("request.{field}: {code}");
            self.violations.push(error(code, &message));
        }
    }

    /// A list of so many texts, each of them fine.
    fn each(
        &mut self,
        field: &str,
        (least, most): (usize, usize),
        code: &str,
        fine: impl Fn(&str) -> bool,
    ) {
        let list = self.request.get(field).and_then(Value::as_array);
        let Some(list) = list.filter(|list| (least..=most).contains(&list.len())) else {
            self.must(false, field, code);
            return;
        };
        for (at, item) in list.iter().enumerate() {
            let again =
                self.release == Release::Strict && list.iter().take(at).any(|one| one == item);
            let fine = !again && item.as_str().is_some_and(&fine);
            self.must(fine, &format!("{field}[{at}]"), code);
        }
    }
}

/// Within two minutes of now.
fn is_about(time: &str, now: DateTime<Utc>) -> bool {
    let time = NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.3fZ");
    time.is_ok_and(|time| (time.and_utc() - now).abs() <= TimeDelta::minutes(2))
}

fn is_url(text: &str) -> bool {
    !text.trim().is_empty() && Url::parse(text).is_ok()
}

/// In the units of Java's strings.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
