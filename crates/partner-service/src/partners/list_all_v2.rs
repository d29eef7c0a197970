//! `GET /partners/v2`
//!
//! All partners, or those of a type, with logo and additional information
//! (contract partner-admin.md §1.4).

use actix_web::web;
use pms_database::partners::{self, ListedPartner};
use pms_database::{Connection, DbError};
use pms_domain::partner::errors;
use pms_runtime::runs::RUN;
use pms_web::{ApiResult, Caller, Query, Streamed, Streaming};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::listing::{self, PartnerRow, PartnersQuery};
use crate::Context;

/// Partners, oldest first.
#[derive(Serialize, ToSchema)]
pub struct PartnersV2 {
    /// The partners.
    pub partners: Vec<PartnerRowV2>,
}

/// A partner in the list. `Debug` is left out: it holds personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerRowV2 {
    /// What every list shows.
    #[serde(flatten)]
    pub partner: PartnerRow,
    /// Address of the logo.
    pub logo_url: Option<String>,
    /// Whatever the partner added, as JSON.
    #[schema(value_type = Option<Object>)]
    pub additional_info: Option<Box<RawValue>>,
}

/// Lists partners.
///
/// # Errors
/// None of the type, additional information that is no JSON.
pub async fn handle(
    _: Caller,
    query: Query<PartnersQuery>,
    streaming: Streaming,
    context: web::Data<Context>,
) -> ApiResult<Streamed<PartnersV2>> {
    let wanted = PartnersQuery::wanted(query);
    let (kind, db) = (wanted.clone(), context.db.clone());
    let runs = listing::runs(context, wanted, PartnerRowV2::from).await?;
    // Before anything is sent: a list can't be refused in its middle.
    db.read(move |conn| check(conn, kind.as_deref())).await?;
    let empty = PartnersV2 {
        partners: Vec::new(),
    };
    streaming.within(&empty, runs)
}

/// Whether all additional information is JSON.
fn check(conn: &mut Connection, partner_type: Option<&str>) -> Result<(), DbError> {
    let mut after = None;
    loop {
        let run = partners::additional_info(conn, partner_type, after.as_ref(), RUN)?;
        for (_, text) in &run {
            if text.as_deref().is_some_and(|text| !is_json(text)) {
                return Err(errors::ADDITIONAL_INFO_NOT_JSON.into());
            }
        }
        match run.into_iter().next_back() {
            Some((place, _)) => after = Some(place),
            None => return Ok(()),
        }
    }
}

fn is_json(text: &str) -> bool {
    text.trim().is_empty() || serde_json::from_str::<IgnoredAny>(text).is_ok()
}

impl From<ListedPartner> for PartnerRowV2 {
    fn from(mut row: ListedPartner) -> Self {
        let additional_info = row.addl_info.take();
        Self {
            logo_url: row.logo_url.take(),
            partner: row.into(),
            additional_info: additional_info.and_then(|text| RawValue::from_string(text).ok()),
        }
    }
}
