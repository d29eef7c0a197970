//! `POST /misps/search` and `POST /misps/filtervalues`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::misp_licences::MispLicence;
use crate::schema::misp_license::{self, table};
use crate::search::{Column, Condition, Entity, Expr, Maker, Narrow, Order};

/// Licences of MISPs; the wire shows the columns as they are.
pub struct MispLicences;

static COLUMNS: [Column<table>; 12] = [
    Column::text("mispId", || Box::new(misp_license::misp_id.nullable())),
    Column::text("policyId", || Box::new(misp_license::policy_id)),
    Column::text(LICENCE_KEY, || {
        Box::new(misp_license::license_key.nullable())
    }),
    Column::local("validFromDate", || {
        Box::new(misp_license::valid_from_date.nullable())
    }),
    Column::local("validToDate", || Box::new(misp_license::valid_to_date)),
    Column::bool("isActive", || Box::new(misp_license::is_active.nullable())),
    Column::text("createdBy", || Box::new(misp_license::cr_by.nullable())),
    Column::local("createdDateTime", || {
        Box::new(misp_license::cr_dtimes.nullable())
    }),
    Column::text("updatedBy", || Box::new(misp_license::upd_by)),
    Column::local("updatedDateTime", || Box::new(misp_license::upd_dtimes)),
    Column::bool("isDeleted", || Box::new(misp_license::is_deleted)),
    Column::local("deletedDateTime", || Box::new(misp_license::del_dtimes)),
];

/// The column of the keys themselves.
const LICENCE_KEY: &str = "licenseKey";

impl MispLicences {
    /// Whether a client's column name means the keys themselves.
    pub fn is_key(column: &str) -> bool {
        column.eq_ignore_ascii_case(LICENCE_KEY)
    }

    /// Limits a search to some MISPs, or to nothing for all.
    pub fn of_misps(misp_ids: Option<Vec<String>>) -> Vec<Maker<table>> {
        let limit = |misp_ids: Vec<String>| -> Maker<table> {
            Box::new(move || {
                let of_one = misp_license::misp_id.eq_any(misp_ids.clone());
                Box::new(of_one.nullable())
            })
        };
        misp_ids.map(limit).into_iter().collect()
    }
}

impl Entity for MispLicences {
    type Source = table;
    type Row = MispLicence;
    const CODE_IS_UNIQUE: bool = false;

    fn columns() -> &'static [Column<table>] {
        &COLUMNS
    }

    fn alive() -> Condition<table> {
        Box::new(misp_license::is_deleted.is_distinct_from(true).nullable())
    }

    fn age() -> Vec<Order<table>> {
        let mut order: Vec<Order<table>> = vec![Box::new(misp_license::cr_dtimes.asc())];
        order.extend(Self::tie_breaker());
        order
    }

    fn tie_breaker() -> Vec<Order<table>> {
        vec![
            Box::new(misp_license::misp_id.asc()),
            Box::new(misp_license::license_key.asc()),
        ]
    }

    fn code() -> Expr<table, Nullable<Text>> {
        Box::new(misp_license::misp_id.nullable())
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<table>) -> QueryResult<Vec<MispLicence>> {
        narrow.apply(MispLicence::query().into_boxed()).load(conn)
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
