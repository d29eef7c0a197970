//! `PUT /securebiometricinterface`
//!
//! Changes an SBI (contract devices.md §11.2). A provider's change of an SBI in use
//! takes it out of use until it is approved again.

use actix_web::web;
use chrono::NaiveDateTime;
use pms_database::interfaces::{self, Interface};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, devices};
use pms_domain::device::audits::{self, about_sbi};
use pms_domain::device::errors;
use pms_domain::device::lifecycle::edit_sbi;
use pms_domain::device::sbi_dates::YearLimits;
use pms_web::wire::{ZuluDateTime, optional_zulu};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::software::{Fields, Software};
use crate::Context;
use crate::hardware::fields::{EMPTY, Identified, to_36};
use crate::hardware::providers::{editor, lock_active, require_own};

/// What an SBI should be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateInterface {
    /// Id of the SBI.
    pub id: Option<String>,
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
    /// Whether an SBI that was approved is used.
    pub is_active: Option<bool>,
}

impl UpdateInterface {
    fn software(&self) -> Fields<'_> {
        Fields {
            binary_hash: self.sw_binary_hash.as_deref(),
            version: self.sw_version.as_deref(),
            created: self.sw_create_date_time,
            expires: self.sw_expiry_date_time,
        }
    }
}

impl Request for UpdateInterface {
    fn check(&self, fields: &mut Checks) {
        to_36(fields, "id", self.id.as_deref());
        self.software().check(fields);
        fields.require(self.is_active.is_some(), "isActive", EMPTY);
    }
}

struct Command {
    caller: Caller,
    id: String,
    software: Software,
    is_active: bool,
    limits: YearLimits,
    stamp: Stamp,
}

/// Changes an SBI.
///
/// # Errors
/// The rules of contract devices.md §11.2 in its order; after the SBI's existence
/// another provider's SBI and an inactive provider.
pub async fn handle(
    caller: Caller,
    Body(request): Body<UpdateInterface>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        software: request.software().software(),
        id: request.id.unwrap_or_default(),
        is_active: request.is_active.unwrap_or_default(),
        limits: context.rules.sbi_years,
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Identified, DbError> {
        let about = about_sbi(&self.id);
        trail.note(audits::UPDATE_SBI, about);
        self.software
            .require_dates(self.limits, &self.stamp, trail)?;
        let sbi = self.lock(conn, trail)?;
        let software = self.software.columns_over(&sbi.sw_version);
        if self.takes_version(conn, &sbi, software.sw_version)? {
            let error = errors::SBI_VERSION_EXISTS;
            return Err(trail.refuse_with_text(audits::SBI_VERSION_EXISTS, about, error));
        }
        let editor = editor(&self.caller);
        let change = edit_sbi(sbi.state(), !sbi.is(&software), self.is_active, editor);
        interfaces::update(conn, &sbi.id, &software, change, &self.stamp)?;
        if let Some(change) = change {
            devices::cascade(conn, &sbi.id, change, &self.stamp)?;
        }
        trail.note(audits::SBI_UPDATED, about);
        Ok(Identified { id: sbi.id })
    }

    fn lock(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Interface, DbError> {
        let mut unknown = || {
            let error = errors::SBI_UNKNOWN_BY_ID.with(&[&self.id]);
            trail.refuse_with_text(audits::UPDATE_SBI_FAILED, about_sbi(&self.id), error)
        };
        let found = interfaces::find(conn, &self.id)?.filter(|sbi| !sbi.is_gone());
        let Some(sbi) = found else {
            return Err(unknown());
        };
        let provider = sbi.provider_id.as_deref();
        require_own(conn, &self.caller, provider, errors::SBI_NOT_OWN)?;
        if let Some(provider) = provider {
            lock_active(conn, provider)?;
        }
        interfaces::lock(conn, &self.id)?.ok_or_else(unknown)
    }

    /// Whether the edit gives the SBI the version of another one. Old databases
    /// have several of one version, which may stay so.
    fn takes_version(
        &self,
        conn: &mut Connection,
        sbi: &Interface,
        version: &str,
    ) -> Result<bool, DbError> {
        let spellings = self.software.versions();
        match sbi.provider_id.as_deref() {
            Some(provider) if sbi.sw_version != version => {
                let except = Some(sbi.id.as_str());
                Ok(interfaces::has_version(conn, provider, spellings, except)?)
            }
            _ => Ok(false),
        }
    }
}
