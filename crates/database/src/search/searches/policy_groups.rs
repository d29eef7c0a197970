//! `POST /policies/group/search` and `POST /policies/group/filtervalues`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::policy_groups::PolicyGroup;
use crate::schema::policy_group::{self, table};
use crate::search::{Column, Condition, Entity, Expr, Narrow, Order};

/// Policy groups; the wire shows the columns as they are.
pub struct PolicyGroups;

static COLUMNS: [Column<table>; 11] = [
    Column::text("id", || Box::new(policy_group::id.nullable())),
    Column::text("name", || Box::new(policy_group::name.nullable())),
    Column::text("desc", || Box::new(policy_group::descr.nullable())),
    Column::text("userId", || Box::new(policy_group::user_id.nullable())),
    Column::bool("isActive", || Box::new(policy_group::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(policy_group::is_deleted)),
    Column::text("crBy", || Box::new(policy_group::cr_by.nullable())),
    Column::local("crDtimes", || Box::new(policy_group::cr_dtimes.nullable())),
    Column::text("updBy", || Box::new(policy_group::upd_by)),
    Column::local("updDtimes", || Box::new(policy_group::upd_dtimes)),
    Column::local("delDtimes", || Box::new(policy_group::del_dtimes)),
];

impl Entity for PolicyGroups {
    type Source = table;
    type Row = PolicyGroup;
    const CODE_IS_UNIQUE: bool = true;

    fn columns() -> &'static [Column<table>] {
        &COLUMNS
    }

    fn alive() -> Condition<table> {
        Box::new(policy_group::is_deleted.is_distinct_from(true).nullable())
    }

    fn age() -> Vec<Order<table>> {
        vec![
            Box::new(policy_group::cr_dtimes.asc()),
            Box::new(policy_group::id.asc()),
        ]
    }

    fn tie_breaker() -> Vec<Order<table>> {
        vec![Box::new(policy_group::id.asc())]
    }

    fn code() -> Expr<table, Nullable<Text>> {
        Box::new(policy_group::name.nullable())
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<table>) -> QueryResult<Vec<PolicyGroup>> {
        narrow.apply(PolicyGroup::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<table>) -> QueryResult<i64> {
        narrow.filter(table.count().into_boxed()).get_result(conn)
    }

    fn values(
        conn: &mut PgConnection,
        value: Expr<table, Nullable<Text>>,
        distinct: bool,
        narrow: Narrow<table>,
    ) -> QueryResult<Vec<(Option<String>, Option<String>)>> {
        let query = table.select((Self::code(), value)).into_boxed();
        let query = if distinct { query.distinct() } else { query };
        narrow.apply(query).load(conn)
    }
}
