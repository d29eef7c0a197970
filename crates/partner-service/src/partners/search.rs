//! `POST /partners/search`
//!
//! Partners with what is known of people, in clear (contract partner.md §4.22).

use pms_database::partners::Partner;
use pms_database::search::searches::Partners;
use pms_database::search::{Entity, Filter, Pagination, Sort};
use pms_domain::partner::audits;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch, SearchBody};
use pms_web::search::Search;
use pms_web::wire::OffsetDateTime;
use pms_web::{Caller, Checks, Request, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::personal_data::Attempt;

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

impl SearchBody for PartnerSearch {
    fn into_search(self) -> (Search, Option<Filter>) {
        let of_type = self.partner_type.as_deref().and_then(Partners::of_type);
        let search = Search {
            filters: self.filters,
            sort: self.sort,
            pagination: self.pagination,
        };
        (search, of_type)
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

/// The search of partners in any state.
pub struct SearchPartners;

impl LegacySearch for SearchPartners {
    type Context = Context;
    type Entity = Partners;
    type Request = PartnerSearch;
    type Found = FoundPartner;
    const AUDITS: Option<AuditPair> = Some((&audits::SEARCH_PARTNERS, &audits::PARTNERS_SEARCHED));

    fn visible(caller: Caller) -> Visible<<Partners as Entity>::Source> {
        own_partners(&caller)
    }

    /// Opens what is known of people, of all rows at once.
    async fn completed(context: &Context, mut rows: Vec<Partner>) -> Vec<Partner> {
        let columns = rows.iter_mut().map(|row| {
            [
                row.address.take(),
                row.contact_no.take(),
                row.email_id.take(),
            ]
        });
        let data = &context.personal_data;
        let attempt = Attempt::default();
        let opened = data.open_readable(columns.collect(), &attempt);
        for (row, columns) in rows.iter_mut().zip(opened.await) {
            [row.address, row.contact_no, row.email_id] = columns;
        }
        rows
    }
}

/// The caller's own partners, or all of them.
pub(super) fn own_partners(caller: &Caller) -> Visible<<Partners as Entity>::Source> {
    match caller.scope() {
        Scope::All => Visible::All,
        Scope::Own => {
            let owned = Partners::owned_by(caller.user_id());
            Visible::only(move |_| Ok(vec![owned]))
        }
    }
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
