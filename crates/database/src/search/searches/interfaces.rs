//! `POST /securebiometricinterface/search` and
//! `POST /securebiometricinterface/filtervalues`.

use diesel::prelude::*;

use crate::functions::encode;
use crate::interfaces::Interface;
use crate::schema::secure_biometric_interface::{self as sbi, table};
use crate::search::statements::{count_rows, key_lookup, load_rows, usual_columns, value_rows};
use crate::search::{Column, ConditionFn, Entity, OfPartners, one_of};

/// SBIs.
pub struct Interfaces;

static COLUMNS: [Column<table>; 15] = [
    Column::text("id", || Box::new(sbi::id.nullable())),
    // As rows show it.
    Column::text("swBinaryHash", || {
        Box::new(encode(sbi::sw_binary_hash, "base64").nullable())
    }),
    Column::text("swVersion", || Box::new(sbi::sw_version.nullable())),
    Column::local("swCreateDateTime", || Box::new(sbi::sw_cr_dtimes)),
    Column::local("swExpiryDateTime", || Box::new(sbi::sw_expiry_dtimes)),
    Column::text("approvalStatus", || {
        Box::new(sbi::approval_status.nullable())
    }),
    Column::bool("isActive", || Box::new(sbi::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(sbi::is_deleted)),
    Column::text("crBy", || Box::new(sbi::cr_by.nullable())),
    Column::local("crDtimes", || Box::new(sbi::cr_dtimes.nullable())),
    Column::local("delDtimes", || Box::new(sbi::del_dtimes)),
    Column::text("updBy", || Box::new(sbi::upd_by)),
    Column::local("updDtimes", || Box::new(sbi::upd_dtimes)),
    Column::text("providerId", || Box::new(sbi::provider_id)),
    // Rows call it `partnerOrganizationName`, and the older search does not sort
    // by it.
    Column::text("partnerOrgName", || Box::new(sbi::partner_org_name)).not_in_row(),
];

impl OfPartners for Interfaces {
    fn of_partners(ids: Vec<String>) -> ConditionFn<table> {
        one_of(|| Box::new(sbi::provider_id), ids)
    }
}

impl Entity for Interfaces {
    type Source = table;
    type Row = Interface;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(sbi, id);

    load_rows!(table => Interface);
    key_lookup!(table, sbi::id);
    count_rows!(table);
    value_rows!(table);
}
