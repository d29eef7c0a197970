//! `GET /securebiometricinterface`

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use pms_domain::device::status::{APPROVED, PENDING_APPROVAL};

use super::{List, ListRules, SortColumn, approval};
use crate::schema::{
    device_detail as device, device_detail_sbi as mapping, partner,
    secure_biometric_interface as sbi,
};
use crate::search::{Condition, Expr, Maker, Narrow, Order, contains};

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
    /// `None` for an SBI that belongs to nobody.
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

/// What the SBIs of the list must have; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct InterfaceFilter {
    /// SBIs of these partners alone; `None` for everybody's.
    pub of_partners: Option<Vec<String>>,
    /// The beginning of the present day, which tells what has expired.
    pub today: NaiveDateTime,
    pub partner_id: Option<String>,
    pub org_name: Option<String>,
    pub sbi_id: Option<String>,
    pub sbi_version: Option<String>,
    /// Exactly a displayed status; anything else has no rows.
    pub status: Option<String>,
    /// Exactly `expired` or `valid`; anything else has no rows.
    pub expiry_status: Option<String>,
}

impl InterfaceFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<sbi::table>> {
        let mut makers: Vec<Maker<sbi::table>> = Vec::new();
        if let Some(ids) = self.of_partners {
            makers.push(Box::new(move || {
                Box::new(sbi::provider_id.eq_any(ids.clone().into_iter().map(Some)))
            }));
        }
        let mut text = |expr: fn() -> Expr<sbi::table, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(|| Box::new(sbi::provider_id), self.partner_id);
        text(|| Box::new(sbi::partner_org_name), self.org_name);
        text(|| Box::new(sbi::id.nullable()), self.sbi_id);
        text(|| Box::new(sbi::sw_version.nullable()), self.sbi_version);
        if let Some(wanted) = self.status {
            makers.push(Box::new(move || {
                approval::has_status(
                    Box::new(sbi::approval_status.nullable()),
                    Box::new(sbi::is_active.nullable()),
                    &wanted,
                )
            }));
        }
        if let Some(wanted) = self.expiry_status {
            let today = self.today;
            makers.push(Box::new(move || expires(&wanted, today)));
        }
        makers
    }
}

fn expires(wanted: &str, today: NaiveDateTime) -> Condition<sbi::table> {
    match wanted {
        "expired" => Box::new(sbi::sw_expiry_dtimes.lt(today)),
        "valid" => Box::new(sbi::sw_expiry_dtimes.ge(today)),
        _ => Box::new(false.into_sql::<Bool>().nullable()),
    }
}

fn status() -> Expr<sbi::table, Nullable<Text>> {
    approval::displayed(
        || Box::new(sbi::approval_status.nullable()),
        || Box::new(sbi::is_active.nullable()),
    )
}

fn partner_type() -> Expr<sbi::table, Nullable<Text>> {
    let provider = partner::table.filter(partner::id.nullable().eq(sbi::provider_id));
    Box::new(provider.select(partner::partner_type_code).single_value())
}

fn associated() -> Expr<sbi::table, Nullable<BigInt>> {
    let mappings = mapping::table.filter(mapping::sbi_id.eq(sbi::id));
    Box::new(mappings.count().single_value())
}

static SORTS: [SortColumn<sbi::table>; 11] = [
    SortColumn::text("partnerId", || Box::new(sbi::provider_id)),
    SortColumn::text("orgName", || Box::new(sbi::partner_org_name)),
    SortColumn::text("partnerType", partner_type),
    SortColumn::text("sbiId", || Box::new(sbi::id.nullable())),
    SortColumn::text("sbiVersion", || Box::new(sbi::sw_version.nullable())),
    SortColumn::time("sbiCreatedDateTime", || Box::new(sbi::sw_cr_dtimes)),
    SortColumn::time("sbiExpiryDateTime", || Box::new(sbi::sw_expiry_dtimes)),
    SortColumn::text("status", status),
    SortColumn::time("createdDateTime", || Box::new(sbi::cr_dtimes.nullable())),
    // Whatever the day, what has expired ended before what is valid.
    SortColumn::time("sbiExpiryStatus", || Box::new(sbi::sw_expiry_dtimes)),
    SortColumn::number("countOfAssociatedDevices", associated),
];

impl List for InterfaceList {
    type Source = sbi::table;
    type Row = (InterfaceItem, DeviceCounts);
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = None;

    fn sorts() -> &'static [SortColumn<sbi::table>] {
        &SORTS
    }

    fn newest() -> Vec<Order<sbi::table>> {
        vec![Box::new(sbi::cr_dtimes.desc()), Box::new(sbi::id.asc())]
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<sbi::table>) -> QueryResult<Vec<Self::Row>> {
        let items: Vec<InterfaceItem> = narrow
            .apply(InterfaceItem::query().into_boxed())
            .load(conn)?;
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        let counts = counts_of(conn, &ids)?;
        let counted = items.into_iter().map(|item| {
            let counts = counts.get(&item.id).copied().unwrap_or_default();
            (item, counts)
        });
        Ok(counted.collect())
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<sbi::table>) -> QueryResult<i64> {
        narrow
            .filter(sbi::table.count().into_boxed())
            .get_result(conn)
    }
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
