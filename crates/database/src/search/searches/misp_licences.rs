//! `POST /misps/search` and `POST /misps/filtervalues`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::misp_licences::MispLicence;
use crate::schema::misp_license::{self, table};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{Column, ConditionFn, Entity, Expr, OfPartners, Order, one_of};

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
}

impl OfPartners for MispLicences {
    fn of_partners(ids: Vec<String>) -> ConditionFn<table> {
        one_of(|| Box::new(misp_license::misp_id.nullable()), ids)
    }
}

impl Entity for MispLicences {
    type Source = table;
    type Row = MispLicence;
    const CODE_IS_UNIQUE: bool = false;

    usual_columns!(misp_license, license_key);

    fn tie_breaker() -> Vec<Order<table>> {
        vec![
            Box::new(misp_license::misp_id.asc()),
            Box::new(misp_license::license_key.asc()),
        ]
    }

    fn code() -> Expr<table, Nullable<Text>> {
        Box::new(misp_license::misp_id.nullable())
    }

    load_rows!(table => MispLicence);
    count_rows!(table);
    value_rows!(table);
}
