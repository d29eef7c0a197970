//! `GET /notifications`

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
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
}

impl NotificationFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<ConditionFn<Source>> {
        let (partners, kinds) = (self.of_partners, self.kinds);
        let mut conditions: Vec<ConditionFn<Source>> = vec![
            Box::new(move || {
                Box::new(
                    notifications::partner_id
                        .eq_any(partners.clone())
                        .nullable(),
                )
            }),
            Box::new(move || {
                let codes = kinds.iter().map(|kind| kind.code());
                Box::new(notifications::notification_type.eq_any(codes).nullable())
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
        let mut whole = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                conditions.push(Box::new(move || equals_text(expr(), &value)));
            }
        };
        whole(
            || Box::new(notifications::notification_status.nullable()),
            self.status,
        );
        whole(|| detail(PARTNER_DOMAIN), self.partner_domain);
        let mut part = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                conditions.push(Box::new(move || contains(expr(), &value)));
            }
        };
        part(|| detail(CERTIFICATE_ID), self.certificate_id);
        part(|| detail(ISSUED_BY), self.issued_by);
        part(|| detail(ISSUED_TO), self.issued_to);
        if let Some(day) = self.expires_on {
            let day = day.format("%Y-%m-%d").to_string();
            conditions.push(Box::new(move || starts_with(detail(EXPIRES_AT), &day)));
        }
        conditions
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
