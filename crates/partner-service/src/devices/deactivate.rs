//! `PATCH /devicedetail/{deviceId}`
//!
//! Ends the use of a device (contract devices.md §9.9).

use pms_database::devices::{self, Device};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::ErrorDef;
use pms_domain::device::errors;
use pms_domain::device::lifecycle::deactivate_device;
use pms_domain::device::status::APPROVED;
use serde::Serialize;
use utoipa::ToSchema;

use crate::hardware::deactivate::Deactivate;

/// A device that is no longer used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeactivatedDevice {
    /// Id of the device.
    pub device_id: String,
    /// `approved`, as it was.
    pub status: &'static str,
    /// `false`.
    pub is_active: bool,
}

impl Deactivate for Device {
    type Ended = DeactivatedDevice;
    const UNKNOWN: ErrorDef = errors::DEVICE_UNKNOWN;
    const NOT_OWN: ErrorDef = errors::DEVICE_NOT_OWN;

    fn lock(conn: &mut Connection, id: &str) -> Result<Option<Self>, DbError> {
        Ok(devices::lock(conn, id)?)
    }

    fn provider(&self) -> Option<&str> {
        Some(&self.dprovider_id)
    }

    fn end(self, conn: &mut Connection, stamp: &Stamp) -> Result<DeactivatedDevice, DbError> {
        let change = deactivate_device(self.state())?;
        devices::set_state(conn, &self.id, change, stamp)?;
        Ok(DeactivatedDevice {
            device_id: self.id,
            status: APPROVED,
            is_active: false,
        })
    }
}
