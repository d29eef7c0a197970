//! `GET /oauth/client`

use chrono::NaiveDateTime;
use diesel::dsl::{self, Eq, LeftJoinQuerySource};
use diesel::prelude::*;

use super::newest::newest_first;
use super::policy_and_group::PolicyAndGroup;
use super::{List, ListColumn, ListRules};
use crate::schema::{auth_policy, oidc_client as client, partner, policy_group};
use crate::search::statements::{count_rows, key_lookup, load_rows};
use crate::search::{ConditionFn, one_of};

/// OIDC clients with their policies, their partners, and the partners' groups.
pub struct OidcClientList;

type WithPolicy = LeftJoinQuerySource<client::table, auth_policy::table>;
type WithPartner = LeftJoinQuerySource<WithPolicy, partner::table>;
type OfPartner = Eq<partner::policy_group_id, dsl::Nullable<policy_group::id>>;
type Source = LeftJoinQuerySource<WithPartner, policy_group::table, OfPartner>;

/// An OIDC client in the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = client)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3, §2.5 and §2.13"
)]
pub struct OidcClientItem {
    pub id: String,
    pub name: String,
    pub rp_id: String,
    pub status: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_dtimes: Option<NaiveDateTime>,
    #[diesel(select_expression = partner::name.nullable())]
    pub partner_name: Option<String>,
    #[diesel(embed)]
    pub policy: PolicyAndGroup,
}

impl OidcClientList {
    /// Clients of these partners alone.
    pub fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(client::rp_id.nullable()), ids)
    }
}

static COLUMNS: [ListColumn<Source>; 8] = [
    ListColumn::text("partnerId", || Box::new(client::rp_id.nullable())).contains(),
    ListColumn::text("orgName", || Box::new(partner::name.nullable())).contains(),
    ListColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    })
    .contains(),
    ListColumn::text("policyName", || Box::new(auth_policy::name.nullable())).contains(),
    ListColumn::text("clientId", || Box::new(client::id.nullable())),
    ListColumn::text("clientName", || Box::new(client::name.nullable())).contains(),
    ListColumn::text("status", || Box::new(client::status.nullable())).exact(),
    ListColumn::time("createdDateTime", || Box::new(client::cr_dtimes.nullable())),
];

impl List for OidcClientList {
    type Source = Source;
    type Row = OidcClientItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    newest_first!(client, id);

    key_lookup!(rows(), client::id);
    load_rows!(rows() => OidcClientItem);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    client::table
        .left_join(auth_policy::table)
        .left_join(partner::table)
        .left_join(policy_group::table.on(partner::policy_group_id.eq(policy_group::id.nullable())))
}
