//! `GET /admin-partners`
//!
//! Partners in pages, for administrators (contract partner-admin.md §1.11).

use actix_web::web;
use pms_database::search::lists::{PartnerItem, PartnerList};
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::personal_data::{Attempt, email_hash};
use crate::{Context, certificates};

/// What no column says of itself. `Debug` is left out: an e-mail address is
/// personal.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct EmailQuery {
    /// The whole address, in any case.
    pub email_address: Option<String>,
}

/// A partner in the list. `Debug` is left out: it holds personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminPartner {
    /// Partner id.
    pub partner_id: String,
    /// Code of the partner type.
    pub partner_type: String,
    /// Name of the organisation.
    pub org_name: String,
    /// Id of the policy group.
    pub policy_group_id: Option<String>,
    /// Name of the policy group.
    pub policy_group_name: Option<String>,
    /// E-mail address.
    pub email_address: Option<String>,
    /// `uploaded` or `not_uploaded`.
    pub certificate_upload_status: &'static str,
    /// Approval status.
    pub status: String,
    /// Whether the partner is active.
    pub is_active: bool,
    /// When the partner was registered.
    pub created_date_time: OffsetDateTime,
}

/// Lists partners.
///
/// # Errors
/// The checks of contract partner-admin.md §1.11.
pub async fn handle(
    _: Caller,
    request: ListRequest<PartnerList>,
    Query(query): Query<EmailQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<AdminPartner>> {
    let address = query.email_address.filter(|address| !address.is_empty());
    let visible = match address {
        None => Visible::All,
        Some(address) => Visible::only(move |_| {
            let hash = email_hash(address.trim());
            Ok(vec![PartnerList::with_email(address, hash)])
        }),
    };
    let mut page = context.lists.rows(request, visible).await?;
    let columns = page.data.iter_mut().map(|row| [row.email_id.take()]);
    let data = &context.personal_data;
    let attempt = Attempt::default();
    let columns = data.open_readable(columns.collect(), &attempt);
    for (row, [email]) in page.data.iter_mut().zip(columns.await) {
        row.email_id = email;
    }
    Ok(Page(page.map(AdminPartner::from)))
}

impl From<PartnerItem> for AdminPartner {
    fn from(item: PartnerItem) -> Self {
        Self {
            partner_id: item.id,
            partner_type: item.partner_type_code,
            org_name: item.name,
            policy_group_id: item.policy_group_id,
            policy_group_name: item.group_name,
            email_address: item.email_id,
            certificate_upload_status: certificates::upload_status(
                item.certificate_alias.is_some(),
            ),
            status: item.approval_status,
            is_active: item.is_active,
            created_date_time: item.cr_dtimes.into(),
        }
    }
}
