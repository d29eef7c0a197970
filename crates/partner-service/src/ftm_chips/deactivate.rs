//! `PATCH /ftpchipdetail/{ftmId}`
//!
//! Ends the use of an FTM chip (contract devices.md §10.7).

use pms_database::ftm_chips::{self, FtmChip};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::ErrorDef;
use pms_domain::device::status::APPROVED;
use pms_domain::ftm_chip::{errors, lifecycle};
use serde::Serialize;
use utoipa::ToSchema;

use crate::hardware::deactivate::Deactivate;

/// A chip that is no longer used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeactivatedChip {
    /// Id of the chip.
    pub ftm_id: String,
    /// `approved`, as it was.
    pub status: &'static str,
    /// `false`.
    pub is_active: bool,
}

impl Deactivate for FtmChip {
    type Ended = DeactivatedChip;
    const UNKNOWN: ErrorDef = errors::CHIP_UNKNOWN;
    const NOT_OWN: ErrorDef = errors::CHIP_NOT_OWN;

    fn lock(conn: &mut Connection, id: &str) -> Result<Option<Self>, DbError> {
        Ok(ftm_chips::lock(conn, id)?)
    }

    fn provider(&self) -> Option<&str> {
        Some(&self.foundational_trust_provider_id)
    }

    fn end(self, conn: &mut Connection, stamp: &Stamp) -> Result<DeactivatedChip, DbError> {
        let change = lifecycle::deactivate(self.state())?;
        ftm_chips::set_state(conn, &self.id, change, stamp)?;
        Ok(DeactivatedChip {
            ftm_id: self.id,
            status: APPROVED,
            is_active: false,
        })
    }
}
