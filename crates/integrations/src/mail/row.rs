//! A mail as the outbox holds it.

use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::dispatcher::Undelivered;
use pms_domain::zone::TimeZone;

/// Variables that hold instants, which are shown in the operator's time zone.
const INSTANTS: [&str; 3] = ["Date", "apiKeyExpiresOn", "policyExpiresOn"];
/// The variable that may hold a bearer secret.
const KEY: &str = "apiKey";
/// What the partner calls the key, which is shown instead of it.
const LABEL: &str = "apiKeyLabel";
/// Characters of a key that a mail may show, at its end.
const SHOWN: usize = 4;
/// Keys shorter than this are not shown at all.
const SHORTEST: usize = 16;

/// Derives no `Debug`: it may hold an address.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MailRow {
    /// The column: cipher text as a rule.
    pub(super) mail_to: String,
    #[serde(default)]
    pub(super) lang_code: Option<String>,
    pub(super) subject_template: String,
    pub(super) content_template: String,
    #[serde(default)]
    variables: Map<String, Value>,
}

impl MailRow {
    pub(super) fn read(payload: &Value) -> Result<Self, Undelivered> {
        // Without serde's own words: they quote the value.
        Self::deserialize(payload)
            .map_err(|_error| Undelivered::Never("the row is not a mail".to_owned()))
    }

    /// The place-holders, ready to be shown: instants as people there read
    /// them, and no whole key.
    pub(super) fn variables(&self, zone: &TimeZone) -> Map<String, Value> {
        let mut variables = self.variables.clone();
        for name in INSTANTS {
            if let Some(Value::String(text)) = variables.get_mut(name)
                && let Some(at) = instant(text)
            {
                *text = zone.show(at);
            }
        }
        let label = variables.remove(LABEL);
        let label =
            label.filter(|label| label.as_str().is_some_and(|text| !text.trim().is_empty()));
        if let Some(shown) = variables.get_mut(KEY) {
            *shown = match (label, &*shown) {
                (Some(label), _) => label,
                (None, Value::String(key)) => Value::String(masked(key)),
                (None, other) => other.clone(),
            };
        }
        variables
    }
}

fn instant(text: &str) -> Option<NaiveDateTime> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(at.naive_utc())
}

fn masked(key: &str) -> String {
    let length = key.chars().count();
    let hidden = if length < SHORTEST {
        length
    } else {
        length - SHOWN
    };
    let end: String = key.chars().skip(hidden).collect();
    format!("****{end}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mail_about_a_key_shows_its_label() {
        let shown = |variables: Value| {
            let row = json!({
                "mailTo": "x", "subjectTemplate": "s", "contentTemplate": "c",
                "variables": variables,
            });
            let row = MailRow::read(&row).ok().unwrap();
            Value::from(row.variables(&"GMT+05:30".parse().unwrap()))
        };

        let labelled = json!({ "apiKey": "********", "apiKeyLabel": "loans in production" });
        assert_eq!(shown(labelled), json!({ "apiKey": "loans in production" }));
        let blank = json!({ "apiKey": "key-0123456789-abcd", "apiKeyLabel": " " });
        assert_eq!(shown(blank), json!({ "apiKey": "****abcd" }));
        let other = json!({ "apiKeyLabel": "no key", "apiKey": null });
        assert_eq!(shown(other), json!({ "apiKey": "no key" }));
    }

    #[test]
    fn a_mail_never_holds_a_whole_key_and_shows_local_times() {
        let row = MailRow::read(&json!({
            "mailTo": "x", "langCode": null,
            "subjectTemplate": "s", "contentTemplate": "c",
            "variables": {
                "Date": "2026-11-24T10:00:00.123Z",
                "apiKey": "key-0123456789-abcd",
                "partnerName": "2026-11-24T10:00:00.123Z",
                "apiKeyExpiresOn": null,
            },
        }))
        .ok()
        .unwrap();

        let variables = row.variables(&"GMT+05:30".parse().unwrap());

        assert_eq!(
            Value::from(variables),
            json!({
                "Date": "2026-11-24T15:30+05:30[GMT+05:30]",
                "apiKey": "****abcd",
                "partnerName": "2026-11-24T10:00:00.123Z",
                "apiKeyExpiresOn": null,
            })
        );
        assert_eq!(masked("short"), "****");
    }
}
