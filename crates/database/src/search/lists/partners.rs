//! `GET /admin-partners`

use chrono::NaiveDateTime;
use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::{List, ListRules, SortColumn};
use crate::functions::lower;
use crate::schema::{partner, policy_group};
use crate::search::errors::ENCRYPTED_COLUMN;
use crate::search::{Condition, Expr, Keyed, Maker, Narrow, Order, contains};

/// Partners with the names of their policy groups, in pages.
pub struct PartnerList;

type Source = LeftJoinQuerySource<partner::table, policy_group::table>;

/// A partner in the list. `Debug` is left out: the e-mail is personal.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
#[diesel(base_query = partner::table.left_join(policy_group::table))]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]
pub struct PartnerItem {
    pub id: String,
    pub partner_type_code: String,
    pub name: String,
    pub policy_group_id: Option<String>,
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    /// Cipher text, as a rule.
    pub email_id: Option<String>,
    pub certificate_alias: Option<String>,
    pub approval_status: String,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
}

/// An e-mail address, in the two forms that columns may hold it.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailFilter {
    /// As it was asked, for rows in the clear.
    pub clear: String,
    /// Lower-case hex SHA-256 of the trimmed lower-cased address.
    pub hash: String,
}

/// What the partners of the list must have; texts contain, ignoring case.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct PartnerFilter {
    pub partner_id: Option<String>,
    pub partner_type: Option<String>,
    pub org_name: Option<String>,
    pub policy_group_name: Option<String>,
    /// The whole address.
    pub email_address: Option<EmailFilter>,
    /// Exactly `uploaded` or `not_uploaded`; anything else has no rows.
    pub certificate_upload_status: Option<String>,
    pub is_active: Option<bool>,
}

impl PartnerFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let mut makers: Vec<Maker<Source>> = Vec::new();
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(|| Box::new(partner::id.nullable()), self.partner_id);
        text(
            || Box::new(partner::partner_type_code.nullable()),
            self.partner_type,
        );
        text(|| Box::new(partner::name.nullable()), self.org_name);
        text(
            || Box::new(policy_group::name.nullable()),
            self.policy_group_name,
        );
        if let Some(email) = self.email_address {
            makers.push(Box::new(move || has_email(&email)));
        }
        if let Some(label) = self.certificate_upload_status {
            makers.push(Box::new(move || has_certificate(&label)));
        }
        if let Some(wanted) = self.is_active {
            makers.push(Box::new(move || {
                Box::new(partner::is_active.eq(wanted).nullable())
            }));
        }
        makers
    }
}

fn has_email(email: &EmailFilter) -> Condition<Source> {
    let clear = lower::<Nullable<Text>, _>(email.clear.clone());
    let in_the_clear = lower::<Nullable<Text>, _>(partner::email_id).eq(clear);
    Box::new(in_the_clear.or(partner::email_id_hash.eq(email.hash.clone())))
}

fn has_certificate(label: &str) -> Condition<Source> {
    let alias = partner::certificate_alias;
    match label {
        "uploaded" => Box::new(alias.is_not_null().nullable()),
        "not_uploaded" => Box::new(alias.is_null().nullable()),
        _ => Box::new(false.into_sql::<Bool>().nullable()),
    }
}

static SORTS: [SortColumn<Source>; 10] = [
    SortColumn::text("partnerId", || Box::new(partner::id.nullable())),
    SortColumn::text("partnerType", || {
        Box::new(partner::partner_type_code.nullable())
    }),
    SortColumn::text("orgName", || Box::new(partner::name.nullable())),
    SortColumn::text("policyGroupId", || Box::new(partner::policy_group_id)),
    SortColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    }),
    SortColumn::refused("emailAddress", ENCRYPTED_COLUMN),
    // Ascending words: `not_uploaded` comes first.
    SortColumn::text("certificateUploadStatus", || {
        Box::new(partner::certificate_alias)
    })
    .inverted(),
    SortColumn::text("status", || Box::new(partner::approval_status.nullable())),
    SortColumn::bool("isActive", || Box::new(partner::is_active.nullable())).inverted(),
    SortColumn::time("createdDateTime", || {
        Box::new(partner::cr_dtimes.nullable())
    }),
];

impl List for PartnerList {
    type Source = Source;
    type Row = PartnerItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(partner::cr_dtimes.desc()),
            Box::new(partner::id.asc()),
        ]
    }

    fn keyed() -> Option<Keyed<Source>> {
        Some(Keyed {
            column: || Box::new(partner::id.nullable()),
            keys: |conn, narrow| {
                let keys = partner::table
                    .left_join(policy_group::table)
                    .select(partner::id);
                narrow.apply(keys.into_boxed()).load(conn)
            },
        })
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<Vec<PartnerItem>> {
        narrow.apply(PartnerItem::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        let rows = partner::table.left_join(policy_group::table);
        narrow.filter(rows.count().into_boxed()).get_result(conn)
    }
}
