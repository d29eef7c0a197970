//! Our own texts, for deployments whose master data has none.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The language of those whose own is not known here.
pub(super) const LANGUAGE: &str = "eng";

/// Template code → text.
type Texts = HashMap<String, String>;

static TEXTS: LazyLock<HashMap<&'static str, Texts>> = LazyLock::new(|| {
    let files = [
        (LANGUAGE, include_str!("builtin/eng.toml")),
        ("fra", include_str!("builtin/fra.toml")),
        ("ara", include_str!("builtin/ara.toml")),
    ];
    let read = |(language, file)| match toml::from_str(file) {
        Ok(texts) => Some((language, texts)),
        Err(error) => {
            tracing::error!(%error, language, "the built-in texts can't be read");
            None
        }
    };
    files.into_iter().filter_map(read).collect()
});

/// The template with this code, in the language or in English.
pub(super) fn text(language: &str, code: &str) -> Option<&'static str> {
    let own = TEXTS.get(language).and_then(|texts| texts.get(code));
    let english = || TEXTS.get(LANGUAGE).and_then(|texts| texts.get(code));
    own.or_else(english).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::velocity::merge;

    fn variables() -> Map<String, Value> {
        let all = json!({
            "partnerName": "Acme", "partnerId": "acme", "partnerStatus": "active",
            "status": "active", "Date": "today", "policyId": "p", "policyName": "Loans",
            "PolicyName": "Loans", "policyStatus": "active", "apiKey": "****",
            "apiKeyStatus": "active", "apiKeyExpiresOn": "soon", "policyExpiresOn": "later",
            "certificateId": "c", "expiryDateTime": "soon", "partnerDomain": "AUTH",
            "issuedTo": "CN=a", "issuedBy": "CN=b", "fromDate": "01-01-2026",
            "toDate": "08-01-2026", "partnerCertificateCount": 2, "partnerIdList": ["a", "b"],
        });
        let of_newer_mails = json!({
            "expiresOn": "soon", "ftmId": "f", "make": "Mk", "model": "Md", "sbiId": "s",
            "sbiVersion": "1.0", "apiKeyName": "key", "mispPartnerId": "m",
            "mispLicenseKeyName": "****1234", "ownerId": "acme", "itemName": "CN=a",
            "itemType": "SBI_EXPIRY", "ftmChipCertificateCount": 1, "sbiCount": 1,
            "apiKeyCount": 1, "leftOut": 3, "ftmDetails": [{ "ftmId": "f" }],
            "sbiDetails": [{ "sbiVersion": "1.0", "partnerId": "acme" }],
            "apiKeyDetails": [{ "apiKeyName": "key", "partnerId": "acme" }],
        });
        let both = [all, of_newer_mails];
        let both = both.iter().flat_map(|some| some.as_object().unwrap());
        both.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    #[test]
    fn every_language_has_every_text_and_knows_its_variables() {
        let english = &TEXTS[LANGUAGE];
        assert_eq!(english.len(), 24);
        for (language, texts) in TEXTS.iter() {
            assert_eq!(texts.len(), english.len(), "{language}");
            for (code, template) in texts {
                assert!(english.contains_key(code), "{language} {code}");
                let text = merge(template, &variables()).unwrap();
                assert!(!text.contains(['$', '#', '<']), "{language} {code}: {text}");
                assert!(!text.trim().is_empty(), "{language} {code}");
            }
        }
    }

    #[test]
    fn what_a_mail_about_a_key_says_stands_in_lines_of_its_own() {
        let text = |values: Value| {
            let template = text("eng", "apikey-status-content-template").unwrap();
            merge(template, values.as_object().unwrap()).unwrap()
        };

        let both = text(json!({
            "partnerName": "Acme", "policyName": "Loans", "apiKeyStatus": "active",
            "apiKeyExpiresOn": "soon", "policyStatus": "De-active", "policyExpiresOn": "later",
        }));
        let neither = text(json!({ "partnerName": "Acme", "policyName": "Loans" }));

        assert!(
            both.ends_with(
                "Status of the key: active\nThe key is valid until soon.\n\
                 Status of the policy: not active\nThe policy is valid until later.\n"
            ),
            "{both}"
        );
        assert!(
            neither
                .ends_with("Status of the key: not active\n\nStatus of the policy: not active\n\n"),
            "{neither}"
        );
    }

    #[test]
    fn an_unknown_language_gets_english() {
        let code = "partner-reg-sub-template";

        assert_eq!(text("xyz", code), text("eng", code));
        assert_ne!(text("fra", code), text("eng", code));
        assert_eq!(text("eng", "nosuch"), None);
    }
}
