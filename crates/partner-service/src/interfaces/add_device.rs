//! `POST /securebiometricinterface/{sbiId}/devices`
//!
//! Registers a device for an SBI (contract devices.md §11.11).

use actix_web::web;
use pms_database::device_mappings::{self, NewMapping, Pair};
use pms_database::{Connection, DbError, Stamp, interfaces};
use pms_domain::device::errors;
use pms_web::{ApiResult, Body, Caller, PathId};

use crate::Context;
use crate::devices::registration::{NewDevice, Registration};
use crate::hardware::fields::Identified;
use crate::hardware::providers::OwnPartners;

struct Command {
    caller: Caller,
    sbi_id: String,
    device: Registration,
    stamp: Stamp,
}

/// Registers a device for an SBI; both wait for approval.
///
/// # Errors
/// The rules of contract devices.md §11.11, in its order.
pub async fn handle(
    caller: Caller,
    PathId(sbi_id): PathId,
    Body(request): Body<NewDevice>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let command = Command {
        stamp: context.stamp(&caller),
        caller,
        sbi_id,
        device: request.into(),
    };
    let added = context.db.transaction(move |conn| command.run(conn));
    Ok(added.await?)
}

impl Command {
    fn run(&self, conn: &mut Connection) -> Result<Identified, DbError> {
        // In the order of locks. An id that is made here has no mapping yet.
        if let Some(device_id) = self.device.chosen_id() {
            let sbi_id = &self.sbi_id;
            device_mappings::hold(conn, Pair { device_id, sbi_id })?;
        }
        let own = OwnPartners::of(conn, &self.caller)?;
        if !own.has(&self.device.provider_id) {
            return Err(errors::PROVIDER_NOT_OWN.into());
        }
        let provider = self.device.lock_provider(conn)?;
        // Kept before the device is there: who deactivates the SBI finds it.
        let sbi = interfaces::keep(conn, &self.sbi_id)?;
        self.device.require_new(conn, &provider)?;
        if let Some(device_id) = self.device.chosen_id() {
            // Before the insert, which refuses every id that is taken.
            let sbi_id = &self.sbi_id;
            if device_mappings::exists_of(conn, Pair { device_id, sbi_id }, &provider.id)? {
                return Err(errors::MAPPING_EXISTS.into());
            }
        }
        let id = self.device.insert(conn, &provider, &self.stamp)?;
        let pair = Pair {
            device_id: &id,
            sbi_id: &self.sbi_id,
        };
        let sbi = sbi.ok_or(errors::SBI_UNKNOWN)?;
        let today = self.stamp.at.date();
        sbi.facts().must_be_usable_by(&provider.id, today)?;
        if device_mappings::exists_pair(conn, pair)? {
            // Another provider's, left by a device that is gone.
            return Err(errors::DEVICE_EXISTS.into());
        }
        let mapping = NewMapping {
            pair,
            provider_id: &provider.id,
            org_name: Some(&provider.name),
            is_active: false,
        };
        device_mappings::insert(conn, &mapping, &self.stamp)?;
        Ok(Identified { id })
    }
}
