//! A notice before it is given: to whom, of what, with which mail.

use chrono::{NaiveDateTime, Timelike as _};
use pms_domain::notification::Kind;
use pms_domain::notification::due::Due;
use serde_json::{Map, Value, json};

use crate::notifications::{
    ApiKeyNotice, CertificateNotice, FtmChipNotice, InterfaceNotice, MispLicenceNotice,
    NotificationDetails,
};

/// The recipient of a notice. Derives no `Debug`: it has an address.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Recipient {
    /// Partner id, or the user name of an administrator who is no partner.
    pub(super) id: String,
    /// As the column has it: cipher text as a rule. `None` without an address.
    pub(super) email: Option<String>,
    /// Language of the mail.
    pub(super) language: String,
}

/// A notice to one recipient.
#[derive(Clone)]
pub(super) struct Notice {
    pub(super) kind: Kind,
    pub(super) to: Recipient,
    pub(super) due: Due,
    pub(super) details: NotificationDetails,
    /// Template codes of subject and body.
    pub(super) templates: (&'static str, &'static str),
    pub(super) variables: Map<String, Value>,
    /// One notice of the kind since then is enough, whatever it says.
    pub(super) once_since: Option<NaiveDateTime>,
    /// How people call what it is about.
    pub(super) name: String,
}

/// Something that ends, as a notice describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// Of an authority, or of a partner.
    Certificate(CertificateNotice),
    Chip(FtmChipNotice),
    Interface(InterfaceNotice),
    ApiKey(ApiKeyNotice),
    Licence(MispLicenceNotice),
}

impl Notice {
    /// A notice of `item`, which ends at `ends_at`.
    pub(super) fn of(
        kind: Kind,
        to: Recipient,
        (item, ends_at): (&Item, NaiveDateTime),
        due: Due,
    ) -> Self {
        let mut variables = item.variables();
        variables.insert("partnerId".to_owned(), json!(to.id));
        variables.insert("expiresOn".to_owned(), json!(readable(ends_at)));
        Self {
            kind,
            to,
            due,
            details: item.clone().alone(),
            templates: kind.templates(),
            variables,
            once_since: None,
            name: item.name(),
        }
    }

    /// What the outbox holds until the mail is sent: `mail_to` is the column.
    pub(super) fn mail(&self, id: &str, mail_to: &str) -> Value {
        let (subject, content) = self.templates;
        json!({
            "mailTo": mail_to,
            "langCode": self.to.language,
            "subjectTemplate": subject,
            "contentTemplate": content,
            "variables": self.variables,
            "notification": { "id": id, "type": self.kind.code() },
        })
    }
}

impl Item {
    /// Details of this item alone.
    pub(super) fn alone(self) -> NotificationDetails {
        let mut details = NotificationDetails::default();
        match self {
            Self::Certificate(item) => details.certificate_details = Some(vec![item]),
            Self::Chip(item) => details.ftm_details = Some(vec![item]),
            Self::Interface(item) => details.sbi_details = Some(vec![item]),
            Self::ApiKey(item) => details.api_key_details = Some(vec![item]),
            Self::Licence(item) => details.misp_license_key_details = Some(vec![item]),
        }
        details
    }

    /// The item as JSON: the members of the details are the place-holders of the
    /// templates.
    pub(super) fn json(&self) -> Value {
        let value = match self {
            Self::Certificate(item) => serde_json::to_value(item),
            Self::Chip(item) => serde_json::to_value(item),
            Self::Interface(item) => serde_json::to_value(item),
            Self::ApiKey(item) => serde_json::to_value(item),
            Self::Licence(item) => serde_json::to_value(item),
        };
        // Texts and nulls: there is nothing that could fail.
        value.unwrap_or_default()
    }

    fn variables(&self) -> Map<String, Value> {
        match self.json() {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// How people call it.
    pub(super) fn name(&self) -> String {
        let name = match self {
            Self::Certificate(item) => item
                .issued_to
                .clone()
                .or_else(|| item.certificate_id.clone()),
            Self::Chip(item) => {
                let words = [item.make.as_deref(), item.model.as_deref()];
                Some(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
            Self::Interface(item) => item.sbi_version.clone(),
            Self::ApiKey(item) => item.api_key_name.clone(),
            Self::Licence(item) => item.misp_license_key_name.clone(),
        };
        name.unwrap_or_default()
    }
}

/// `expiryDateTime`: ISO, UTC without zone, seconds and fraction only where there
/// are some (contract clients-users-notifications.md §3.2).
pub(super) fn wire_time(at: NaiveDateTime) -> String {
    match (at.second(), at.nanosecond()) {
        (0, 0) => at.format("%Y-%m-%dT%H:%M").to_string(),
        (_, 0) => at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        (_, nanos) if nanos % 1_000_000 == 0 => at.format("%Y-%m-%dT%H:%M:%S%.3f").to_string(),
        _ => at.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
    }
}

/// An instant as people read it.
pub(super) fn readable(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_java_does() {
        let text = |at: &str| wire_time(at.parse().unwrap());

        assert_eq!(text("2025-08-01T10:15:00"), "2025-08-01T10:15");
        assert_eq!(text("2025-08-01T10:15:07"), "2025-08-01T10:15:07");
        assert_eq!(text("2025-08-01T10:15:00.5"), "2025-08-01T10:15:00.500");
        assert_eq!(
            text("2025-08-01T10:15:00.123456"),
            "2025-08-01T10:15:00.123456"
        );
        assert_eq!(
            readable("2025-08-01T10:15:07".parse().unwrap()),
            "2025-08-01 10:15 UTC"
        );
    }
}
