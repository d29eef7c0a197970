//! `POST /partners/apikey/search`.

use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pms_domain::BusinessError;

use super::names;
use super::virtual_columns::{need_names, take_late_value, take_value};
use crate::api_keys::ApiKey;
use crate::schema::{auth_policy, partner, partner_policy as key};
use crate::search::statements::{count_rows, key_lookup, usual_columns, value_rows};
use crate::search::{
    Column, ConditionFn, Entity, Expr, OfPartners, QuerySpec, Rules, SearchRequest, TakenOut,
    one_of,
};

/// API keys, with the names of their partners.
pub struct ApiKeys;

type WithPartner = LeftJoinQuerySource<key::table, partner::table>;
type Source = LeftJoinQuerySource<WithPartner, auth_policy::table>;

/// An API key and the name of its partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyFound {
    /// The key.
    pub key: ApiKey,
    /// Name of the partner.
    pub partner_name: Option<String>,
}

static COLUMNS: [Column<Source>; 12] = [
    Column::text("policyApiKey", || Box::new(key::policy_api_key.nullable())).not_in_row(),
    Column::text("label", || Box::new(key::label.nullable())),
    Column::text("policyId", || Box::new(key::policy_id.nullable())),
    Column::instant("validFromDatetime", || {
        Box::new(key::valid_from_datetime.nullable())
    }),
    Column::instant("validToDatetime", || Box::new(key::valid_to_datetime)),
    Column::bool("isActive", || Box::new(key::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(key::is_deleted)),
    Column::text("crBy", || Box::new(key::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(key::cr_dtimes.nullable())),
    Column::text("updBy", || Box::new(key::upd_by)),
    Column::instant("updDtimes", || Box::new(key::upd_dtimes)),
    Column::instant("delDtimes", || Box::new(key::del_dtimes)),
];

impl OfPartners for ApiKeys {
    fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(key::part_id.nullable()), ids)
    }
}

impl Entity for ApiKeys {
    type Source = Source;
    type Row = ApiKeyFound;
    const CODE_IS_UNIQUE: bool = false;

    usual_columns!(key, policy_api_key);

    /// The label, since the key itself is a secret.
    fn code() -> Expr<Source, Nullable<Text>> {
        Box::new(key::label.nullable())
    }

    fn prepare(
        request: &mut SearchRequest,
        taken: &mut TakenOut<Source>,
        rules: &Rules,
    ) -> Result<(), BusinessError> {
        let Some(filters) = request.filters.as_mut() else {
            return Ok(());
        };
        need_names(filters, rules.neutral)?;
        if let Some(name) = take_late_value(filters, "partnerName", rules.neutral, taken) {
            taken.push(Box::new(move || {
                Box::new(partner::name.nullable().eq(Some(name.clone())))
            }));
        }
        if let Some(id) = take_late_value(filters, "partnerId", rules.neutral, taken) {
            taken.push(Box::new(move || {
                Box::new(key::part_id.eq(id.clone()).nullable())
            }));
        }
        if let Some(name) = take_value(filters, "policyName", rules.neutral)? {
            taken.push(Box::new(Self::alive));
            taken.push(Box::new(move || {
                Box::new(auth_policy::name.nullable().eq(Some(name.clone())))
            }));
        }
        Ok(())
    }

    fn load(conn: &mut PgConnection, spec: QuerySpec<Source>) -> QueryResult<Vec<ApiKeyFound>> {
        // Names come for the rows of the page alone: joined, they would be
        // looked up for every row before it as well.
        let rows = rows().select(ApiKey::as_select());
        let keys: Vec<ApiKey> = spec.apply(rows.into_boxed()).load(conn)?;
        let ids: Vec<_> = keys.iter().map(|key| key.part_id.as_str()).collect();
        let partners = names::of_partners(conn, &ids)?;
        let found = keys.into_iter().map(|key| ApiKeyFound {
            partner_name: partners.get(&key.part_id).cloned(),
            key,
        });
        Ok(found.collect())
    }

    key_lookup!(rows(), key::policy_api_key);
    count_rows!(rows());
    value_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    key::table
        .left_join(partner::table)
        .left_join(auth_policy::table)
}
