//! `POST /devicedetail/filtervalues` and
//! `POST /securebiometricinterface/filtervalues`
//!
//! Makes and models of devices, and values of columns of SBIs, each with the id of its
//! row (contract devices.md §6).

use pms_database::search::{Filter, ValueFilter, ValuesRequest};
use pms_web::search::{Values, check_value_filters};
use pms_web::{Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

/// Columns whose values are requested.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceValues {
    /// `columnName`, `type` and `text`.
    #[schema(value_type = Vec<Object>)]
    pub filters: Option<Vec<ValueFilter>>,
    /// Filters as a search has them.
    #[schema(value_type = Vec<Object>)]
    pub optional_filters: Option<Vec<Filter>>,
    /// What the device is for; without effect.
    pub purpose: Option<Purpose>,
}

/// What a device is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Purpose {
    /// Registration.
    Registration,
    /// Authentication.
    Auth,
}

impl Request for DeviceValues {
    fn check(&self, fields: &mut Checks) {
        check_value_filters(fields, self.filters.as_deref());
    }
}

impl From<DeviceValues> for ValuesRequest {
    fn from(values: DeviceValues) -> Self {
        without_nulls(Self {
            filters: values.filters,
            optional_filters: values.optional_filters,
        })
    }
}

/// A text that is null is empty.
fn without_nulls(mut request: ValuesRequest) -> ValuesRequest {
    for filter in request.filters.iter_mut().flatten() {
        filter.text.get_or_insert_default();
    }
    request
}

/// Columns of SBIs whose values are requested.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct InterfaceValues(Values);

impl Request for InterfaceValues {
    fn check(&self, fields: &mut Checks) {
        self.0.check(fields);
    }
}

impl From<InterfaceValues> for ValuesRequest {
    fn from(values: InterfaceValues) -> Self {
        without_nulls(values.0.into())
    }
}
