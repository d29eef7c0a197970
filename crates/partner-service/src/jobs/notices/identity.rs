//! When two notices are the same.

use super::notice::Item;
use crate::notifications::NotificationDetails;

/// What makes two notices to one recipient the same: the item, its end, and the
/// days that were left. It is read from the details alone, so that rows of the
/// reference count like ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) item: EndingItem,
    period: String,
}

/// An item with its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EndingItem {
    ids: Vec<String>,
    /// The day of the end, `yyyy-MM-dd`.
    ends_on: String,
}

impl Identity {
    /// That of a notice with these details; `None` when they are about nothing.
    pub(super) fn of(details: &NotificationDetails) -> Option<Self> {
        let first = first(details)?;
        let (ids, ends_at, period) = match &first {
            Item::Certificate(item) => (
                vec![&item.certificate_id],
                &item.expiry_date_time,
                &item.expiry_period,
            ),
            Item::Chip(item) => (
                vec![&item.ftm_id, &item.certificate_id],
                &item.expiry_date_time,
                &item.expiry_period,
            ),
            Item::Interface(item) => (
                vec![&item.sbi_id],
                &item.expiry_date_time,
                &item.expiry_period,
            ),
            Item::ApiKey(item) => (
                vec![&item.partner_id, &item.api_key_name, &item.policy_name],
                &item.expiry_date_time,
                &item.expiry_period,
            ),
            Item::Licence(item) => (
                vec![&item.misp_partner_id, &item.misp_license_key_name],
                &item.expiry_date_time,
                &item.expiry_period,
            ),
        };
        let ends_on = ends_at.as_deref().unwrap_or_default();
        let ids = ids.into_iter().map(|id| id.clone().unwrap_or_default());
        Some(Self {
            item: EndingItem {
                ids: ids.collect(),
                ends_on: ends_on.chars().take("yyyy-MM-dd".len()).collect(),
            },
            period: period.clone().unwrap_or_default(),
        })
    }

    /// That of a row; `None` when its details can't be read, or are about nothing.
    pub(super) fn read(details_json: &str) -> Option<Self> {
        Self::of(&serde_json::from_str(details_json).ok()?)
    }

    /// A text that the details of every such notice hold, if there is one that JSON
    /// writes as it is.
    pub(super) fn sign(&self) -> Option<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let sign = |id: &&String| !id.is_empty() && id.chars().all(plain);
        self.item.ids.iter().find(sign).map(String::as_str)
    }
}

fn first(details: &NotificationDetails) -> Option<Item> {
    fn of<T: Clone>(list: Option<&Vec<T>>, item: fn(T) -> Item) -> Option<Item> {
        list?.first().cloned().map(item)
    }
    of(details.certificate_details.as_ref(), Item::Certificate)
        .or_else(|| of(details.ftm_details.as_ref(), Item::Chip))
        .or_else(|| of(details.sbi_details.as_ref(), Item::Interface))
        .or_else(|| of(details.api_key_details.as_ref(), Item::ApiKey))
        .or_else(|| of(details.misp_license_key_details.as_ref(), Item::Licence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notifications::CertificateNotice;

    fn certificate(id: &str, end: &str, period: &str) -> NotificationDetails {
        Item::Certificate(CertificateNotice {
            certificate_id: Some(id.to_owned()),
            expiry_date_time: Some(end.to_owned()),
            expiry_period: Some(period.to_owned()),
            ..CertificateNotice::default()
        })
        .alone()
    }

    #[test]
    fn notices_are_the_same_by_item_end_and_period() {
        let one = Identity::of(&certificate("c", "2026-12-01T10:15", "7")).unwrap();
        // The reference writes an end in its own way.
        let row = r#"{"certificateDetails":[{"certificateId":"c","issuedTo":"CN=x","expiryDateTime":"2026-12-01T10:15:00.000","expiryPeriod":"7"}],"ftmDetails":null}"#;

        assert_eq!(Identity::read(row), Some(one.clone()));
        for other in [
            certificate("d", "2026-12-01T10:15", "7"),
            certificate("c", "2026-12-02T10:15", "7"),
            certificate("c", "2026-12-01T10:15", "6"),
        ] {
            assert_ne!(Identity::of(&other), Some(one.clone()));
        }
        for nothing in ["{}", "no", r#"{"certificateDetails":[]}"#] {
            assert_eq!(Identity::read(nothing), None);
        }
    }

    #[test]
    fn rows_are_found_by_a_text_that_json_leaves_alone() {
        let sign = |id: &str| {
            let identity = Identity::of(&certificate(id, "2026-12-01T10:15", "7"));
            identity.unwrap().sign().map(str::to_owned)
        };

        assert_eq!(sign("c-1").as_deref(), Some("c-1"));
        assert_eq!(sign("c\"1"), None);
        assert_eq!(sign(""), None);
    }
}
