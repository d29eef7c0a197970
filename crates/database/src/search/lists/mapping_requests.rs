//! `GET /partner-policy-requests`

use chrono::NaiveDateTime;
use diesel::dsl::{self, Eq, LeftJoinQuerySource};
use diesel::prelude::*;

use super::newest::newest_first;
use super::policy_and_group::PolicyAndGroup;
use super::{List, ListColumn, ListRules};
use crate::schema::{auth_policy, partner, partner_policy_request as request, policy_group};
use crate::search::statements::{count_rows, key_lookup, load_rows};
use crate::search::{Condition, ConditionFn, one_of};

/// Mapping requests with their partners and policies, and the partners' policy
/// groups.
pub struct MappingRequestList;

type WithPartner = LeftJoinQuerySource<request::table, partner::table>;
type WithPolicy = LeftJoinQuerySource<WithPartner, auth_policy::table>;
type OfPartner = Eq<partner::policy_group_id, dsl::Nullable<policy_group::id>>;
type Source = LeftJoinQuerySource<WithPolicy, policy_group::table, OfPartner>;

/// A mapping request in the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = request)]
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
    #[diesel(embed)]
    pub policy: PolicyAndGroup,
}

impl MappingRequestList {
    /// Requests of these partners alone.
    pub fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(request::part_id.nullable()), ids)
    }
}

/// Every request has a partner (contract schema.md §2.9).
fn has_partner() -> Condition<Source> {
    Box::new(partner::id.nullable().is_not_null().nullable())
}

static COLUMNS: [ListColumn<Source>; 11] = [
    ListColumn::text("partnerId", || Box::new(request::part_id.nullable())).contains(),
    ListColumn::text("partnerType", || {
        Box::new(partner::partner_type_code.nullable())
    })
    .contains()
    .knowing(has_partner),
    ListColumn::text("orgName", || Box::new(partner::name.nullable()))
        .contains()
        .knowing(has_partner),
    ListColumn::text("policyId", || Box::new(request::policy_id.nullable())),
    // Of a policy that is gone, no part is found.
    ListColumn::text("policyId", || Box::new(auth_policy::id.nullable()))
        .contains()
        .filter_only(),
    ListColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    })
    .contains(),
    ListColumn::text("policyName", || Box::new(auth_policy::name.nullable())).contains(),
    ListColumn::text("status", || Box::new(request::status_code.nullable())).exact(),
    ListColumn::text("requestDetail", || {
        Box::new(request::request_detail.nullable())
    }),
    ListColumn::text("partnerComment", || {
        Box::new(request::request_detail.nullable())
    })
    .contains()
    .filter_only(),
    ListColumn::time("createdDateTime", || {
        Box::new(request::cr_dtimes.nullable())
    }),
];

impl List for MappingRequestList {
    type Source = Source;
    type Row = MappingRequestItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    newest_first!(request, id);

    key_lookup!(rows(), request::id);
    load_rows!(rows() => MappingRequestItem);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    request::table
        .left_join(partner::table)
        .left_join(auth_policy::table)
        .left_join(policy_group::table.on(partner::policy_group_id.eq(policy_group::id.nullable())))
}
