//! `POST /ftpchipdetail/search`.

use diesel::prelude::*;

use crate::ftm_chips::FtmChip;
use crate::schema::ftp_chip_detail::{self as chip, table};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{Column, ConditionFn, Entity, OfPartners, one_of};

/// FTM chips; the wire shows the columns as they are.
pub struct FtmChips;

static COLUMNS: [Column<table>; 14] = [
    Column::text("ftpChipDetailId", || Box::new(chip::id.nullable())),
    Column::text("ftpProviderId", || {
        Box::new(chip::foundational_trust_provider_id.nullable())
    }),
    Column::text("make", || Box::new(chip::make)),
    Column::text("model", || Box::new(chip::model)),
    Column::text("certificateAlias", || Box::new(chip::certificate_alias)),
    Column::text("partnerOrganizationName", || {
        Box::new(chip::partner_org_name)
    }),
    Column::bool("isActive", || Box::new(chip::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(chip::is_deleted)),
    Column::text("crBy", || Box::new(chip::cr_by.nullable())),
    Column::local("crDtimes", || Box::new(chip::cr_dtimes.nullable())),
    Column::local("delDtimes", || Box::new(chip::del_dtimes)),
    Column::text("updBy", || Box::new(chip::upd_by)),
    Column::local("updDtimes", || Box::new(chip::upd_dtimes)),
    Column::text("approvalStatus", || {
        Box::new(chip::approval_status.nullable())
    }),
];

impl OfPartners for FtmChips {
    fn of_partners(ids: Vec<String>) -> ConditionFn<table> {
        one_of(
            || Box::new(chip::foundational_trust_provider_id.nullable()),
            ids,
        )
    }
}

impl Entity for FtmChips {
    type Source = table;
    type Row = FtmChip;
    const CODE_IS_UNIQUE: bool = true;
    const IN_PAGES: bool = false;

    usual_columns!(chip, id);

    load_rows!(table => FtmChip);
    count_rows!(table);
    value_rows!(table);
}
