//! `POST /ftpchipdetail`
//!
//! Registers an FTM chip (contract devices.md §10.1).

use actix_web::web;
use pms_database::ftm_chips::{self, ChipModel, ChipOwner};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, ids, partners};
use pms_domain::audit::about_partner;
use pms_domain::device::errors::PROVIDER_NOT_OWN;
use pms_domain::ftm_chip::audits;
use pms_domain::ftm_chip::errors::CHIP_EXISTS;
use pms_domain::text::normalised;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::providers::{active, or_chip_exists, refused};
use crate::Context;
use crate::devices::providers::require_own;
use crate::devices::registration::{Identified, name_to_36, to_36};

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
    make: String,
    model: String,
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
        make: normalised(&request.make.unwrap_or_default()),
        model: normalised(&request.model.unwrap_or_default()),
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
        let provider = active(partners::lock(conn, &self.provider_id)?)?;
        require_own(conn, &self.caller, Some(&provider.id), PROVIDER_NOT_OWN)?;
        let model = ChipModel {
            make: &self.make,
            model: &self.model,
        };
        if ftm_chips::has_live(conn, &provider.id, &model, None)? {
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
