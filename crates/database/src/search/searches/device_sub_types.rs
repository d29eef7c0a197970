//! `POST /devicedetail/deviceType/search` and
//! `POST /devicedetail/deviceSubType/filtervalues`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::reg_device_sub_type::{self as kind, table};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{Column, Entity, Order};

/// Sub-types of devices; one code may stand for sub-types of several types.
pub struct DeviceSubTypes;

/// A sub-type of devices.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = kind)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct DeviceSubType {
    pub code: String,
    pub dtyp_code: String,
    pub name: String,
    pub descr: Option<String>,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

static COLUMNS: [Column<table>; 11] = [
    Column::text("code", || Box::new(kind::code.nullable())),
    Column::text("deviceType", || Box::new(kind::dtyp_code.nullable())),
    Column::text("name", || Box::new(kind::name.nullable())),
    // The wire spells it so.
    Column::text("desciption", || Box::new(kind::descr)),
    Column::bool("isActive", || Box::new(kind::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(kind::is_deleted)),
    Column::text("crBy", || Box::new(kind::cr_by.nullable())),
    Column::local("crDtimes", || Box::new(kind::cr_dtimes.nullable())),
    Column::local("delDtimes", || Box::new(kind::del_dtimes)),
    Column::text("updBy", || Box::new(kind::upd_by)),
    Column::local("updDtimes", || Box::new(kind::upd_dtimes)),
];

impl Entity for DeviceSubTypes {
    type Source = table;
    type Row = DeviceSubType;
    const CODE_IS_UNIQUE: bool = false;

    usual_columns!(kind, code);

    fn tie_breaker() -> Vec<Order<table>> {
        vec![Box::new(kind::code.asc()), Box::new(kind::dtyp_code.asc())]
    }

    load_rows!(table => DeviceSubType);
    count_rows!(table);
    value_rows!(table);
}
