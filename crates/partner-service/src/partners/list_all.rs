//! `GET /partners`
//!
//! All partners, or those of a type (contract partner-admin.md §1.3).

use actix_web::web;
use pms_web::{ApiResult, Caller, Query, Streamed, Streaming};
use serde::Serialize;
use utoipa::ToSchema;

use super::listing::{self, PartnerRow, PartnersQuery};
use crate::Context;

/// Partners, oldest first.
#[derive(Serialize, ToSchema)]
pub struct Partners {
    /// The partners.
    pub partners: Vec<PartnerRow>,
}

/// Lists partners.
///
/// # Errors
/// None of the type.
pub async fn handle(
    _: Caller,
    query: Query<PartnersQuery>,
    streaming: Streaming,
    context: web::Data<Context>,
) -> ApiResult<Streamed<Partners>> {
    let wanted = PartnersQuery::wanted(query);
    let read = listing::read(wanted.clone());
    let runs = listing::runs(context, wanted, read, PartnerRow::from).await?;
    let empty = Partners {
        partners: Vec::new(),
    };
    streaming.within(&empty, runs)
}
