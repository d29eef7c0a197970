//! `GET /partners/apikey`
//!
//! All mapping requests, oldest first (contract partner-admin.md §1.6).

use actix_web::web;
use futures_util::StreamExt as _;
use pms_database::mapping_requests::{self, Age, RequestWithPartner};
use pms_domain::partner::errors;
use pms_runtime::runs::{RUN, Runs, of_short_rows};
use pms_web::{ApiResult, Caller, Streamed, Streaming};
use serde::Serialize;
use utoipa::ToSchema;

use super::wire::MappingRow;
use crate::Context;

/// Mapping requests.
#[derive(Serialize, ToSchema)]
pub struct Mappings {
    /// The requests.
    #[serde(rename = "apikeyRequests")]
    pub requests: Vec<MappingRow>,
}

/// Lists all mapping requests.
///
/// # Errors
/// None at all.
pub async fn handle(
    _: Caller,
    streaming: Streaming,
    context: web::Data<Context>,
) -> ApiResult<Streamed<Mappings>> {
    let most = context.unpaged.most();
    let too_many = context
        .db
        .read(move |conn| Ok(mapping_requests::more_than(conn, most)?));
    context.unpaged.refuse_if(too_many.await?)?;
    let runs = Runs {
        db: context.db.clone(),
        most: RUN,
        read: of_short_rows(|conn, after: Option<&Age>, limit| {
            Ok(mapping_requests::list_with_partner(conn, after, limit)?)
        }),
        place: |row: &RequestWithPartner| -> Age { (row.cr_dtimes, row.id.clone()) },
        row: MappingRow::from,
    };
    let mut runs = Box::pin(runs.stream().await?.peekable());
    if runs.as_mut().peek().await.is_none() {
        return Err(errors::NO_MAPPING_AT_ALL.into());
    }
    let empty = Mappings {
        requests: Vec::new(),
    };
    streaming.within(&empty, runs)
}
