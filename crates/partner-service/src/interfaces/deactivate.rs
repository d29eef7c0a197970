//! `PATCH /securebiometricinterface/{sbiId}`
//!
//! Ends the use of an SBI and of its devices (contract devices.md §11.12): those
//! that are approved are deactivated, those that wait for approval rejected.

use pms_database::interfaces::{self, Interface};
use pms_database::{Connection, DbError, Stamp, devices};
use pms_domain::ErrorDef;
use pms_domain::device::errors;
use pms_domain::device::lifecycle::deactivate_sbi;
use pms_domain::device::status::APPROVED;
use serde::Serialize;
use utoipa::ToSchema;

use crate::hardware::deactivate::Deactivate;

/// An SBI that is no longer used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeactivatedInterface {
    /// Id of the SBI.
    pub sbi_id: String,
    /// Version of the software.
    pub sbi_version: String,
    /// `approved`, as it was.
    pub status: &'static str,
    /// `false`.
    pub is_active: bool,
}

impl Deactivate for Interface {
    type Ended = DeactivatedInterface;
    const UNKNOWN: ErrorDef = errors::SBI_UNKNOWN;
    const NOT_OWN: ErrorDef = errors::SBI_NOT_OWN;

    fn lock(conn: &mut Connection, id: &str) -> Result<Option<Self>, DbError> {
        Ok(interfaces::lock(conn, id)?)
    }

    fn provider(&self) -> Option<&str> {
        self.provider_id.as_deref()
    }

    fn end(self, conn: &mut Connection, stamp: &Stamp) -> Result<DeactivatedInterface, DbError> {
        let change = deactivate_sbi(self.state())?;
        devices::cascade(conn, &self.id, change, stamp)?;
        interfaces::set_state(conn, &self.id, change, stamp)?;
        Ok(DeactivatedInterface {
            sbi_id: self.id,
            sbi_version: self.sw_version,
            status: APPROVED,
            is_active: false,
        })
    }
}
