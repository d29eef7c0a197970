//! `GET /policies/v2`

use chrono::NaiveDateTime;
use diesel::dsl::{LeftJoinQuerySource, case_when, not};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::{List, ListRules, SortColumn};
use crate::schema::{auth_policy, policy_group};
use crate::search::{Condition, Expr, Keyed, Maker, Narrow, Order, contains};

/// Policies with the names of their groups, in pages.
pub struct PolicyList;

type Source = LeftJoinQuerySource<auth_policy::table, policy_group::table>;

/// A policy in the list; its status follows from schema and activity.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = auth_policy)]
#[diesel(base_query = auth_policy::table.left_join(policy_group::table))]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3"
)]
pub struct PolicyItem {
    pub id: String,
    pub policy_type: String,
    pub name: String,
    pub descr: String,
    pub policy_group_id: Option<String>,
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    pub policy_schema: Option<String>,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
}

/// What the policies of the list must have; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct PolicyFilter {
    pub policy_id: Option<String>,
    pub policy_type: Option<String>,
    pub policy_name: Option<String>,
    pub policy_description: Option<String>,
    pub policy_group_name: Option<String>,
    /// Exactly `draft`, `activated` or `deactivated`; anything else has no rows.
    pub status: Option<String>,
}

impl PolicyFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let mut makers: Vec<Maker<Source>> = Vec::new();
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(|| Box::new(auth_policy::id.nullable()), self.policy_id);
        text(
            || Box::new(auth_policy::policy_type.nullable()),
            self.policy_type,
        );
        text(|| Box::new(auth_policy::name.nullable()), self.policy_name);
        text(
            || Box::new(auth_policy::descr.nullable()),
            self.policy_description,
        );
        text(
            || Box::new(policy_group::name.nullable()),
            self.policy_group_name,
        );
        if let Some(label) = self.status {
            makers.push(Box::new(move || has_status(&label)));
        }
        makers
    }
}

/// Whether a policy has this status, in words that the indexes know.
fn has_status(label: &str) -> Condition<Source> {
    let active = auth_policy::is_active;
    let draft = auth_policy::policy_schema.is_null();
    let published = auth_policy::policy_schema.is_not_null();
    match label {
        "draft" => Box::new(draft.and(not(active)).nullable()),
        "activated" => Box::new(published.and(active).nullable()),
        "deactivated" => Box::new(published.and(not(active)).nullable()),
        _ => Box::new(false.into_sql::<Bool>().nullable()),
    }
}

/// The status as the wire words it; NULL for a policy that is active without
/// ever having been published.
fn status() -> Expr<Source, Nullable<Text>> {
    let draft = auth_policy::policy_schema
        .is_null()
        .and(auth_policy::is_active.eq(false));
    let activated = auth_policy::policy_schema
        .is_not_null()
        .and(auth_policy::is_active);
    let deactivated = auth_policy::policy_schema
        .is_not_null()
        .and(auth_policy::is_active.eq(false));
    Box::new(
        case_when(draft, "draft".into_sql::<Text>())
            .when(activated, "activated".into_sql::<Text>())
            .when(deactivated, "deactivated".into_sql::<Text>()),
    )
}

static SORTS: [SortColumn<Source>; 7] = [
    SortColumn::text("policyId", || Box::new(auth_policy::id.nullable())),
    SortColumn::text("policyName", || Box::new(auth_policy::name.nullable())),
    SortColumn::text("policyDescription", || {
        Box::new(auth_policy::descr.nullable())
    }),
    SortColumn::text("policyGroupId", || Box::new(auth_policy::policy_group_id)),
    SortColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    }),
    SortColumn::text("status", status),
    SortColumn::time("createdDateTime", || {
        Box::new(auth_policy::cr_dtimes.nullable())
    }),
];

impl List for PolicyList {
    type Source = Source;
    type Row = PolicyItem;
    const RULES: ListRules = ListRules::Policy;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(auth_policy::cr_dtimes.desc()),
            Box::new(auth_policy::id.asc()),
        ]
    }

    fn keyed() -> Option<Keyed<Source>> {
        Some(Keyed {
            column: || Box::new(auth_policy::id.nullable()),
            keys: |conn, narrow| {
                let keys = auth_policy::table
                    .left_join(policy_group::table)
                    .select(auth_policy::id);
                narrow.apply(keys.into_boxed()).load(conn)
            },
        })
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<Vec<PolicyItem>> {
        narrow.apply(PolicyItem::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        let rows = auth_policy::table.left_join(policy_group::table);
        narrow.filter(rows.count().into_boxed()).get_result(conn)
    }
}
