//! `GET /partner-policy-requests`

use chrono::NaiveDateTime;
use diesel::dsl::{self, Eq, LeftJoinQuerySource};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{List, ListRules, SortColumn};
use crate::schema::{auth_policy, partner, partner_policy_request as request, policy_group};
use crate::search::{Condition, Expr, Keyed, Maker, Narrow, Order, contains};

/// Mapping requests with their partners and policies, and the partners' policy
/// groups.
pub struct MappingRequestList;

type WithPartner = LeftJoinQuerySource<request::table, partner::table>;
type WithPolicy = LeftJoinQuerySource<WithPartner, auth_policy::table>;
type OfPartner = Eq<partner::policy_group_id, dsl::Nullable<policy_group::id>>;
type Source = LeftJoinQuerySource<WithPolicy, policy_group::table, OfPartner>;

/// A mapping request in the list.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = request)]
#[diesel(base_query = request::table
    .left_join(partner::table)
    .left_join(auth_policy::table)
    .left_join(policy_group::table.on(partner::policy_group_id.eq(policy_group::id.nullable()))))]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3, §2.5 and §2.9"
)]
pub struct MappingRequestItem {
    pub id: String,
    pub part_id: String,
    pub policy_id: String,
    pub request_detail: String,
    pub status_code: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_dtimes: Option<NaiveDateTime>,
    #[diesel(select_expression = partner::name.nullable())]
    pub partner_name: Option<String>,
    #[diesel(select_expression = partner::partner_type_code.nullable())]
    pub partner_type: Option<String>,
    #[diesel(select_expression = partner::approval_status.nullable())]
    pub partner_status: Option<String>,
    #[diesel(select_expression = partner::is_active.nullable())]
    pub partner_active: Option<bool>,
    #[diesel(select_expression = auth_policy::name.nullable())]
    pub policy_name: Option<String>,
    #[diesel(select_expression = auth_policy::descr.nullable())]
    pub policy_description: Option<String>,
    #[diesel(select_expression = policy_group::id.nullable())]
    pub group_id: Option<String>,
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    #[diesel(select_expression = policy_group::descr.nullable())]
    pub group_description: Option<String>,
}

/// What the mapping requests of the list must have; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct MappingRequestFilter {
    /// Requests of these partners alone; `None` for everybody's.
    pub of_partners: Option<Vec<String>>,
    pub partner_id: Option<String>,
    pub partner_type: Option<String>,
    pub org_name: Option<String>,
    pub policy_id: Option<String>,
    pub policy_name: Option<String>,
    pub policy_group_name: Option<String>,
    pub partner_comment: Option<String>,
    /// Exactly the column's value.
    pub status: Option<String>,
}

impl MappingRequestFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let mut makers: Vec<Maker<Source>> = Vec::new();
        if let Some(ids) = self.of_partners {
            makers.push(Box::new(move || {
                Box::new(request::part_id.eq_any(ids.clone()).nullable())
            }));
        }
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(|| Box::new(request::part_id.nullable()), self.partner_id);
        text(
            || Box::new(partner::partner_type_code.nullable()),
            self.partner_type,
        );
        text(|| Box::new(partner::name.nullable()), self.org_name);
        text(|| Box::new(auth_policy::id.nullable()), self.policy_id);
        text(|| Box::new(auth_policy::name.nullable()), self.policy_name);
        text(
            || Box::new(policy_group::name.nullable()),
            self.policy_group_name,
        );
        text(
            || Box::new(request::request_detail.nullable()),
            self.partner_comment,
        );
        if let Some(status) = self.status {
            makers.push(Box::new(move || {
                Box::new(request::status_code.eq(status.clone()).nullable())
            }));
        }
        makers
    }
}

/// Every request has a partner (contract schema.md §2.9).
fn has_partner() -> Condition<Source> {
    Box::new(partner::id.nullable().is_not_null().nullable())
}

static SORTS: [SortColumn<Source>; 9] = [
    SortColumn::text("partnerId", || Box::new(request::part_id.nullable())),
    SortColumn::text("partnerType", || {
        Box::new(partner::partner_type_code.nullable())
    })
    .knowing(has_partner),
    SortColumn::text("orgName", || Box::new(partner::name.nullable())).knowing(has_partner),
    SortColumn::text("policyId", || Box::new(request::policy_id.nullable())),
    SortColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    }),
    SortColumn::text("policyName", || Box::new(auth_policy::name.nullable())),
    SortColumn::text("status", || Box::new(request::status_code.nullable())),
    SortColumn::text("requestDetail", || {
        Box::new(request::request_detail.nullable())
    }),
    SortColumn::time("createdDateTime", || {
        Box::new(request::cr_dtimes.nullable())
    }),
];

impl List for MappingRequestList {
    type Source = Source;
    type Row = MappingRequestItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(request::cr_dtimes.desc()),
            Box::new(request::id.asc()),
        ]
    }

    fn keyed() -> Option<Keyed<Source>> {
        Some(Keyed {
            column: || Box::new(request::id.nullable()),
            keys: |conn, narrow| {
                let keys = rows().select(request::id);
                narrow.apply(keys.into_boxed()).load(conn)
            },
        })
    }

    fn load(
        conn: &mut PgConnection,
        narrow: Narrow<Source>,
    ) -> QueryResult<Vec<MappingRequestItem>> {
        narrow
            .apply(MappingRequestItem::query().into_boxed())
            .load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        narrow.filter(rows().count().into_boxed()).get_result(conn)
    }
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    request::table
        .left_join(partner::table)
        .left_join(auth_policy::table)
        .left_join(policy_group::table.on(partner::policy_group_id.eq(policy_group::id.nullable())))
}
