//! `POST /devicedetail/search` and `POST /devicedetail/filtervalues`.

use diesel::dsl::{LeftJoinQuerySource, exists};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pms_domain::BusinessError;

use super::virtual_columns::{need_names, take_value, value_of};
use crate::devices::Device;
use crate::schema::{device_detail as device, partner};
use crate::search::statements::{count_rows, key_lookup, load_rows, usual_columns};
use crate::search::{
    CodeAndValue, Column, ConditionFn, Entity, Expr, Filter, OfPartners, QuerySpec, Rules,
    SearchRequest, TakenOut, contains, one_of,
};

/// Devices; they can be found by the names of their providers.
pub struct Devices;

type Source = LeftJoinQuerySource<device::table, partner::table>;

static COLUMNS: [Column<Source>; 15] = [
    Column::text("id", || Box::new(device::id.nullable())),
    Column::text("deviceTypeCode", || Box::new(device::dtype_code.nullable())),
    Column::text("deviceSubTypeCode", || {
        Box::new(device::dstype_code.nullable())
    }),
    Column::text("deviceProviderId", || {
        Box::new(device::dprovider_id.nullable())
    }),
    Column::text("make", || Box::new(device::make.nullable())),
    Column::text("model", || Box::new(device::model.nullable())),
    Column::text("approvalStatus", || {
        Box::new(device::approval_status.nullable())
    }),
    Column::text(ORGANISATION, || Box::new(device::partner_org_name)),
    Column::bool("isActive", || Box::new(device::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(device::is_deleted)).not_in_row(),
    Column::text("crBy", || Box::new(device::cr_by.nullable())).not_in_row(),
    Column::local("crDtimes", || Box::new(device::cr_dtimes.nullable())).not_in_row(),
    Column::local("delDtimes", || Box::new(device::del_dtimes)).not_in_row(),
    Column::text("updBy", || Box::new(device::upd_by)).not_in_row(),
    Column::local("updDtimes", || Box::new(device::upd_dtimes)).not_in_row(),
];

/// As a filter it is about the name of the provider.
const ORGANISATION: &str = "partnerOrganizationName";

impl OfPartners for Devices {
    fn of_partners(ids: Vec<String>) -> ConditionFn<Source> {
        one_of(|| Box::new(device::dprovider_id.nullable()), ids)
    }
}

impl Entity for Devices {
    type Source = Source;
    type Row = Device;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(device, id);

    /// The name of a provider that no partner has: then nothing else counts.
    fn finds_nothing(conn: &mut PgConnection, filters: &[Filter]) -> QueryResult<bool> {
        let Some(name) = value_of(filters, ORGANISATION) else {
            return Ok(false);
        };
        let named = contains(Box::new(partner::name.nullable()), name);
        let found = diesel::select(exists(partner::table.filter(named))).get_result(conn);
        found.map(|found: bool| !found)
    }

    fn prepare(
        wanted: &mut SearchRequest,
        taken: &mut TakenOut<Source>,
        rules: &Rules,
    ) -> Result<(), BusinessError> {
        let Some(filters) = wanted.filters.as_mut() else {
            return Ok(());
        };
        need_names(filters, rules.neutral)?;
        if let Some(name) = take_value(filters, ORGANISATION, rules.neutral)? {
            taken.push(Box::new(Self::alive));
            taken.push(Box::new(move || {
                contains(Box::new(partner::name.nullable()), &name)
            }));
        }
        Ok(())
    }

    /// Make and model, whatever the column: it says which rows, and their order.
    fn values(
        conn: &mut PgConnection,
        _: Expr<Source, Nullable<Text>>,
        _: bool,
        spec: QuerySpec<Source>,
    ) -> QueryResult<Vec<CodeAndValue>> {
        let shown = device::make.concat(" ").concat(device::model);
        let query = rows().select((device::id.nullable(), shown.nullable()));
        spec.apply(query.into_boxed()).load(conn)
    }

    load_rows!(rows() => Device);
    key_lookup!(rows(), device::id);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    device::table.left_join(partner::table)
}
