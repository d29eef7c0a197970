//! `POST /partners/apikey/request/search` and
//! `POST /partners/apikey/request/filtervalues`.

use diesel::dsl::{LeftJoinQuerySource, exists};
use diesel::prelude::*;
use pms_domain::BusinessError;

use super::names;
use super::virtual_columns::{need_names, rename, take_late_value, take_value, value_of};
use crate::mapping_requests::MappingRequest;
use crate::schema::{auth_policy, partner, partner_policy_request as request};
use crate::search::statements::{count_rows, key_lookup, usual_columns, value_rows};
use crate::search::{
    Column, ConditionFn, Entity, Filter, OfPartners, QuerySpec, Rules, SearchRequest, TakenOut,
    contains, contains_exactly, one_of,
};

/// Mapping requests, with the names of their partners and policies.
pub struct MappingRequests;

type WithPartner = LeftJoinQuerySource<request::table, partner::table>;
type Source = LeftJoinQuerySource<WithPartner, auth_policy::table>;

/// A mapping request and the names of its partner and its policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRequestFound {
    /// The request.
    pub request: MappingRequest,
    /// Name of the partner.
    pub partner_name: Option<String>,
    /// Name of the policy; none when the policy is gone.
    pub policy_name: Option<String>,
}

static COLUMNS: [Column<Source>; 11] = [
    Column::text(ID, || Box::new(request::id.nullable())).not_in_row(),
    Column::text("crBy", || Box::new(request::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(request::cr_dtimes.nullable())),
    Column::instant("delDtimes", || Box::new(request::del_dtimes)),
    Column::bool("isDeleted", || Box::new(request::is_deleted)),
    Column::text("policyId", || Box::new(request::policy_id.nullable())),
    Column::instant("requestDatetimes", || {
        Box::new(request::request_datetimes.nullable())
    }),
    Column::text("requestDetail", || {
        Box::new(request::request_detail.nullable())
    }),
    Column::text("statusCode", || Box::new(request::status_code.nullable())),
    Column::text("updBy", || Box::new(request::upd_by)),
    Column::instant("updDtimes", || Box::new(request::upd_dtimes)),
];

/// Rows call it `apikeyRequestId`.
const ID: &str = "id";
const POLICY_NAME: &str = "policyName";

impl OfPartners for MappingRequests {
    fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(request::part_id.nullable()), ids)
    }
}

impl Entity for MappingRequests {
    type Source = Source;
    type Row = MappingRequestFound;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(request, id);

    /// The name of a policy that no policy has: then nothing else counts.
    fn finds_nothing(conn: &mut PgConnection, filters: &[Filter]) -> QueryResult<bool> {
        let Some(name) = value_of(filters, POLICY_NAME) else {
            return Ok(false);
        };
        let named = contains(Box::new(auth_policy::name.nullable()), name);
        let found = diesel::select(exists(auth_policy::table.filter(named))).get_result(conn);
        found.map(|found: bool| !found)
    }

    fn prepare(
        wanted: &mut SearchRequest,
        taken: &mut TakenOut<Source>,
        rules: &Rules,
    ) -> Result<(), BusinessError> {
        let Some(filters) = wanted.filters.as_mut() else {
            return Ok(());
        };
        need_names(filters, rules.neutral)?;
        let partner_name = take_late_value(filters, "partnerName", rules.neutral, taken);
        rename(filters, "apikeyRequestId", ID);
        let policy_name = take_value(filters, POLICY_NAME, rules.neutral)?;
        let partner_id = take_late_value(filters, "partnerId", rules.neutral, taken);

        if let Some(name) = partner_name {
            let alone = partner_id.is_none();
            taken.push(Box::new(move || {
                let column = Box::new(partner::name.nullable());
                if alone {
                    contains(column, &name)
                } else {
                    contains_exactly(column, &name)
                }
            }));
        }
        if let Some(id) = partner_id {
            taken.push(Box::new(move || {
                Box::new(request::part_id.eq(id.clone()).nullable())
            }));
        }
        if let Some(name) = policy_name {
            taken.push(Box::new(Self::alive));
            taken.push(Box::new(move || {
                contains(Box::new(auth_policy::name.nullable()), &name)
            }));
        }
        Ok(())
    }

    fn load(
        conn: &mut PgConnection,
        spec: QuerySpec<Source>,
    ) -> QueryResult<Vec<MappingRequestFound>> {
        // Names come for the rows of the page alone: joined, they would be
        // looked up for every row before it as well.
        let rows = rows().select(MappingRequest::as_select());
        let requests: Vec<MappingRequest> = spec.apply(rows.into_boxed()).load(conn)?;
        let of = |id: fn(&MappingRequest) -> &str| requests.iter().map(id).collect::<Vec<_>>();
        let partners = names::of_partners(conn, &of(|request| &request.part_id))?;
        let policies = names::of_policies(conn, &of(|request| &request.policy_id))?;
        let found = requests.into_iter().map(|request| MappingRequestFound {
            partner_name: partners.get(&request.part_id).cloned(),
            policy_name: policies.get(&request.policy_id).cloned(),
            request,
        });
        Ok(found.collect())
    }

    key_lookup!(rows(), request::id);
    count_rows!(rows());
    value_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    request::table
        .left_join(partner::table)
        .left_join(auth_policy::table)
}
