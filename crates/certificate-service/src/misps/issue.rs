//! `POST /misps`
//!
//! Issues the licence of a MISP (contract partner-admin.md §2.1).

use actix_web::web::Data;
use pms_database::locks::{self, Lock};
use pms_database::{Connection, DbError, misp_licences, partners};
use pms_domain::event::{INFRA_PROVIDER, Topic};
use pms_domain::misp::{errors, licence};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::licence::Licence;
use super::new_licence;
use crate::Context;

/// The MISP that gets a licence.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct IssueLicence {
    /// Partner id of the MISP.
    provider_id: Option<String>,
}

impl Request for IssueLicence {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank("providerId", self.provider_id.as_deref())
            .length("providerId", self.provider_id.as_deref(), (1, 4096));
    }
}

/// Issues the first licence of a MISP.
pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<IssueLicence>,
    context: Data<Context>,
) -> ApiResult<Licence> {
    let misp_id = request.provider_id.unwrap_or_default();
    let (rules, stamp) = (context.rules.clone(), context.stamp(&caller));
    let issue = move |conn: &mut Connection| -> Result<_, DbError> {
        locks::hold(conn, Lock::MispLicence(&misp_id))?;
        let partner = partners::lock(conn, &misp_id)?;
        if let Some(partner) = &partner {
            caller.require_owner(&partner.user_id, &partner.id)?;
        }
        if misp_licences::exists_for(conn, &misp_id)? {
            return Err(errors::LICENCE_EXISTS.into());
        }
        let partner = partner.ok_or(errors::MISP_UNKNOWN)?;
        let kind = &partner.partner_type_code;
        licence::may_be_issued(kind, &rules.misp_type, partner.is_active)?;
        let licence = new_licence::insert(conn, &misp_id, &rules, &stamp)?;
        let news = (Topic::MispLicenseGenerated, INFRA_PROVIDER);
        misp_licences::tell(conn, &licence, news, stamp.at)?;
        Ok(licence)
    };
    let issued = context.db.transaction(issue).await?;
    Ok(Licence::active(issued))
}
