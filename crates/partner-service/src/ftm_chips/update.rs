//! `PUT /ftpchipdetail`
//!
//! Changes make and model of an FTM chip (contract devices.md §10.2). A provider's
//! change of a chip in use takes it out of use until it is approved again.

use actix_web::web;
use pms_database::ftm_chips;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::ftm_chip::audits::{self, about_chip, about_refused_chip};
use pms_domain::ftm_chip::{errors, lifecycle};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Model;
use super::providers::{lock_with_provider, or_chip_exists, refused};
use crate::Context;
use crate::hardware::fields::{Identified, name_to_36, to_36};
use crate::hardware::providers::{editor, in_use, require_own};

/// What a chip should be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateChip {
    /// Id of the chip.
    pub ftp_chip_detail_id: Option<String>,
    /// Make, stored without surplus blanks.
    pub make: Option<String>,
    /// Model, stored without surplus blanks.
    pub model: Option<String>,
}

impl Request for UpdateChip {
    fn check(&self, fields: &mut Checks) {
        let id = self.ftp_chip_detail_id.as_deref();
        to_36(fields, "ftpChipDetailId", id);
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

/// Changes a chip.
///
/// # Errors
/// The rules of contract devices.md §10.2 in its order; after the chip's existence
/// another partner's chip and an inactive provider.
pub async fn handle(
    caller: Caller,
    Body(request): Body<UpdateChip>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        id: request.ftp_chip_detail_id.unwrap_or_default(),
        model: Model::new(request.make, request.model),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Identified, DbError> {
        trail.note(audits::UPDATE_CHIP, about_chip(&self.id));
        self.change(conn)
            .map_err(|error| refused(trail, about_refused_chip(&self.id), error))?;
        trail.note(audits::CHIP_UPDATED, about_chip(&self.id));
        Ok(Identified {
            id: self.id.clone(),
        })
    }

    fn change(&self, conn: &mut Connection) -> Result<(), DbError> {
        let (chip, found) = lock_with_provider(conn, &self.id)?;
        let provider = chip.foundational_trust_provider_id.as_str();
        require_own(conn, &self.caller, Some(provider), errors::CHIP_NOT_OWN)?;
        in_use(found, errors::PROVIDER_INACTIVE)?;
        let (normal, sent) = (self.model.normal(), self.model.sent());
        // What is sent back as the reference stored it stays so.
        let as_stored = chip.as_model() == Some(sent);
        let model = if as_stored { sent } else { normal };
        if ftm_chips::has_live(conn, provider, [&model, &sent], Some(&chip.id))? {
            return Err(errors::CHIP_EXISTS.into());
        }
        let changed = !chip.is(&normal);
        let change = lifecycle::edit(chip.state(), changed, editor(&self.caller));
        ftm_chips::set_model(conn, &chip.id, &model, change, &self.stamp).map_err(or_chip_exists)
    }
}
