//! `POST /devicedetail/deviceType/filtervalues`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::reg_device_type::{self as kind, table};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{Column, Entity};

/// Types of devices.
pub struct DeviceTypes;

/// A type of devices.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = kind)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct DeviceType {
    pub code: String,
    pub name: String,
    pub descr: Option<String>,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
}

static COLUMNS: [Column<table>; 10] = [
    Column::text("code", || Box::new(kind::code.nullable())),
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

impl Entity for DeviceTypes {
    type Source = table;
    type Row = DeviceType;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(kind, code);

    load_rows!(table => DeviceType);
    count_rows!(table);
    value_rows!(table);
}
