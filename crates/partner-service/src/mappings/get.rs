//! `GET /partners/apikey/{apikey}`
//!
//! One mapping request, by its id (contract partner-admin.md §1.7).

use actix_web::web;
use pms_database::mapping_requests;
use pms_domain::partner::errors;
use pms_web::{ApiResult, Caller};

use super::wire::MappingRow;
use crate::Context;

/// Reads a mapping request.
///
/// # Errors
/// Unknown id.
pub async fn handle(
    _: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<MappingRow> {
    let found = context.db.read(move |conn| {
        let found = mapping_requests::find_with_partner(conn, &id)?;
        Ok(found.ok_or(errors::NO_MAPPING_AT_ALL)?)
    });
    Ok(found.await?.into())
}
