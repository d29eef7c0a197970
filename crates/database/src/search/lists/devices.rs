//! `GET /devicedetail`

use chrono::NaiveDateTime;
use diesel::dsl::{Eq, LeftJoinQuerySource};
use diesel::prelude::*;

use super::{List, ListColumn, ListRules};
use crate::functions::text_or;
use crate::pool::padded;
use crate::schema::{
    device_detail as device, device_detail_sbi as mapping, secure_biometric_interface as sbi,
};
use crate::search::statements::{count_rows, load_rows};
use crate::search::{KeyLookup, Order};

/// Stands between two ids; no id has it.
const BETWEEN: &str = "\u{1f}";

/// Devices with the SBIs that they are mapped to, in pages: a row for each
/// mapping, and one for a device without any.
pub struct DeviceList;

type WithMapping = LeftJoinQuerySource<device::table, mapping::table>;
type Mapped = Eq<mapping::sbi_id, sbi::id>;
type Source = LeftJoinQuerySource<WithMapping, sbi::table, Mapped>;

/// A device in the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = device)]
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

static COLUMNS: [ListColumn<Source>; 11] = [
    ListColumn::text("deviceId", || Box::new(device::id.nullable())).contains(),
    ListColumn::text("sbiId", || Box::new(sbi::id.nullable())).contains(),
    ListColumn::text("sbiVersion", || Box::new(sbi::sw_version.nullable())).contains(),
    ListColumn::text("partnerId", || Box::new(device::dprovider_id.nullable())).contains(),
    ListColumn::text("orgName", || Box::new(device::partner_org_name)).contains(),
    ListColumn::text("deviceType", || Box::new(device::dtype_code.nullable())).contains(),
    ListColumn::text("deviceSubType", || Box::new(device::dstype_code.nullable())).contains(),
    ListColumn::text("make", || Box::new(device::make.nullable())).contains(),
    ListColumn::text("model", || Box::new(device::model.nullable())).contains(),
    ListColumn::status(
        "status",
        || Box::new(device::approval_status.nullable()),
        || Box::new(device::is_active.nullable()),
    ),
    ListColumn::time("createdDateTime", || Box::new(device::cr_dtimes.nullable())),
];

impl List for DeviceList {
    type Source = Source;
    type Row = DeviceItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn columns() -> &'static [ListColumn<Source>] {
        &COLUMNS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(device::cr_dtimes.desc()),
            Box::new(device::id.asc()),
            Box::new(mapping::sbi_id.nullable().asc()),
        ]
    }

    fn key_lookup() -> Option<KeyLookup<Source>> {
        Some(KeyLookup {
            with: |keys| {
                let ids: Vec<_> = keys.iter().map(|key| key.id.clone()).collect();
                // The index finds the devices; of their mappings the page has some.
                let pairs: Vec<_> = keys
                    .iter()
                    .map(|key| {
                        format!("{}{BETWEEN}{}", key.id, key.joined.as_deref().unwrap_or(""))
                    })
                    .collect();
                let sbi = text_or(mapping::sbi_id.nullable(), "");
                let pair = device::id.concat(BETWEEN).concat(sbi);
                Box::new(
                    device::id
                        .eq_any(padded(ids))
                        .and(pair.eq_any(pairs))
                        .nullable(),
                )
            },
            keys: |conn, spec| {
                let keys = rows().select((device::id, mapping::sbi_id.nullable()));
                spec.apply(keys.into_boxed()).load(conn)
            },
        })
    }

    load_rows!(rows() => DeviceItem);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    device::table
        .left_join(mapping::table)
        .left_join(sbi::table.on(mapping::sbi_id.eq(sbi::id)))
}
