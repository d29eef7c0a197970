//! `POST /devicedetail/deviceType/filtervalues` and
//! `POST /devicedetail/deviceSubType/filtervalues`
//!
//! Types and sub-types that devices may have (contract devices.md §6); they are the
//! same for every caller.

use pms_database::search::searches::{DeviceSubTypes, DeviceTypes};
use pms_runtime::searches::{AuditPair, LegacyValues};

use super::filter_values::DeviceValues;
use crate::Context;

/// The filter values of device types.
pub struct FilterTypes;

impl LegacyValues for FilterTypes {
    type Context = Context;
    type Entity = DeviceTypes;
    type Request = DeviceValues;
    const AUDITS: Option<AuditPair> = None;
}

/// The filter values of device sub-types.
pub struct FilterSubTypes;

impl LegacyValues for FilterSubTypes {
    type Context = Context;
    type Entity = DeviceSubTypes;
    type Request = DeviceValues;
    const AUDITS: Option<AuditPair> = None;
}
