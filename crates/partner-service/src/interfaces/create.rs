//! `POST /securebiometricinterface`
//!
//! Registers an SBI (contract devices.md §11.1).

use actix_web::web;
use chrono::NaiveDateTime;
use pms_database::interfaces::{self, InterfaceOwner};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, ids};
use pms_domain::audit::about_partner;
use pms_domain::device::sbi_dates::YearLimits;
use pms_domain::device::{audits, errors};
use pms_web::wire::{ZuluDateTime, optional_zulu};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::software::{Fields, Software};
use crate::Context;
use crate::hardware::fields::{EMPTY, Identified};
use crate::hardware::providers::{lock_active, require_own};

/// An SBI to register.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NewInterface {
    /// Hash of the program, in any encoding; stored as it is.
    pub sw_binary_hash: Option<String>,
    /// Version of the software, stored without surplus blanks.
    pub sw_version: Option<String>,
    /// When the software was made.
    #[serde(deserialize_with = "optional_zulu")]
    #[schema(value_type = Option<ZuluDateTime>)]
    pub sw_create_date_time: Option<NaiveDateTime>,
    /// When the software expires.
    #[serde(deserialize_with = "optional_zulu")]
    #[schema(value_type = Option<ZuluDateTime>)]
    pub sw_expiry_date_time: Option<NaiveDateTime>,
    /// Partner id of the provider.
    pub provider_id: Option<String>,
}

impl NewInterface {
    fn software(&self) -> Fields<'_> {
        Fields {
            binary_hash: self.sw_binary_hash.as_deref(),
            version: self.sw_version.as_deref(),
            created: self.sw_create_date_time,
            expires: self.sw_expiry_date_time,
        }
    }
}

impl Request for NewInterface {
    fn check(&self, fields: &mut Checks) {
        self.software().check(fields);
        fields.not_blank_or("providerId", self.provider_id.as_deref(), EMPTY);
    }
}

struct Command {
    caller: Caller,
    provider_id: String,
    software: Software,
    limits: YearLimits,
    stamp: Stamp,
}

/// Registers an SBI.
///
/// # Errors
/// The rules of contract devices.md §11.1 in its order; another user's provider
/// before the version that exists.
pub async fn handle(
    caller: Caller,
    Body(request): Body<NewInterface>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        software: request.software().software(),
        provider_id: request.provider_id.unwrap_or_default(),
        limits: context.rules.sbi_years,
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Identified, DbError> {
        let about = about_partner(&self.provider_id);
        trail.note(audits::CREATE_SBI, about);
        self.software
            .require_dates(self.limits, &self.stamp, trail)?;
        let provider = lock_active(conn, &self.provider_id)
            .map_err(|error| trail.refuse_with_text(audits::CREATE_SBI_FAILED, about, error))?;
        let foreign = errors::PROVIDER_NOT_OWN;
        require_own(conn, &self.caller, Some(&provider.id), foreign)?;
        if interfaces::has_version(conn, &provider.id, self.software.versions(), None)? {
            let error = errors::SBI_VERSION_EXISTS;
            return Err(trail.refuse_with_text(audits::SBI_VERSION_EXISTS, about, error));
        }
        let id = ids::uuid();
        let owner = InterfaceOwner {
            provider_id: &provider.id,
            partner_org_name: &provider.name,
        };
        interfaces::insert(conn, &id, &owner, &self.software.columns(), &self.stamp)?;
        trail.note(audits::SBI_CREATED, about);
        Ok(Identified { id })
    }
}
