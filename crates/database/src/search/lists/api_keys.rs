//! `GET /partner-api-keys`

use chrono::NaiveDateTime;
use diesel::dsl::{self, Eq, LeftJoinQuerySource};
use diesel::prelude::*;
use pms_domain::partner::types::AUTH_PARTNER;

use super::newest::newest_first;
use super::policy_and_group::PolicyAndGroup;
use super::{Label, List, ListColumn, ListRules};
use crate::schema::{auth_policy, partner, partner_policy as key, policy_group};
use crate::search::statements::{key_lookup, load_rows};
use crate::search::{Condition, ConditionFn, QuerySpec, one_of};

/// API keys of authentication partners, with their partners, policies and the
/// policies' groups.
pub struct ApiKeyList;

type WithPartner = LeftJoinQuerySource<key::table, partner::table>;
type WithPolicy = LeftJoinQuerySource<WithPartner, auth_policy::table>;
type OfPolicy = Eq<auth_policy::policy_group_id, dsl::Nullable<policy_group::id>>;
type Source = LeftJoinQuerySource<WithPolicy, policy_group::table, OfPolicy>;

/// An API key in the list. `Debug` is left out: the key is a secret.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = key)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3, §2.5 and §2.8"
)]
pub struct ApiKeyItem {
    policy_api_key: String,
    pub part_id: String,
    pub policy_id: String,
    pub label: String,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
    #[diesel(select_expression = partner::name.nullable())]
    pub partner_name: Option<String>,
    #[diesel(embed)]
    pub policy: PolicyAndGroup,
}

impl ApiKeyList {
    /// Keys of these partners alone.
    pub fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(key::part_id.nullable()), ids)
    }
}

static STATUSES: [Label<Source>; 2] = [
    ("activated", || Box::new(key::is_active.eq(true).nullable())),
    ("deactivated", || {
        Box::new(key::is_active.eq(false).nullable())
    }),
];

/// Every key has a policy (contract schema.md §2.8).
fn has_policy() -> Condition<Source> {
    Box::new(auth_policy::id.nullable().is_not_null().nullable())
}

static COLUMNS: [ListColumn<Source>; 7] = [
    ListColumn::text("partnerId", || Box::new(key::part_id.nullable())).contains(),
    ListColumn::text("apiKeyLabel", || Box::new(key::label.nullable())).contains(),
    ListColumn::text("orgName", || Box::new(partner::name.nullable())).contains(),
    ListColumn::text("policyName", || Box::new(auth_policy::name.nullable()))
        .contains()
        .knowing(has_policy),
    ListColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    })
    .contains()
    .knowing(has_policy),
    // Ascending words: `activated` comes first.
    ListColumn::bool("status", || Box::new(key::is_active.nullable()))
        .inverted()
        .labels(&STATUSES),
    ListColumn::time("createdDateTime", || Box::new(key::cr_dtimes.nullable())),
];

impl List for ApiKeyList {
    type Source = Source;
    type Row = ApiKeyItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    newest_first!(key, policy_api_key);

    key_lookup!(listed(), key::policy_api_key);
    load_rows!(listed() => ApiKeyItem);

    fn count(conn: &mut PgConnection, spec: QuerySpec<Source>) -> QueryResult<i64> {
        if spec.conditions.is_empty() {
            return count_all(conn);
        }
        let query = listed().count();
        spec.filter(query.into_boxed()).get_result(conn)
    }
}

/// Counts the keys of others instead, who are few: every key has a partner
/// (contract schema.md §2.8), and millions of rows need not be joined.
fn count_all(conn: &mut PgConnection) -> QueryResult<i64> {
    let all: i64 = key::table.count().get_result(conn)?;
    let of_partners = || key::table.inner_join(partner::table);
    let code = partner::partner_type_code;
    // Two ranges of an index; `<>` has none.
    let before: i64 = of_partners()
        .filter(code.lt(AUTH_PARTNER))
        .count()
        .get_result(conn)?;
    let behind: i64 = of_partners()
        .filter(code.gt(AUTH_PARTNER))
        .count()
        .get_result(conn)?;
    Ok(all - before - behind)
}

#[diesel::dsl::auto_type]
fn listed() -> _ {
    let listed: Eq<partner::partner_type_code, &'static str> =
        partner::partner_type_code.eq(AUTH_PARTNER);
    rows().filter(listed)
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    key::table
        .left_join(partner::table)
        .left_join(auth_policy::table)
        .left_join(
            policy_group::table.on(auth_policy::policy_group_id.eq(policy_group::id.nullable())),
        )
}
