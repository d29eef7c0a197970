//! `POST /partners/partnertype/search`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::partners::PartnerType;
use crate::schema::partner_type::{self, table};
use crate::search::{Column, Condition, Entity, Expr, Narrow, Order};

/// Partner types; the wire shows the columns as they are.
pub struct PartnerTypes;

static COLUMNS: [Column<table>; 10] = [
    Column::text("code", || Box::new(partner_type::code.nullable())),
    Column::text("crBy", || Box::new(partner_type::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(partner_type::cr_dtimes.nullable())),
    Column::instant("delDtimes", || Box::new(partner_type::del_dtimes)),
    Column::bool("isActive", || Box::new(partner_type::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(partner_type::is_deleted)),
    Column::text("partnerDescription", || {
        Box::new(partner_type::partner_description.nullable())
    }),
    Column::text("updBy", || Box::new(partner_type::upd_by)),
    Column::instant("updDtimes", || Box::new(partner_type::upd_dtimes)),
    Column::bool("isPolicyRequired", || {
        Box::new(partner_type::is_policy_required.nullable())
    }),
];

impl Entity for PartnerTypes {
    type Source = table;
    type Row = PartnerType;
    const CODE_IS_UNIQUE: bool = true;

    fn columns() -> &'static [Column<table>] {
        &COLUMNS
    }

    fn alive() -> Condition<table> {
        Box::new(partner_type::is_deleted.is_distinct_from(true).nullable())
    }

    fn age() -> Vec<Order<table>> {
        vec![
            Box::new(partner_type::cr_dtimes.asc()),
            Box::new(partner_type::code.asc()),
        ]
    }

    fn tie_breaker() -> Vec<Order<table>> {
        vec![Box::new(partner_type::code.asc())]
    }

    fn code() -> Expr<table, Nullable<Text>> {
        Box::new(partner_type::code.nullable())
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<table>) -> QueryResult<Vec<PartnerType>> {
        narrow.apply(PartnerType::query().into_boxed()).load(conn)
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
