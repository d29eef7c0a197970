//! `GET /ftpchipdetail/v2`

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::newest::newest_first;
use super::{List, ListColumn, ListRules};
use crate::schema::ftp_chip_detail as chip;
use crate::search::statements::{count_rows, load_rows};

/// FTM chips, in pages.
pub struct FtmChipList;

/// An FTM chip in the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = chip)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct FtmChipItem {
    pub id: String,
    pub foundational_trust_provider_id: String,
    pub partner_org_name: Option<String>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub certificate_alias: Option<String>,
    pub approval_status: String,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
}

static COLUMNS: [ListColumn<chip::table>; 7] = [
    ListColumn::text("partnerId", || {
        Box::new(chip::foundational_trust_provider_id.nullable())
    })
    .contains(),
    ListColumn::text("orgName", || Box::new(chip::partner_org_name)).contains(),
    ListColumn::text("ftmId", || Box::new(chip::id.nullable())).contains(),
    ListColumn::text("make", || Box::new(chip::make)).contains(),
    ListColumn::text("model", || Box::new(chip::model)).contains(),
    ListColumn::status(
        "status",
        || Box::new(chip::approval_status.nullable()),
        || Box::new(chip::is_active.nullable()),
    ),
    ListColumn::time("createdDateTime", || Box::new(chip::cr_dtimes.nullable())),
];

impl List for FtmChipList {
    type Source = chip::table;
    type Row = FtmChipItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    newest_first!(chip, id);

    load_rows!(chip::table => FtmChipItem);
    count_rows!(chip::table);
}
