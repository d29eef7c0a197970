//! `GET /partners/v2`
//!
//! All partners, or those of a type, with logo and additional information
//! (contract partner-admin.md §1.4).

use std::sync::Arc;

use actix_web::web;
use pms_database::partners::{self, Age, DescribedPartner, ListedPartner, Share};
use pms_database::{Connection, DbError, deadline};
use pms_domain::partner::errors;
use pms_runtime::runs::{RUN, Read};
use pms_web::{ApiResult, Caller, Query, Streamed, Streaming};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::listing::{self, Listed, PartnerRow, PartnersQuery};
use crate::Context;

/// What is read at once: additional information may be as long as a whole request, so
/// that a number of rows alone bounds no memory.
const SHARE: Share = Share {
    rows: RUN,
    bytes: 4 << 20,
};

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
    let runs = listing::runs(context, wanted.clone(), read(wanted), PartnerRowV2::from).await?;
    // Before anything is sent: a list can't be refused in its middle.
    db.read(move |conn| check(conn, kind.as_deref())).await?;
    let empty = PartnersV2 {
        partners: Vec::new(),
    };
    streaming.within(&empty, runs)
}

fn read(partner_type: Option<String>) -> Read<Age, DescribedPartner> {
    Arc::new(move |conn, after, rows| {
        let (kind, share) = (partner_type.as_deref(), Share { rows, ..SHARE });
        Ok(partners::list_described(conn, kind, after, share)?)
    })
}

/// Whether all additional information is JSON.
fn check(conn: &mut Connection, partner_type: Option<&str>) -> Result<(), DbError> {
    let mut after = None;
    loop {
        deadline::check(conn)?;
        let (run, more) = partners::additional_info(conn, partner_type, after.as_ref(), SHARE)?;
        for (_, text) in &run {
            if text.as_deref().is_some_and(|text| !is_json(text)) {
                return Err(errors::ADDITIONAL_INFO_NOT_JSON.into());
            }
        }
        match run.into_iter().next_back() {
            Some((place, _)) if more => after = Some(place),
            _ => return Ok(()),
        }
    }
}

fn is_json(text: &str) -> bool {
    text.trim().is_empty() || serde_json::from_str::<IgnoredAny>(text).is_ok()
}

impl Listed for DescribedPartner {
    fn partner(&mut self) -> &mut ListedPartner {
        &mut self.partner
    }

    fn place(&self) -> Age {
        self.partner.place()
    }
}

impl From<DescribedPartner> for PartnerRowV2 {
    fn from(row: DescribedPartner) -> Self {
        let DescribedPartner {
            mut partner,
            addl_info,
        } = row;
        Self {
            logo_url: partner.logo_url.take(),
            partner: partner.into(),
            additional_info: addl_info.and_then(|text| RawValue::from_string(text).ok()),
        }
    }
}
