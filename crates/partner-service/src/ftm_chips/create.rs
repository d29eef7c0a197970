//! `POST /ftpchipdetail`
//!
//! Registers an FTM chip (contract devices.md §10.1).

use actix_web::web;
use pms_database::ftm_chips::{self, ChipOwner};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, ids, partners};
use pms_domain::audit::about_partner;
use pms_domain::device::errors::PROVIDER_NOT_OWN;
use pms_domain::ftm_chip::audits;
use pms_domain::ftm_chip::errors::{CHIP_EXISTS, PROVIDER_INACTIVE};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Model;
use super::providers::{or_chip_exists, refused};
use crate::Context;
use crate::hardware::fields::{Identified, name_to_36, to_36};
use crate::hardware::providers::{in_use, require_own};

/// A chip to register.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NewChip {
    /// Partner id of the provider.
    pub ftp_provider_id: Option<String>,
    /// Make, stored without surplus blanks.
    pub make: Option<String>,
    /// Model, stored without surplus blanks.
    pub model: Option<String>,
}

impl Request for NewChip {
    fn check(&self, fields: &mut Checks) {
        to_36(fields, "ftpProviderId", self.ftp_provider_id.as_deref());
        name_to_36(fields, "make", self.make.as_deref());
        name_to_36(fields, "model", self.model.as_deref());
    }
}

struct Command {
    caller: Caller,
    provider_id: String,
    model: Model,
    stamp: Stamp,
}

/// Registers a chip.
///
/// # Errors
/// The rules of contract devices.md §10.1 in its order; another user's provider
/// before the chip that exists.
pub async fn handle(
    caller: Caller,
    Body(request): Body<NewChip>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        provider_id: request.ftp_provider_id.unwrap_or_default(),
        model: Model::new(request.make, request.model),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Identified, DbError> {
        let about = about_partner(&self.provider_id);
        trail.note(audits::CREATE_CHIP, about);
        let id = self
            .register(conn)
            .map_err(|error| refused(trail, about, error))?;
        trail.note(audits::CHIP_CREATED, about);
        Ok(Identified { id })
    }

    /// Inserts the chip and gives its id. It never takes the place of another.
    fn register(&self, conn: &mut Connection) -> Result<String, DbError> {
        let provider = in_use(partners::lock(conn, &self.provider_id)?, PROVIDER_INACTIVE)?;
        require_own(conn, &self.caller, Some(&provider.id), PROVIDER_NOT_OWN)?;
        let (model, sent) = (self.model.normal(), self.model.sent());
        if ftm_chips::has_live(conn, &provider.id, [&model, &sent], None)? {
            return Err(CHIP_EXISTS.into());
        }
        let id = ids::decimal()?;
        let owner = ChipOwner {
            foundational_trust_provider_id: &provider.id,
            partner_org_name: &provider.name,
        };
        let inserted = ftm_chips::insert(conn, &id, &owner, &model, &self.stamp);
        inserted.map_err(or_chip_exists)?;
        Ok(id)
    }
}
