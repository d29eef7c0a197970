//! `GET /partner-api-keys`

use chrono::NaiveDateTime;
use diesel::dsl::{self, Eq, LeftJoinQuerySource};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::{List, ListRules, SortColumn};
use crate::schema::{auth_policy, partner, partner_policy as key, policy_group};
use crate::search::{Condition, Expr, Keyed, Maker, Narrow, Order, contains};

/// The type of partner whose keys are listed.
const AUTH_PARTNER: &str = "Auth_Partner";

/// API keys of authentication partners, with their partners, policies and the
/// policies' groups.
pub struct ApiKeyList;

type WithPartner = LeftJoinQuerySource<key::table, partner::table>;
type WithPolicy = LeftJoinQuerySource<WithPartner, auth_policy::table>;
type OfPolicy = Eq<auth_policy::policy_group_id, dsl::Nullable<policy_group::id>>;
type Source = LeftJoinQuerySource<WithPolicy, policy_group::table, OfPolicy>;

/// An API key in the list. `Debug` is left out: the key is a secret.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = key)]
#[diesel(base_query = key::table
    .left_join(partner::table)
    .left_join(auth_policy::table)
    .left_join(policy_group::table.on(auth_policy::policy_group_id.eq(policy_group::id.nullable()))))]
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

/// What the API keys of the list must have; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct ApiKeyFilter {
    /// Keys of these partners alone; `None` for everybody's.
    pub of_partners: Option<Vec<String>>,
    pub partner_id: Option<String>,
    pub api_key_label: Option<String>,
    pub org_name: Option<String>,
    pub policy_name: Option<String>,
    pub policy_group_name: Option<String>,
    /// Exactly `activated` or `deactivated`; anything else has no rows.
    pub status: Option<String>,
}

impl ApiKeyFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let mut makers: Vec<Maker<Source>> = Vec::new();
        if let Some(ids) = self.of_partners {
            makers.push(Box::new(move || {
                Box::new(key::part_id.eq_any(ids.clone()).nullable())
            }));
        }
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(|| Box::new(key::part_id.nullable()), self.partner_id);
        text(|| Box::new(key::label.nullable()), self.api_key_label);
        text(|| Box::new(partner::name.nullable()), self.org_name);
        text(|| Box::new(auth_policy::name.nullable()), self.policy_name);
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

fn has_status(label: &str) -> Condition<Source> {
    match label {
        "activated" => Box::new(key::is_active.eq(true).nullable()),
        "deactivated" => Box::new(key::is_active.eq(false).nullable()),
        _ => Box::new(false.into_sql::<Bool>().nullable()),
    }
}

/// Every key has a policy (contract schema.md §2.8).
fn has_policy() -> Condition<Source> {
    Box::new(auth_policy::id.nullable().is_not_null().nullable())
}

static SORTS: [SortColumn<Source>; 7] = [
    SortColumn::text("partnerId", || Box::new(key::part_id.nullable())),
    SortColumn::text("apiKeyLabel", || Box::new(key::label.nullable())),
    SortColumn::text("orgName", || Box::new(partner::name.nullable())),
    SortColumn::text("policyName", || Box::new(auth_policy::name.nullable())).knowing(has_policy),
    SortColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    })
    .knowing(has_policy),
    // Ascending words: `activated` comes first.
    SortColumn::bool("status", || Box::new(key::is_active.nullable())).inverted(),
    SortColumn::time("createdDateTime", || Box::new(key::cr_dtimes.nullable())),
];

impl List for ApiKeyList {
    type Source = Source;
    type Row = ApiKeyItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(key::cr_dtimes.desc()),
            Box::new(key::policy_api_key.asc()),
        ]
    }

    fn keyed() -> Option<Keyed<Source>> {
        Some(Keyed {
            column: || Box::new(key::policy_api_key.nullable()),
            keys: |conn, narrow| {
                let keys = listed().select(key::policy_api_key);
                narrow.apply(keys.into_boxed()).load(conn)
            },
        })
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<Vec<ApiKeyItem>> {
        let listed = partner::partner_type_code.eq(AUTH_PARTNER);
        let query = ApiKeyItem::query().filter(listed).into_boxed();
        narrow.apply(query).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        if narrow.conditions.is_empty() {
            return count_all(conn);
        }
        let query = listed().count();
        narrow.filter(query.into_boxed()).get_result(conn)
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
