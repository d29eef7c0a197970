//! `GET /policies/v2`

use chrono::NaiveDateTime;
use diesel::dsl::{LeftJoinQuerySource, case_when, not};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::newest::newest_first;
use super::{Label, List, ListColumn, ListRules};
use crate::schema::{auth_policy, policy_group};
use crate::search::Expr;
use crate::search::statements::{count_rows, key_lookup, load_rows};

/// Policies with the names of their groups, in pages.
pub struct PolicyList;

type Source = LeftJoinQuerySource<auth_policy::table, policy_group::table>;

/// A policy in the list; its status follows from schema and activity.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = auth_policy)]
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

/// In words that the indexes know.
static STATUSES: [Label<Source>; 3] = [
    ("draft", || {
        let draft = auth_policy::policy_schema.is_null();
        Box::new(draft.and(not(auth_policy::is_active)).nullable())
    }),
    ("activated", || {
        let published = auth_policy::policy_schema.is_not_null();
        Box::new(published.and(auth_policy::is_active).nullable())
    }),
    ("deactivated", || {
        let published = auth_policy::policy_schema.is_not_null();
        Box::new(published.and(not(auth_policy::is_active)).nullable())
    }),
];

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

static COLUMNS: [ListColumn<Source>; 8] = [
    ListColumn::text("policyId", || Box::new(auth_policy::id.nullable())).contains(),
    ListColumn::text("policyName", || Box::new(auth_policy::name.nullable())).contains(),
    ListColumn::text("policyDescription", || {
        Box::new(auth_policy::descr.nullable())
    })
    .contains(),
    ListColumn::text("policyType", || {
        Box::new(auth_policy::policy_type.nullable())
    })
    .contains()
    .filter_only(),
    ListColumn::text("policyGroupId", || Box::new(auth_policy::policy_group_id)),
    ListColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    })
    .contains(),
    ListColumn::text("status", status).labels(&STATUSES),
    ListColumn::time("createdDateTime", || {
        Box::new(auth_policy::cr_dtimes.nullable())
    }),
];

impl List for PolicyList {
    type Source = Source;
    type Row = PolicyItem;
    const RULES: ListRules = ListRules::Policy;
    const PAGE_SIZE: Option<i64> = Some(8);

    newest_first!(auth_policy, id);

    key_lookup!(rows(), auth_policy::id);
    load_rows!(rows() => PolicyItem);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    auth_policy::table.left_join(policy_group::table)
}
