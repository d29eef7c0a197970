//! `GET /notifications`

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use pms_domain::notification::Kind;

use super::{List, ListRules};
use crate::schema::notifications;
use crate::search::statements::{count_rows, load_rows};
use crate::search::{ConditionFn, Expr, Order, contains, equals_text, starts_with};

/// Notifications, in pages.
pub struct NotificationList;

type Source = notifications::table;

/// A notification in the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = notifications)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract clients-users-notifications.md §3.1"
)]
pub struct NotificationItem {
    pub id: String,
    pub partner_id: String,
    pub notification_type: String,
    pub notification_status: String,
    pub notification_details_json: String,
    pub cr_dtimes: NaiveDateTime,
}

/// Which notifications to list. What is asked of the certificate is asked of
/// the first one in the details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    /// Notifications to these partners alone.
    pub of_partners: Vec<String>,
    /// Notifications of these kinds alone.
    pub kinds: Vec<Kind>,
    /// And of these kinds, where they are about another partner than the one that they
    /// were sent to.
    pub of_others: Vec<Kind>,
    /// The whole status, ignoring case.
    pub status: Option<String>,
    /// Part of the certificate's id, ignoring case.
    pub certificate_id: Option<String>,
    /// Part of the issuer, ignoring case.
    pub issued_by: Option<String>,
    /// Part of the subject, ignoring case.
    pub issued_to: Option<String>,
    /// The whole domain, ignoring case.
    pub partner_domain: Option<String>,
    /// The day that the certificate ends.
    pub expires_on: Option<NaiveDate>,
    /// The first day that a notification may be from.
    pub created_from: Option<NaiveDate>,
    /// The last day that a notification may be from.
    pub created_to: Option<NaiveDate>,
    /// Parts of the details of the newer kinds, ignoring case.
    pub parts: Vec<(Detail, String)>,
    /// Which list of the details the filters ask.
    pub of_kind: Option<Kind>,
}

/// What details of the newer kinds can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the wire")]
pub enum Detail {
    FtmId,
    Make,
    Model,
    SbiId,
    SbiVersion,
    ApiKeyName,
    KeyPolicyName,
    MispLicenseKeyName,
    MispPartnerId,
    LicencePolicyName,
}

impl NotificationFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(mut self) -> Vec<ConditionFn<Source>> {
        let partners = std::mem::take(&mut self.of_partners);
        let kinds = codes(&self.kinds);
        let of_others = codes(&self.of_others);
        let mut conditions: Vec<ConditionFn<Source>> = vec![
            Box::new(move || {
                Box::new(
                    notifications::partner_id
                        .eq_any(partners.clone())
                        .nullable(),
                )
            }),
            Box::new(move || {
                let kind = notifications::notification_type;
                let of_others = kind
                    .eq_any(of_others.clone())
                    .and(sql::<Bool>(ABOUT_ANOTHER));
                Box::new(kind.eq_any(kinds.clone()).or(of_others).nullable())
            }),
        ];
        if let Some(day) = self.created_from {
            let from = day.and_time(NaiveTime::MIN);
            conditions.push(Box::new(move || {
                Box::new(notifications::cr_dtimes.ge(from).nullable())
            }));
        }
        if let Some(next) = self
            .created_to
            .and_then(|day| day.checked_add_days(Days::new(1)))
        {
            let before = next.and_time(NaiveTime::MIN);
            conditions.push(Box::new(move || {
                Box::new(notifications::cr_dtimes.lt(before).nullable())
            }));
        }
        self.of_details(&mut conditions);
        conditions
    }

    /// The conditions on status and details.
    fn of_details(self, conditions: &mut Vec<ConditionFn<Source>>) {
        // What of a certificate is asked of a chip's one too.
        let of_chip = self.of_kind == Some(Kind::FtmChipCertificate);
        let of_certificate = move |plain: &'static str, chip: &'static str| {
            if of_chip { chip } else { plain }
        };
        let mut whole = |expr: ExprOf, value: Option<String>| {
            if let Some(value) = value {
                conditions.push(Box::new(move || equals_text(expr(), &value)));
            }
        };
        whole(
            Box::new(|| Box::new(notifications::notification_status.nullable())),
            self.status,
        );
        let path = of_certificate(PARTNER_DOMAIN, CHIP_DOMAIN);
        whole(Box::new(move || detail(path)), self.partner_domain);
        let mut part = |path: &'static str, value: Option<String>| {
            if let Some(value) = value {
                conditions.push(Box::new(move || contains(detail(path), &value)));
            }
        };
        part(
            of_certificate(CERTIFICATE_ID, CHIP_CERTIFICATE),
            self.certificate_id,
        );
        part(of_certificate(ISSUED_BY, CHIP_ISSUER), self.issued_by);
        part(of_certificate(ISSUED_TO, CHIP_SUBJECT), self.issued_to);
        for (what, value) in self.parts {
            part(what.path(), Some(value));
        }
        if let Some(day) = self.expires_on {
            let day = day.format("%Y-%m-%d").to_string();
            let path = ends_at(self.of_kind);
            conditions.push(Box::new(move || starts_with(detail(path), &day)));
        }
    }
}

fn codes(kinds: &[Kind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.code()).collect()
}

/// Whether the details name another partner than the recipient. They are searched as
/// text: details that are no JSON must not fail the statement.
const ABOUT_ANOTHER: &str = "(position('\"partnerId\":\"' IN notification_details_json) > 0 \
    AND position('\"partnerId\":\"' || partner_id || '\"' IN notification_details_json) = 0)";

type ExprOf = Box<dyn Fn() -> Expr<Source, Nullable<Text>> + Send + Sync>;

/// Path to the end of the first item of a kind.
const fn ends_at(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::FtmChipCertificate) => {
            "(notification_details_json::jsonb #>> '{ftmDetails,0,expiryDateTime}')"
        }
        Some(Kind::Interface) => {
            "(notification_details_json::jsonb #>> '{sbiDetails,0,expiryDateTime}')"
        }
        Some(Kind::ApiKey) => {
            "(notification_details_json::jsonb #>> '{apiKeyDetails,0,expiryDateTime}')"
        }
        Some(Kind::MispLicence) => {
            "(notification_details_json::jsonb #>> '{mispLicenseKeyDetails,0,expiryDateTime}')"
        }
        _ => EXPIRES_AT,
    }
}

impl Detail {
    const fn path(self) -> &'static str {
        match self {
            Self::FtmId => "(notification_details_json::jsonb #>> '{ftmDetails,0,ftmId}')",
            Self::Make => "(notification_details_json::jsonb #>> '{ftmDetails,0,make}')",
            Self::Model => "(notification_details_json::jsonb #>> '{ftmDetails,0,model}')",
            Self::SbiId => "(notification_details_json::jsonb #>> '{sbiDetails,0,sbiId}')",
            Self::SbiVersion => {
                "(notification_details_json::jsonb #>> '{sbiDetails,0,sbiVersion}')"
            }
            Self::ApiKeyName => {
                "(notification_details_json::jsonb #>> '{apiKeyDetails,0,apiKeyName}')"
            }
            Self::KeyPolicyName => {
                "(notification_details_json::jsonb #>> '{apiKeyDetails,0,policyName}')"
            }
            Self::MispLicenseKeyName => {
                "(notification_details_json::jsonb #>> '{mispLicenseKeyDetails,0,mispLicenseKeyName}')"
            }
            Self::MispPartnerId => {
                "(notification_details_json::jsonb #>> '{mispLicenseKeyDetails,0,mispPartnerId}')"
            }
            Self::LicencePolicyName => {
                "(notification_details_json::jsonb #>> '{mispLicenseKeyDetails,0,policyName}')"
            }
        }
    }
}

const CERTIFICATE_ID: &str =
    "(notification_details_json::jsonb #>> '{certificateDetails,0,certificateId}')";
const ISSUED_BY: &str = "(notification_details_json::jsonb #>> '{certificateDetails,0,issuedBy}')";
const ISSUED_TO: &str = "(notification_details_json::jsonb #>> '{certificateDetails,0,issuedTo}')";
const PARTNER_DOMAIN: &str =
    "(notification_details_json::jsonb #>> '{certificateDetails,0,partnerDomain}')";
const EXPIRES_AT: &str =
    "(notification_details_json::jsonb #>> '{certificateDetails,0,expiryDateTime}')";

const CHIP_CERTIFICATE: &str =
    "(notification_details_json::jsonb #>> '{ftmDetails,0,certificateId}')";
const CHIP_ISSUER: &str = "(notification_details_json::jsonb #>> '{ftmDetails,0,issuedBy}')";
const CHIP_SUBJECT: &str = "(notification_details_json::jsonb #>> '{ftmDetails,0,issuedTo}')";
const CHIP_DOMAIN: &str = "(notification_details_json::jsonb #>> '{ftmDetails,0,partnerDomain}')";

fn detail(path: &'static str) -> Expr<Source, Nullable<Text>> {
    Box::new(sql::<Nullable<Text>>(path))
}

impl List for NotificationList {
    type Source = Source;
    type Row = NotificationItem;
    const RULES: ListRules = ListRules::Unsorted;
    const PAGE_SIZE: Option<i64> = Some(4);

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(notifications::cr_dtimes.desc()),
            Box::new(notifications::id.asc()),
        ]
    }

    load_rows!(notifications::table => NotificationItem);
    count_rows!(notifications::table);
}
