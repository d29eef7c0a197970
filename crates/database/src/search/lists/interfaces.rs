//! `GET /securebiometricinterface`

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use pms_domain::device::status::{APPROVED, PENDING_APPROVAL};

use super::newest::newest_first;
use super::{List, ListColumn, ListRules};
use crate::schema::{
    device_detail as device, device_detail_sbi as mapping, partner,
    secure_biometric_interface as sbi,
};
use crate::search::statements::count_rows;
use crate::search::{ConditionFn, Expr, QuerySpec, one_of};

/// SBIs with counts of their devices, in pages.
pub struct InterfaceList;

/// An SBI in the list.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = sbi)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct InterfaceItem {
    pub id: String,
    /// `None` for an SBI that has no partner.
    pub provider_id: Option<String>,
    pub partner_org_name: Option<String>,
    pub sw_version: String,
    pub sw_cr_dtimes: Option<NaiveDateTime>,
    pub sw_expiry_dtimes: Option<NaiveDateTime>,
    pub approval_status: String,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
}

/// How many devices an SBI has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeviceCounts {
    /// Mappings, in any state.
    pub associated: i64,
    /// Approved and active devices.
    pub approved: i64,
    /// Devices that wait for approval.
    pub pending: i64,
}

impl InterfaceList {
    /// SBIs of these partners alone.
    pub fn of_partners(ids: Vec<String>) -> ConditionFn<sbi::table> {
        one_of(|| Box::new(sbi::provider_id), ids)
    }
}

fn partner_type() -> Expr<sbi::table, Nullable<Text>> {
    let provider = partner::table.filter(partner::id.nullable().eq(sbi::provider_id));
    Box::new(provider.select(partner::partner_type_code).single_value())
}

fn associated() -> Expr<sbi::table, Nullable<BigInt>> {
    let mappings = mapping::table.filter(mapping::sbi_id.eq(sbi::id));
    Box::new(mappings.count().single_value())
}

static COLUMNS: [ListColumn<sbi::table>; 11] = [
    ListColumn::text("partnerId", || Box::new(sbi::provider_id)).contains(),
    ListColumn::text("orgName", || Box::new(sbi::partner_org_name)).contains(),
    ListColumn::text("partnerType", partner_type),
    ListColumn::text("sbiId", || Box::new(sbi::id.nullable())).contains(),
    ListColumn::text("sbiVersion", || Box::new(sbi::sw_version.nullable())).contains(),
    ListColumn::time("sbiCreatedDateTime", || Box::new(sbi::sw_cr_dtimes)),
    ListColumn::time("sbiExpiryDateTime", || Box::new(sbi::sw_expiry_dtimes)),
    ListColumn::status(
        "status",
        || Box::new(sbi::approval_status.nullable()),
        || Box::new(sbi::is_active.nullable()),
    ),
    ListColumn::time("createdDateTime", || Box::new(sbi::cr_dtimes.nullable())),
    // Whatever the day, what has expired ended before what is valid.
    ListColumn::time("sbiExpiryStatus", || Box::new(sbi::sw_expiry_dtimes)).expiry(),
    ListColumn::number("countOfAssociatedDevices", associated),
];

impl List for InterfaceList {
    type Source = sbi::table;
    type Row = (InterfaceItem, DeviceCounts);
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    newest_first!(sbi, id);

    fn load(conn: &mut PgConnection, spec: QuerySpec<sbi::table>) -> QueryResult<Vec<Self::Row>> {
        let items: Vec<InterfaceItem> =
            spec.apply(InterfaceItem::query().into_boxed()).load(conn)?;
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        let counts = counts_of(conn, &ids)?;
        let counted = items.into_iter().map(|item| {
            let counts = counts.get(&item.id).copied().unwrap_or_default();
            (item, counts)
        });
        Ok(counted.collect())
    }

    count_rows!(sbi::table);
}

/// Counts of the devices of SBIs, by SBI; those without mapping are left out.
fn counts_of(
    conn: &mut PgConnection,
    sbi_ids: &[&str],
) -> QueryResult<HashMap<String, DeviceCounts>> {
    let has = |status: &'static str| {
        device::approval_status
            .nullable()
            .eq(status)
            .assume_not_null()
    };
    let active = device::is_active.nullable().assume_not_null();
    let rows: Vec<(String, i64, i64, i64)> = mapping::table
        .left_join(device::table)
        .filter(mapping::sbi_id.eq_any(sbi_ids))
        .group_by(mapping::sbi_id)
        .select((
            mapping::sbi_id,
            count_star(),
            count(mapping::sbi_id).aggregate_filter(has(APPROVED).and(active)),
            count(mapping::sbi_id).aggregate_filter(has(PENDING_APPROVAL)),
        ))
        .load(conn)?;
    let counts = rows.into_iter().map(|(id, associated, approved, pending)| {
        let counts = DeviceCounts {
            associated,
            approved,
            pending,
        };
        (id, counts)
    });
    Ok(counts.collect())
}
