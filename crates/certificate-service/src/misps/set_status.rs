//! `PUT /misps`
//!
//! Activates or deactivates a licence (contract partner-admin.md §2.2).

use actix_web::web::Data;
use pms_database::locks::{self, Lock};
use pms_database::misp_licences::{self, MispLicence};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::event::{Emitter, INFRA_PROVIDER, Topic};
use pms_domain::misp::errors;
use pms_domain::misp::licence::LicenceStatus;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::licence::Licence;
use crate::Context;

const NEWS: (Topic, Emitter) = (Topic::MispLicenseUpdated, INFRA_PROVIDER);

/// What a licence is to become. It names a bearer secret: no `Debug`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SetLicenceStatus {
    /// Partner id of the MISP.
    provider_id: Option<String>,
    license_key: Option<String>,
    /// `active` or `de-active`, in any case.
    license_key_status: Option<String>,
}

impl Request for SetLicenceStatus {
    fn check(&self, _: &mut Checks) {}
}

/// Switches a licence on or off.
pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<SetLicenceStatus>,
    context: Data<Context>,
) -> ApiResult<Licence> {
    let status = request.license_key_status.unwrap_or_default();
    let wanted = LicenceStatus::parse(&status)?;
    let stamp = context.stamp(&caller);
    let cascade = context.rules.cascade_deactivation;
    let misp_id = request.provider_id.unwrap_or_default();
    let license_key = request.license_key.unwrap_or_default();
    if misp_id.contains('\0') || license_key.contains('\0') {
        // No column can hold it.
        return Err(errors::LICENCE_UNKNOWN.into());
    }
    let switch = move |conn: &mut Connection| -> Result<_, DbError> {
        locks::hold(conn, Lock::MispLicence(&misp_id))?;
        let licence = misp_licences::find(conn, &misp_id, &license_key)?;
        let licence = licence.ok_or(errors::LICENCE_UNKNOWN)?;
        let partner = partners::find(conn, &misp_id)?;
        let owner = partner.as_ref().map(|partner| partner.user_id.as_str());
        caller.require_owner(owner.unwrap_or_default(), &misp_id)?;
        if wanted == LicenceStatus::Active {
            require_active(partner.as_ref())?;
        }
        match wanted {
            LicenceStatus::Active => switch_on(conn, &licence, &stamp),
            // It is so already, and relying modules know.
            LicenceStatus::Inactive if cascade && ended_with(conn, partner.as_ref(), &licence)? => {
                Ok(licence)
            }
            LicenceStatus::Inactive => switch_off(conn, &licence, &stamp),
        }
    };
    let switched = context.db.transaction(switch).await?;
    Ok(Licence::new(switched, wanted.name()))
}

/// A MISP that was switched off has lost its licences: they can't be activated
/// again, as its API keys can't.
fn require_active(partner: Option<&Partner>) -> Result<(), DbError> {
    match partner {
        Some(partner) if !partner.is_active => Err(errors::MISP_INACTIVE.into()),
        _ => Ok(()),
    }
}

/// Whether the licence ended with the deactivation of its MISP.
fn ended_with(
    conn: &mut Connection,
    partner: Option<&Partner>,
    licence: &MispLicence,
) -> Result<bool, DbError> {
    let Some(partner) = partner.filter(|_| !licence.is_active) else {
        return Ok(false);
    };
    let change = (licence.upd_by.as_deref(), licence.upd_dtimes);
    Ok(partners::ended_with(conn, partner, [change])?)
}

/// At most one licence of a MISP is live, so that another one ends. One that works does
/// not end in favour of one that has expired: the reference no longer knows the key of a
/// licence that was renewed.
fn switch_on(
    conn: &mut Connection,
    licence: &MispLicence,
    stamp: &Stamp,
) -> Result<MispLicence, DbError> {
    let (misp_id, key) = (&licence.misp_id, &licence.license_key);
    let has_expired = licence.valid_to_date.is_none_or(|end| end <= stamp.at);
    if has_expired && misp_licences::find_valid(conn, misp_id, stamp.at)?.is_some() {
        return Err(errors::LICENCE_UNKNOWN.into());
    }
    for ended in misp_licences::deactivate_others(conn, misp_id, key, stamp)? {
        misp_licences::tell(conn, &ended, NEWS, stamp.at)?;
    }
    let licence = misp_licences::set_active(conn, licence, true, stamp)?;
    misp_licences::tell(conn, &licence, NEWS, stamp.at)?;
    Ok(licence)
}

/// If another licence is live it has the last word.
fn switch_off(
    conn: &mut Connection,
    licence: &MispLicence,
    stamp: &Stamp,
) -> Result<MispLicence, DbError> {
    let licence = misp_licences::set_active(conn, licence, false, stamp)?;
    misp_licences::tell(conn, &licence, NEWS, stamp.at)?;
    if let Some(live) = misp_licences::find_live(conn, &licence.misp_id)? {
        misp_licences::tell(conn, &live, NEWS, stamp.at)?;
    }
    Ok(licence)
}
