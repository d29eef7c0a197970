//! `GET /misps/{mispId}/licenseKey`
//!
//! Reads the licence of a MISP, or renews it when it has ended (contract partner-admin.md §2.4).

use actix_web::web::{Data, Path};
use pms_database::locks::{self, Lock};
use pms_database::misp_licences::{self, MispLicence};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::event::{INFRA_PROVIDER, Topic};
use pms_domain::misp::errors;
use pms_web::{ApiResult, Caller};

use super::licence::Licence;
use super::new_licence;
use crate::Context;
use crate::context::Rules;

/// A caller who reads the licence of a MISP, and the time.
#[derive(Clone)]
struct Command {
    caller: Caller,
    misp_id: String,
    stamp: Stamp,
}

/// Reads the licence of a MISP, or renews it when none is usable any more.
pub(crate) async fn handle(
    caller: Caller,
    id: Path<String>,
    context: Data<Context>,
) -> ApiResult<Licence> {
    let command = Command {
        stamp: context.stamp(&caller),
        caller,
        misp_id: id.into_inner(),
    };
    let again = command.clone();
    let read = move |conn: &mut Connection| {
        let partner = partners::find(conn, &command.misp_id)?;
        command.find(conn, partner)
    };
    if let Some(licence) = context.db.read(read).await? {
        return Ok(Licence::active(licence));
    }
    let rules = context.rules.clone();
    let renew = move |conn: &mut Connection| again.find_or_renew(conn, &rules);
    let licence = context.db.transaction(renew).await?;
    Ok(Licence::active(licence))
}

impl Command {
    /// The usable licence, if there is one; none without a past licence is an
    /// error.
    fn find(
        &self,
        conn: &mut Connection,
        partner: Option<Partner>,
    ) -> Result<Option<MispLicence>, DbError> {
        let partner = partner.ok_or(errors::MISP_UNKNOWN)?;
        self.caller.require_owner(&partner.user_id, &partner.id)?;
        if !partner.is_active {
            return Err(errors::MISP_INACTIVE.into());
        }
        let valid = misp_licences::find_valid(conn, &self.misp_id, self.stamp.at)?;
        if valid.is_none() && !misp_licences::exists_for(conn, &self.misp_id)? {
            return Err(errors::LICENCE_UNKNOWN.into());
        }
        Ok(valid)
    }

    /// The second of two requests finds the licence that the first one made.
    fn find_or_renew(&self, conn: &mut Connection, rules: &Rules) -> Result<MispLicence, DbError> {
        let (misp_id, stamp) = (&self.misp_id, &self.stamp);
        locks::hold(conn, Lock::MispLicence(misp_id))?;
        let partner = partners::lock(conn, misp_id)?;
        if let Some(licence) = self.find(conn, partner)? {
            return Ok(licence);
        }
        // What is still live has expired. It needs no event: the new licence
        // takes its place at relying modules.
        misp_licences::deactivate_all(conn, misp_id, stamp)?;
        let licence = new_licence::insert(conn, misp_id, rules, stamp)?;
        let news = (Topic::MispLicenseUpdated, INFRA_PROVIDER);
        misp_licences::tell(conn, &licence, news, stamp.at)?;
        Ok(licence)
    }
}
