//! `POST /partners/search`
//!
//! Partners with what is known of people, in clear (contract partner.md §4.22).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::partners::Partner;
use pms_database::search::searches::Partners;
use pms_database::search::{Filter, Pagination, SearchRequest, Sort, search as find};
use pms_domain::partner::audits;
use pms_web::search::{Page, Search, outcome};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// A search of partners.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerSearch {
    /// Code of a partner type, or `all`.
    pub partner_type: Option<String>,
    /// `columnName`, `type`, `value`, `values`, `fromValue` and `toValue`.
    #[schema(value_type = Vec<Object>)]
    pub filters: Option<Vec<Filter>>,
    /// `sortField` and `sortType`.
    #[schema(value_type = Vec<Object>)]
    pub sort: Option<Vec<Sort>>,
    /// `pageStart` and `pageFetch`.
    #[schema(value_type = Object)]
    pub pagination: Option<Pagination>,
}

impl Request for PartnerSearch {
    fn check(&self, fields: &mut Checks) {
        fields.not_blank("partnerType", self.partner_type.as_deref());
    }
}

impl PartnerSearch {
    fn wanted(self) -> SearchRequest {
        let type_alone = self.partner_type.as_deref().and_then(Partners::of_type);
        let mut filters = self.filters.unwrap_or_default();
        filters.extend(type_alone);
        let search = Search {
            filters: Some(filters),
            sort: self.sort,
            pagination: self.pagination,
        };
        search.completed()
    }
}

/// A partner that was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]
pub struct FoundPartner {
    pub id: String,
    pub address: Option<String>,
    pub contact_no: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: OffsetDateTime,
    pub del_dtimes: Option<OffsetDateTime>,
    pub email_id: Option<String>,
    pub is_active: bool,
    pub is_deleted: bool,
    pub name: String,
    pub policy_group_id: Option<String>,
    pub certificate_alias: Option<String>,
    pub partner_type_code: String,
    pub approval_status: String,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<OffsetDateTime>,
    pub user_id: String,
    pub lang_code: Option<String>,
}

/// Searches partners in any state.
///
/// # Errors
/// Encrypted columns, and what any search refuses.
pub async fn search(
    caller: Caller,
    Body(request): Body<PartnerSearch>,
    context: web::Data<Context>,
) -> ApiResult<Page<FoundPartner>> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules);
    let by = stamp.clone();
    let searched = context.db.audited(by, move |conn, trail| {
        trail.note(audits::SEARCH_PARTNERS, None);
        let own = caller.scope() == Scope::Own;
        let scope = own.then(|| Partners::owned_by(caller.user_id()));
        find::<Partners>(conn, request.wanted(), scope.into_iter().collect(), &rules)
    });
    let mut found = outcome(searched.await, &rules)?;
    open(&mut found.rows, &context).await?;
    // Only now is it known to be a success.
    let note = |trail: &mut AuditTrail| trail.note(audits::PARTNERS_SEARCHED, None);
    context.db.note(stamp, note).await;
    Ok(Page(found.into_page(FoundPartner::from)))
}

/// Opens what is known of people, of all rows with one call.
async fn open(rows: &mut [Partner], context: &Context) -> ApiResult<()> {
    let columns = rows.iter_mut().flat_map(|row| {
        [
            row.address.take(),
            row.contact_no.take(),
            row.email_id.take(),
        ]
    });
    let opened = context.personal_data.open_all(columns.collect()).await?;
    let mut opened = opened.into_iter();
    for row in rows {
        row.address = opened.next().flatten();
        row.contact_no = opened.next().flatten();
        row.email_id = opened.next().flatten();
    }
    Ok(())
}

impl From<Partner> for FoundPartner {
    fn from(partner: Partner) -> Self {
        Self {
            id: partner.id,
            address: partner.address,
            contact_no: partner.contact_no,
            cr_by: partner.cr_by,
            cr_dtimes: partner.cr_dtimes.into(),
            del_dtimes: partner.del_dtimes.map(Into::into),
            email_id: partner.email_id,
            is_active: partner.is_active,
            is_deleted: partner.is_deleted.unwrap_or(false),
            name: partner.name,
            policy_group_id: partner.policy_group_id,
            certificate_alias: partner.certificate_alias,
            partner_type_code: partner.partner_type_code,
            approval_status: partner.approval_status,
            upd_by: partner.upd_by,
            upd_dtimes: partner.upd_dtimes.map(Into::into),
            user_id: partner.user_id,
            lang_code: partner.lang_code,
        }
    }
}
