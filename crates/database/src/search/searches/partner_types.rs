//! `POST /partners/partnertype/search`.

use diesel::prelude::*;

use crate::partners::PartnerType;
use crate::schema::partner_type::{self, table};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{Column, Entity};

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

    usual_columns!(partner_type, code);

    load_rows!(table => PartnerType);
    count_rows!(table);
    value_rows!(table);
}
