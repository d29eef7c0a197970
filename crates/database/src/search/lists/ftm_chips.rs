//! `GET /ftpchipdetail/v2`

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{List, ListRules, SortColumn, approval};
use crate::schema::ftp_chip_detail as chip;
use crate::search::{Expr, Maker, Narrow, Order, contains};

/// FTM chips, in pages.
pub struct FtmChipList;

/// An FTM chip in the list.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
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

/// What the chips of the list must have; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct FtmChipFilter {
    pub partner_id: Option<String>,
    pub org_name: Option<String>,
    pub ftm_id: Option<String>,
    pub make: Option<String>,
    pub model: Option<String>,
    /// Exactly a displayed status; anything else has no rows.
    pub status: Option<String>,
}

impl FtmChipFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<chip::table>> {
        let mut makers: Vec<Maker<chip::table>> = Vec::new();
        let mut text = |expr: fn() -> Expr<chip::table, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(
            || Box::new(chip::foundational_trust_provider_id.nullable()),
            self.partner_id,
        );
        text(|| Box::new(chip::partner_org_name), self.org_name);
        text(|| Box::new(chip::id.nullable()), self.ftm_id);
        text(|| Box::new(chip::make), self.make);
        text(|| Box::new(chip::model), self.model);
        if let Some(wanted) = self.status {
            makers.push(Box::new(move || {
                approval::has_status(
                    Box::new(chip::approval_status.nullable()),
                    Box::new(chip::is_active.nullable()),
                    &wanted,
                )
            }));
        }
        makers
    }
}

fn status() -> Expr<chip::table, Nullable<Text>> {
    approval::displayed(
        || Box::new(chip::approval_status.nullable()),
        || Box::new(chip::is_active.nullable()),
    )
}

static SORTS: [SortColumn<chip::table>; 7] = [
    SortColumn::text("partnerId", || {
        Box::new(chip::foundational_trust_provider_id.nullable())
    }),
    SortColumn::text("orgName", || Box::new(chip::partner_org_name)),
    SortColumn::text("ftmId", || Box::new(chip::id.nullable())),
    SortColumn::text("make", || Box::new(chip::make)),
    SortColumn::text("model", || Box::new(chip::model)),
    SortColumn::text("status", status),
    SortColumn::time("createdDateTime", || Box::new(chip::cr_dtimes.nullable())),
];

impl List for FtmChipList {
    type Source = chip::table;
    type Row = FtmChipItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn sorts() -> &'static [SortColumn<chip::table>] {
        &SORTS
    }

    fn newest() -> Vec<Order<chip::table>> {
        vec![Box::new(chip::cr_dtimes.desc()), Box::new(chip::id.asc())]
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<chip::table>) -> QueryResult<Vec<FtmChipItem>> {
        narrow.apply(FtmChipItem::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<chip::table>) -> QueryResult<i64> {
        narrow
            .filter(chip::table.count().into_boxed())
            .get_result(conn)
    }
}
