//! `PUT /devicedetail`
//!
//! Changes what a device is (contract devices.md §9.2). A provider's change of a
//! device in use takes it out of use until it is approved again.

use actix_web::web;
use pms_database::devices::{self, Device};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::device::audits::{self, about_device};
use pms_domain::device::errors;
use pms_domain::device::lifecycle::{State, edit_device};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::registration::{Model, or_device_exists};
use crate::Context;
use crate::hardware::fields::{Identified, name_to_36, to_36};
use crate::hardware::providers::{editor, lock_active, require_own};

/// What a device should be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateDevice {
    /// Id of the device.
    pub id: Option<String>,
    /// Code of the device type.
    pub device_type_code: Option<String>,
    /// Code of the device sub-type.
    pub device_sub_type_code: Option<String>,
    /// Make, stored without surplus blanks.
    pub make: Option<String>,
    /// Model, stored without surplus blanks.
    pub model: Option<String>,
}

impl Request for UpdateDevice {
    fn check(&self, fields: &mut Checks) {
        to_36(fields, "id", self.id.as_deref());
        to_36(fields, "deviceTypeCode", self.device_type_code.as_deref());
        let sub_type = self.device_sub_type_code.as_deref();
        to_36(fields, "deviceSubTypeCode", sub_type);
        name_to_36(fields, "make", self.make.as_deref());
        name_to_36(fields, "model", self.model.as_deref());
    }
}

struct Command {
    caller: Caller,
    id: String,
    model: Model,
    stamp: Stamp,
}

/// Changes a device.
///
/// # Errors
/// The rules of contract devices.md §9.2 in its order; after the device's
/// existence another provider's device and an inactive provider, last a live device
/// of the same make and model.
pub async fn handle(
    caller: Caller,
    Body(request): Body<UpdateDevice>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        id: request.id.unwrap_or_default(),
        model: Model::new(
            request.device_type_code,
            request.device_sub_type_code,
            request.make,
            request.model,
        ),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Identified, DbError> {
        let about = about_device(&self.id);
        trail.note(audits::UPDATE_DEVICE, about);
        let device = self.lock(conn, trail)?;
        self.model.check_type(conn).map_err(|error| {
            trail.refuse_with_text(audits::UPDATED_SUB_TYPE_UNKNOWN, about, error)
        })?;
        let (normal, sent) = (self.model.normal(), self.model.sent());
        // What is sent back as the reference stored it stays so.
        let as_stored = device.as_model() == sent;
        let model = if as_stored { sent } else { normal };
        let is_live = !matches!(device.state(), State::Rejected | State::Deactivated);
        let provider = &device.dprovider_id;
        if is_live && devices::has_live(conn, provider, [&model, &sent], Some(&device.id))? {
            return Err(errors::DEVICE_EXISTS.into());
        }
        devices::set_model(conn, &device.id, &model, &self.stamp).map_err(or_device_exists)?;
        let changed = !device.is(&normal);
        if let Some(change) = edit_device(device.state(), changed, editor(&self.caller)) {
            devices::set_state(conn, &device.id, change, &self.stamp).map_err(or_device_exists)?;
        }
        trail.note(audits::DEVICE_UPDATED, about);
        Ok(Identified { id: device.id })
    }

    fn lock(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Device, DbError> {
        let mut unknown = || {
            let error = errors::DEVICE_UNKNOWN_BY_ID.with(&[&self.id]);
            trail.refuse_with_text(audits::UPDATE_DEVICE_FAILED, about_device(&self.id), error)
        };
        let found = devices::find(conn, &self.id)?.filter(|device| !device.is_gone());
        let Some(device) = found else {
            return Err(unknown());
        };
        let provider = Some(device.dprovider_id.as_str());
        require_own(conn, &self.caller, provider, errors::DEVICE_NOT_OWN)?;
        lock_active(conn, &device.dprovider_id)?;
        devices::lock(conn, &self.id)?.ok_or_else(unknown)
    }
}
