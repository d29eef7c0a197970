//! The end of a client whose details eSignet does not take.
//!
//! Details that the reference or another release of eSignet let through may be refused later,
//! and an update names them all. People must not go on signing in with a client because its
//! logo is no address: what it was is kept in our table, and eSignet is given what each release
//! of it takes (contract clients-users-notifications.md §1.12).

use pms_domain::audit::clip;
use pms_domain::oidc_clients::ClientStatus;
use url::Url;

use super::{ClientChange, Supported};

/// Stands for addresses that can't be sent: each release takes local hosts.
const NOWHERE: &str = "https://localhost/";
/// Most redirect URIs of a client.
const MOST_URIS: usize = 5;
/// What each release knows.
const GRANT_TYPE: &str = "authorization_code";
const AUTH_METHOD: &str = "private_key_jwt";
const ENGLISH: &str = "eng";
/// Stands for a name that is blank.
const NAMELESS: &str = "client";
/// Longest name in a language, and longest plain name, in UTF-16 units.
const LONGEST_OF_LANGUAGE: usize = 50;
const LONGEST_PLAIN: usize = 256;

impl ClientChange {
    /// Whether it ends the client.
    pub(super) fn ends(&self) -> bool {
        self.status == ClientStatus::Inactive
    }

    /// The same change with the details that each release of eSignet takes, as far as
    /// `supported` tells what this one does.
    pub(super) fn reduced(&self, supported: &Supported) -> Self {
        let usual = |uri: &&String| is_usual(uri);
        let uris = self.redirect_uris.iter().flat_map(|uri| uri.split(','));
        let mut redirect_uris: Vec<String> = Vec::new();
        for uri in uris.filter(|uri| is_usual(uri)).take(MOST_URIS) {
            if !redirect_uris.iter().any(|known| known == uri) {
                redirect_uris.push(uri.to_owned());
            }
        }
        if redirect_uris.is_empty() {
            redirect_uris.push(NOWHERE.to_owned());
        }
        let claims = supported.claims.as_deref().unwrap_or_default();
        Self {
            logo_uri: Some(&self.logo_uri)
                .filter(usual)
                .map_or_else(|| NOWHERE.to_owned(), Clone::clone),
            redirect_uris,
            status: self.status,
            grant_types: vec![GRANT_TYPE.to_owned()],
            client_name: name(&self.client_name, LONGEST_PLAIN),
            user_claims: known_of(&self.user_claims, claims),
            auth_context_refs: self.acr_values(supported),
            client_auth_methods: vec![AUTH_METHOD.to_owned()],
            client_name_lang_map: self.client_name_lang_map.as_ref().map(|names| {
                let english = names.get(ENGLISH).unwrap_or(&self.client_name);
                [(ENGLISH.to_owned(), name(english, LONGEST_OF_LANGUAGE))].into()
            }),
        }
    }

    /// There must be one.
    fn acr_values(&self, supported: &Supported) -> Vec<String> {
        let Some(supported) = &supported.acr_values else {
            return self.auth_context_refs.clone();
        };
        let mut known = known_of(&self.auth_context_refs, supported);
        if known.is_empty() {
            known.extend(supported.first().cloned());
        }
        known
    }
}

/// Those of the items that are supported, each once.
fn known_of(items: &[String], supported: &[String]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for item in items.iter().filter(|item| supported.contains(item)) {
        if !known.contains(item) {
            known.push(item.clone());
        }
    }
    known
}

/// Whether it is an address of the web that no check of eSignet stumbles over.
fn is_usual(uri: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    uri.bytes().all(|byte| byte.is_ascii_graphic())
        && Url::parse(uri).is_ok_and(|url| {
            let host = url.host_str().unwrap_or_default();
            ["http", "https"].contains(&url.scheme()) && !host.is_empty() && host.bytes().all(plain)
        })
}

fn name(text: &str, longest: usize) -> String {
    match clip(text.trim(), longest).trim() {
        "" => NAMELESS.to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn end() -> ClientChange {
        ClientChange {
            logo_uri: "logo".to_owned(),
            redirect_uris: texts(&[" ", "acme://x", "https://a b/", "https://under_score/"]),
            status: ClientStatus::Inactive,
            grant_types: texts(&["implicit", ""]),
            client_name: " ".to_owned(),
            user_claims: texts(&["name", "gone", "name"]),
            auth_context_refs: texts(&["gone"]),
            client_auth_methods: vec![],
            client_name_lang_map: Some([("xx".to_owned(), String::new())].into()),
        }
    }

    #[test]
    fn nothing_is_left_of_details_that_a_release_may_refuse() {
        let supported = Supported {
            claims: Some(texts(&["name", "email"])),
            acr_values: Some(texts(&["otp", "bio"])),
        };

        let reduced = end().reduced(&supported);

        let expected = ClientChange {
            logo_uri: NOWHERE.to_owned(),
            redirect_uris: texts(&[NOWHERE]),
            status: ClientStatus::Inactive,
            grant_types: texts(&[GRANT_TYPE]),
            client_name: NAMELESS.to_owned(),
            user_claims: texts(&["name"]),
            auth_context_refs: texts(&["otp"]),
            client_auth_methods: texts(&[AUTH_METHOD]),
            client_name_lang_map: Some([(ENGLISH.to_owned(), NAMELESS.to_owned())].into()),
        };
        assert_eq!(reduced, expected);
        // Without the discovery document.
        let untold = end().reduced(&Supported::default());
        assert_eq!(untold.auth_context_refs, ["gone"]);
        assert_eq!(untold.user_claims, [""; 0]);
    }

    #[test]
    fn usual_details_stay() {
        let usual = ClientChange {
            logo_uri: "https://a.example/logo.png".to_owned(),
            redirect_uris: texts(&["https://a.example/cb?scope=a,b", "http://localhost:8080/"]),
            client_name: "n".repeat(60),
            client_name_lang_map: Some([(ENGLISH.to_owned(), "n".repeat(60))].into()),
            ..end()
        };

        let reduced = usual.reduced(&Supported::default());

        assert_eq!(reduced.logo_uri, usual.logo_uri);
        let uris = ["https://a.example/cb?scope=a", "http://localhost:8080/"];
        assert_eq!(reduced.redirect_uris, uris);
        assert_eq!(reduced.client_name, usual.client_name);
        let english = reduced.client_name_lang_map.unwrap()[ENGLISH].len();
        assert_eq!(english, LONGEST_OF_LANGUAGE);
        assert_eq!(reduced.client_name.len(), 60);
    }
}
