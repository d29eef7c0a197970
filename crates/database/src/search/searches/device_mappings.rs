//! `POST /securebiometricinterface/devicedetails/map/search`.

use chrono::NaiveDateTime;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use pms_domain::BusinessError;

use super::virtual_columns::{need_names, take_late_value};
use crate::schema::{
    device_detail as device, device_detail_sbi as mapping, secure_biometric_interface as sbi,
};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{
    Column, ConditionFn, Entity, OfPartners, Order, Rules, SearchRequest, TakenOut, one_of,
};

/// Devices of SBIs; a mapping whose device or SBI is gone is passed over.
pub struct DeviceMappings;

type WithDevice = InnerJoinQuerySource<mapping::table, device::table>;
type Source = InnerJoinQuerySource<WithDevice, sbi::table>;

/// A mapping with its device and its SBI.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = mapping)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct DeviceMappingFound {
    pub device_detail_id: String,
    pub sbi_id: String,
    pub dprovider_id: String,
    pub partner_org_name: Option<String>,
    #[diesel(select_expression = device::make)]
    pub make: String,
    #[diesel(select_expression = device::model)]
    pub model: String,
    #[diesel(select_expression = device::dtype_code)]
    pub dtype_code: String,
    #[diesel(select_expression = device::dstype_code)]
    pub dstype_code: String,
    #[diesel(select_expression = sbi::sw_binary_hash)]
    pub sw_binary_hash: Vec<u8>,
    #[diesel(select_expression = sbi::sw_version)]
    pub sw_version: String,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
}

static COLUMNS: [Column<Source>; 9] = [
    Column::text("providerId", || Box::new(mapping::dprovider_id.nullable())),
    Column::text("partnerName", || Box::new(mapping::partner_org_name)).not_in_row(),
    Column::bool("isActive", || Box::new(mapping::is_active.nullable())).not_in_row(),
    Column::bool("isDeleted", || Box::new(mapping::is_deleted)).not_in_row(),
    Column::text("crBy", || Box::new(mapping::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(mapping::cr_dtimes.nullable())),
    Column::instant("delDtimes", || Box::new(mapping::del_dtimes)).not_in_row(),
    Column::text("updBy", || Box::new(mapping::upd_by)).not_in_row(),
    Column::instant("updDtimes", || Box::new(mapping::upd_dtimes)).not_in_row(),
];

impl OfPartners for DeviceMappings {
    fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(mapping::dprovider_id.nullable()), ids)
    }
}

impl Entity for DeviceMappings {
    type Source = Source;
    type Row = DeviceMappingFound;
    const CODE_IS_UNIQUE: bool = false;

    usual_columns!(mapping, device_detail_id);

    fn tie_breaker() -> Vec<Order<Source>> {
        vec![
            Box::new(mapping::device_detail_id.asc()),
            Box::new(mapping::sbi_id.asc()),
        ]
    }

    fn prepare(
        wanted: &mut SearchRequest,
        taken: &mut TakenOut<Source>,
        rules: &Rules,
    ) -> Result<(), BusinessError> {
        const DEVICE: &str = "deviceDetailId";
        let Some(filters) = wanted.filters.as_mut() else {
            return Ok(());
        };
        need_names(filters, rules.neutral)?;
        if let Some(id) = take_late_value(filters, DEVICE, rules.neutral, taken) {
            taken.push(Box::new(move || {
                Box::new(mapping::device_detail_id.eq(id.clone()).nullable())
            }));
        }
        Ok(())
    }

    load_rows!(rows() => DeviceMappingFound);
    count_rows!(rows());
    value_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    mapping::table
        .inner_join(device::table)
        .inner_join(sbi::table)
}
