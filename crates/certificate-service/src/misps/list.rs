//! `GET /misps`
//!
//! Lists licences (contract partner-admin.md §2.3).

use actix_web::web::Data;
use pms_database::{Connection, DbError, misp_licences, partners};
use pms_web::{ApiResult, Caller, Scope};

use super::row::LicenceRow;
use crate::Context;

/// Lists the licences that the caller may see, in any state.
pub(crate) async fn handle(caller: Caller, context: Data<Context>) -> ApiResult<Vec<LicenceRow>> {
    let most = context.unpaged.rows_to_ask();
    let list = move |conn: &mut Connection| -> Result<_, DbError> {
        let own = match caller.scope() {
            Scope::All => None,
            Scope::Own => Some(partners::owned_by(conn, caller.user_id())?),
        };
        Ok(misp_licences::list(conn, own.as_deref(), most)?)
    };
    let licences = context.db.read(list).await?;
    context.unpaged.check(licences.len())?;
    Ok(licences.into_iter().map(Into::into).collect())
}
