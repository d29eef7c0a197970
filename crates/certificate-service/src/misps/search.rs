//! POST /v1/partnermanager/misps/search (contract partner-admin.md §2.6)

use actix_web::web::Data;
use pms_database::search::search;
use pms_database::search::searches::MispLicences;
use pms_database::{Connection, DbError};
use pms_web::search::{Page, Search, outcome};
use pms_web::{ApiResult, Body, Caller};

use super::row::LicenceRow;
use super::scope::visible;
use crate::Context;

/// Searches the licences that the caller may see.
pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<Search>,
    context: Data<Context>,
) -> ApiResult<Page<LicenceRow>> {
    let rules = context.search;
    let find = move |conn: &mut Connection| -> Result<_, DbError> {
        let scope = MispLicences::of_misps(visible(conn, &caller)?);
        search::<MispLicences>(conn, request.completed(), scope, &rules)
    };
    let found = outcome(context.db.read(find).await, &rules)?;
    Ok(Page(found.into_page(Into::into)))
}
