//! All partners, or those of a type, oldest first: read in runs, each opened
//! with few calls of the key manager.

use std::pin::Pin;

use actix_web::web;
use futures_util::stream::Peekable;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use pms_database::partners::{self, Age, ListedPartner};
use pms_domain::partner::errors;
use pms_runtime::runs::{RUN, Read, Runs, of_short_rows};
use pms_web::{ApiResult, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::personal_data::Attempt;

/// Which partners are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct PartnersQuery {
    /// Code of a partner type, exactly; blank for all.
    pub partner_type: Option<String>,
}

impl PartnersQuery {
    /// The wanted type; none for all.
    pub(super) fn wanted(Query(query): Query<Self>) -> Option<String> {
        query.partner_type.filter(|kind| !kind.trim().is_empty())
    }
}

/// A partner in a list. `Debug` is left out: it holds personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerRow {
    /// Partner id.
    #[serde(rename = "partnerID")]
    pub partner_id: String,
    /// `active` or `De-active`.
    pub status: &'static str,
    /// Name of the organisation.
    pub organization_name: String,
    /// Telephone number.
    pub contact_number: Option<String>,
    /// E-mail address.
    pub email_id: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Code of the partner type.
    pub partner_type: String,
}

type Opened<W> = Pin<Box<dyn Stream<Item = ApiResult<Vec<W>>>>>;

/// A row of such a list.
pub(super) trait Listed: Send + 'static {
    /// What every list shows of a partner.
    fn partner(&mut self) -> &mut ListedPartner;

    /// Its place among all.
    fn place(&self) -> Age;
}

impl Listed for ListedPartner {
    fn place(&self) -> Age {
        (self.cr_dtimes, self.id.clone())
    }

    fn partner(&mut self) -> &mut ListedPartner {
        self
    }
}

/// Reads the rows that every list shows.
pub(super) fn read(partner_type: Option<String>) -> Read<Age, ListedPartner> {
    of_short_rows(move |conn, after, limit| {
        let kind = partner_type.as_deref();
        Ok(partners::list_of_type(conn, kind, after, limit)?)
    })
}

/// The partners in runs as `read` gives them, each row as `wire` makes it of the opened
/// row. The first run is read already.
///
/// # Errors
/// No partner at all, or too many.
pub(super) async fn runs<R: Listed, W: 'static>(
    context: web::Data<Context>,
    partner_type: Option<String>,
    read: Read<Age, R>,
    wire: fn(R) -> W,
) -> ApiResult<Opened<W>> {
    let (kind, most) = (partner_type, context.unpaged.most());
    let too_many = context
        .db
        .read(move |conn| Ok(partners::more_than(conn, kind.as_deref(), most)?));
    context.unpaged.refuse_if(too_many.await?)?;
    let runs = Runs {
        db: context.db.clone(),
        most: RUN,
        read,
        place: R::place,
        row: |row| row,
    };
    let mut runs = Box::pin(runs.stream().await?.peekable());
    if is_over(runs.as_mut()).await {
        return Err(errors::NO_PARTNER_AT_ALL.into());
    }
    let attempt = Attempt::default();
    let opened = runs.and_then(move |run| {
        let (context, attempt) = (context.clone(), attempt.clone());
        async move {
            let rows = opened(&context, run, &attempt).await;
            Ok(rows.into_iter().map(wire).collect())
        }
    });
    Ok(Box::pin(opened))
}

async fn is_over<S: Stream>(runs: Pin<&mut Peekable<S>>) -> bool {
    runs.peek().await.is_none()
}

/// The rows with their personal data in the clear, where it can be had.
async fn opened<R: Listed>(context: &Context, mut rows: Vec<R>, attempt: &Attempt) -> Vec<R> {
    let columns = rows.iter_mut().map(|row| {
        let row = row.partner();
        [
            row.address.take(),
            row.contact_no.take(),
            row.email_id.take(),
        ]
    });
    let data = &context.personal_data;
    let opened = data.open_readable(columns.collect(), attempt);
    for (row, columns) in rows.iter_mut().zip(opened.await) {
        let row = row.partner();
        [row.address, row.contact_no, row.email_id] = columns;
    }
    rows
}

impl From<ListedPartner> for PartnerRow {
    fn from(row: ListedPartner) -> Self {
        Self {
            partner_id: row.id,
            status: if row.is_active { "active" } else { "De-active" },
            organization_name: row.name,
            contact_number: row.contact_no,
            email_id: row.email_id,
            address: row.address,
            partner_type: row.partner_type_code,
        }
    }
}
