//! `POST /policies/search` and `POST /policies/filtervalues`.

use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pms_domain::BusinessError;

use super::virtual_columns::{need_names, rename, take_value};
use crate::policies::Policy;
use crate::schema::{auth_policy, policy_group};
use crate::search::{
    Column, Condition, Entity, Expr, Filter, Keyed, Maker, Narrow, Order, Rules, SearchRequest,
    contains_exactly,
};

/// Policies, with the names of their groups.
pub struct Policies;

type Source = LeftJoinQuerySource<auth_policy::table, policy_group::table>;

/// A policy and the name of its group.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = auth_policy)]
#[diesel(base_query = auth_policy::table.left_join(policy_group::table))]
pub struct PolicyFound {
    /// The policy.
    #[diesel(embed)]
    pub policy: Policy,
    /// Name of its group.
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
}

static COLUMNS: [Column<Source>; 16] = [
    Column::text("id", || Box::new(auth_policy::id.nullable())),
    Column::text("name", || Box::new(auth_policy::name.nullable())),
    Column::text(DESCRIPTION, || Box::new(auth_policy::descr.nullable())).not_in_row(),
    Column::text("policyFileId", || {
        Box::new(auth_policy::policy_file_id.nullable())
    })
    .not_in_row(),
    Column::text("policyType", || {
        Box::new(auth_policy::policy_type.nullable())
    }),
    Column::text("version", || Box::new(auth_policy::version.nullable())),
    Column::text("schema", || Box::new(auth_policy::policy_schema)),
    Column::local("validFromDate", || {
        Box::new(auth_policy::valid_from_date.nullable())
    }),
    Column::local("validToDate", || {
        Box::new(auth_policy::valid_to_date.nullable())
    }),
    Column::bool("isActive", || Box::new(auth_policy::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(auth_policy::is_deleted)),
    Column::text("crBy", || Box::new(auth_policy::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(auth_policy::cr_dtimes.nullable())),
    Column::text("updBy", || Box::new(auth_policy::upd_by)),
    Column::local("updDtimes", || Box::new(auth_policy::upd_dtimes)),
    Column::local("delDtimes", || Box::new(auth_policy::del_dtimes)),
];

/// The description under its raw name; rows call it `desc`.
const DESCRIPTION: &str = "descr";

/// What the member `policyType` of a search adds to its filters.
pub fn of_type(policy_type: &str) -> Option<Filter> {
    let all = policy_type.eq_ignore_ascii_case("all");
    (!all).then(|| Filter::equals("policyType", policy_type))
}

impl Entity for Policies {
    type Source = Source;
    type Row = PolicyFound;
    const CODE_IS_UNIQUE: bool = true;

    fn columns() -> &'static [Column<Source>] {
        &COLUMNS
    }

    fn alive() -> Condition<Source> {
        Box::new(auth_policy::is_deleted.is_distinct_from(true).nullable())
    }

    fn age() -> Vec<Order<Source>> {
        vec![
            Box::new(auth_policy::cr_dtimes.asc()),
            Box::new(auth_policy::id.asc()),
        ]
    }

    fn tie_breaker() -> Vec<Order<Source>> {
        vec![Box::new(auth_policy::id.asc())]
    }

    fn code() -> Expr<Source, Nullable<Text>> {
        Box::new(auth_policy::id.nullable())
    }

    fn keyed() -> Option<Keyed<Source>> {
        Some(Keyed {
            column: || Box::new(auth_policy::id.nullable()),
            keys: |conn, narrow| {
                let rows = auth_policy::table.left_join(policy_group::table);
                narrow
                    .apply(rows.select(auth_policy::id).into_boxed())
                    .load(conn)
            },
        })
    }

    fn prepare(
        request: &mut SearchRequest,
        extra: &mut Vec<Maker<Source>>,
        rules: &Rules,
    ) -> Result<(), BusinessError> {
        let Some(filters) = request.filters.as_mut() else {
            return Ok(());
        };
        need_names(filters, rules.neutral)?;
        if let Some(name) = take_value(filters, "policyGroupName", rules.neutral)? {
            extra.push(Box::new(move || {
                contains_exactly(Box::new(policy_group::name.nullable()), &name)
            }));
        }
        rename(filters, "desc", DESCRIPTION);
        Ok(())
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<Vec<PolicyFound>> {
        narrow.apply(PolicyFound::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        let rows = auth_policy::table.left_join(policy_group::table);
        narrow.filter(rows.count().into_boxed()).get_result(conn)
    }

    fn values(
        conn: &mut PgConnection,
        value: Expr<Source, Nullable<Text>>,
        distinct: bool,
        narrow: Narrow<Source>,
    ) -> QueryResult<Vec<(Option<String>, Option<String>)>> {
        let rows = auth_policy::table.left_join(policy_group::table);
        let query = rows.select((Self::code(), value)).into_boxed();
        let query = if distinct { query.distinct() } else { query };
        narrow.apply(query).load(conn)
    }
}
