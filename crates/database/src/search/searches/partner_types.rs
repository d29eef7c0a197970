//! `POST /partners/partnertype/search`.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamp};

use crate::partners::PartnerType;
use crate::schema::partner_type::{self, table};
use crate::search::statements::{count_rows, load_rows, value_rows};
use crate::search::{Column, Entity, Expr};

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

    fn key() -> Expr<table, Nullable<Text>> {
        Box::new(partner_type::code.nullable())
    }

    fn created() -> Expr<table, Nullable<Timestamp>> {
        Box::new(partner_type::cr_dtimes.nullable())
    }

    fn deleted() -> Expr<table, Nullable<Bool>> {
        Box::new(partner_type::is_deleted)
    }

    load_rows!(table => PartnerType);
    count_rows!(table);
    value_rows!(table);
}
