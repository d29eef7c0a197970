//! `GET /devicedetail`

use chrono::NaiveDateTime;
use diesel::dsl::{Eq, LeftJoinQuerySource};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{List, ListRules, SortColumn, approval};
use crate::schema::{
    device_detail as device, device_detail_sbi as mapping, secure_biometric_interface as sbi,
};
use crate::search::{Expr, Maker, Narrow, Order, contains};

/// Devices with the SBIs that they are mapped to, in pages: a row for each
/// mapping, and one for a device without any.
pub struct DeviceList;

type WithMapping = LeftJoinQuerySource<device::table, mapping::table>;
type Mapped = Eq<mapping::sbi_id, sbi::id>;
type Source = LeftJoinQuerySource<WithMapping, sbi::table, Mapped>;

/// A device in the list.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = device)]
#[diesel(base_query = device::table
    .left_join(mapping::table)
    .left_join(sbi::table.on(mapping::sbi_id.eq(sbi::id))))]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct DeviceItem {
    pub id: String,
    pub dprovider_id: String,
    pub partner_org_name: Option<String>,
    pub dtype_code: String,
    pub dstype_code: String,
    pub make: String,
    pub model: String,
    pub approval_status: String,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
    /// `None` also when the SBI is gone.
    #[diesel(select_expression = sbi::id.nullable())]
    pub sbi_id: Option<String>,
    #[diesel(select_expression = sbi::sw_version.nullable())]
    pub sbi_version: Option<String>,
}

/// What the devices of the list must have; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct DeviceFilter {
    pub partner_id: Option<String>,
    pub org_name: Option<String>,
    pub device_type: Option<String>,
    pub device_sub_type: Option<String>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub sbi_id: Option<String>,
    pub sbi_version: Option<String>,
    pub device_id: Option<String>,
    /// Exactly a displayed status; anything else has no rows.
    pub status: Option<String>,
}

impl DeviceFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let mut makers: Vec<Maker<Source>> = Vec::new();
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(
            || Box::new(device::dprovider_id.nullable()),
            self.partner_id,
        );
        text(|| Box::new(device::partner_org_name), self.org_name);
        text(|| Box::new(device::dtype_code.nullable()), self.device_type);
        text(
            || Box::new(device::dstype_code.nullable()),
            self.device_sub_type,
        );
        text(|| Box::new(device::make.nullable()), self.make);
        text(|| Box::new(device::model.nullable()), self.model);
        text(|| Box::new(sbi::id.nullable()), self.sbi_id);
        text(|| Box::new(sbi::sw_version.nullable()), self.sbi_version);
        text(|| Box::new(device::id.nullable()), self.device_id);
        if let Some(wanted) = self.status {
            makers.push(Box::new(move || {
                approval::has_status(
                    Box::new(device::approval_status.nullable()),
                    Box::new(device::is_active.nullable()),
                    &wanted,
                )
            }));
        }
        makers
    }
}

fn status() -> Expr<Source, Nullable<Text>> {
    approval::displayed(
        || Box::new(device::approval_status.nullable()),
        || Box::new(device::is_active.nullable()),
    )
}

static SORTS: [SortColumn<Source>; 11] = [
    SortColumn::text("deviceId", || Box::new(device::id.nullable())),
    SortColumn::text("sbiId", || Box::new(sbi::id.nullable())),
    SortColumn::text("sbiVersion", || Box::new(sbi::sw_version.nullable())),
    SortColumn::text("partnerId", || Box::new(device::dprovider_id.nullable())),
    SortColumn::text("orgName", || Box::new(device::partner_org_name)),
    SortColumn::text("deviceType", || Box::new(device::dtype_code.nullable())),
    SortColumn::text("deviceSubType", || Box::new(device::dstype_code.nullable())),
    SortColumn::text("make", || Box::new(device::make.nullable())),
    SortColumn::text("model", || Box::new(device::model.nullable())),
    SortColumn::text("status", status),
    SortColumn::time("createdDateTime", || Box::new(device::cr_dtimes.nullable())),
];

impl List for DeviceList {
    type Source = Source;
    type Row = DeviceItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(device::cr_dtimes.desc()),
            Box::new(device::id.asc()),
            Box::new(mapping::sbi_id.nullable().asc()),
        ]
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<Vec<DeviceItem>> {
        narrow.apply(DeviceItem::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        let rows = device::table
            .left_join(mapping::table)
            .left_join(sbi::table.on(mapping::sbi_id.eq(sbi::id)));
        narrow.filter(rows.count().into_boxed()).get_result(conn)
    }
}
