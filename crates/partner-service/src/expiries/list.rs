//! `GET /expiries`
//!
//! What the caller's partners have that ends, the next end first; for administrators
//! what all have, and the certificates of authorities
//! (contract clients-users-notifications.md §3.6).

use actix_web::web;
use chrono::{NaiveDateTime, TimeDelta};
use pms_database::partners;
use pms_database::search::lists::{ExpiryItem, ExpiryList};
use pms_domain::notification::errors::PERIOD_INVALID;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;

/// Days to look ahead unless the client says, and at most.
const PERIOD: i64 = 30;
const MAX_PERIOD: i64 = 366;
/// Days back in which something that is still switched on may have ended.
const ENDED: i64 = 365;

/// What no column says of itself.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ExpiryQuery {
    /// Days within which it ends: 1 to 366, 30 unless given.
    pub within_days: Option<i32>,
    /// `true`: also what ended in the past year and is still switched on.
    pub with_ended: Option<bool>,
}

/// Something that ends.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Expiry {
    /// `ca-certificate`, `partner-certificate`, `ftm-chip-certificate`, `sbi`,
    /// `api-key` or `misp-licence`.
    pub r#type: Option<String>,
    /// Its id; none for keys and licences, which are secrets.
    pub item_id: Option<String>,
    /// Subject of the certificate, make and model, version, label, or the end of the
    /// licence key.
    pub name: Option<String>,
    /// Partner id; none for certificates of authorities.
    pub partner_id: Option<String>,
    /// Name of the partner's organisation.
    pub org_name: Option<String>,
    /// Domain of certificates of authorities and of FTM chips.
    pub partner_domain: Option<String>,
    /// Name of the policy that a key or a licence is for.
    pub policy_name: Option<String>,
    /// When it ends, UTC.
    pub expiry_date_time: Option<LocalDateTime>,
    /// Whole days from now; negative for what has ended.
    pub days_left: Option<i64>,
    /// What to do: `UPLOAD_CA_CERTIFICATE`, `UPLOAD_PARTNER_CERTIFICATE`,
    /// `UPLOAD_FTM_CERTIFICATE`, `ADD_SBI`, `GENERATE_API_KEY` or
    /// `ISSUE_MISP_LICENCE`.
    pub action: Option<&'static str>,
    /// The same for people.
    pub advice: Option<&'static str>,
}

/// Lists what ends.
///
/// # Errors
/// The checks of contract envelope-and-search.md §10.2, an impossible period, a
/// caller without partners.
pub async fn handle(
    caller: Caller,
    request: ListRequest<ExpiryList>,
    Query(query): Query<ExpiryQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<Expiry>> {
    request.check()?;
    let now = context.now();
    let days = query.within_days.map_or(PERIOD, i64::from);
    if !(1..=MAX_PERIOD).contains(&days) {
        return Err(PERIOD_INVALID.into());
    }
    let back = if query.with_ended == Some(true) {
        ENDED
    } else {
        0
    };
    let (from, till) = (now - TimeDelta::days(back), now + TimeDelta::days(days));
    let visible = Visible::only(move |conn| {
        let mut conditions = vec![ExpiryList::ending(from, till)];
        if !caller.is_partner_admin() {
            let own = partners::owned_by(conn, caller.user_id())?;
            if own.is_empty() {
                return Err(USER_WITHOUT_PARTNERS.into());
            }
            conditions.push(ExpiryList::of_partners(own));
        }
        Ok(conditions)
    });
    let page = context.lists.rows(request, visible).await?;
    Ok(Page(page.map(|item| Expiry::of(item, now))))
}

impl Expiry {
    fn of(item: ExpiryItem, now: NaiveDateTime) -> Self {
        let (action, advice) = item.kind.as_deref().and_then(what_to_do).unzip();
        Self {
            r#type: item.kind,
            item_id: item.item_id,
            name: item.item_name,
            partner_id: item.partner_id,
            org_name: item.partner_name,
            partner_domain: item.partner_domain,
            policy_name: item.policy_name,
            expiry_date_time: item.ends_at.map(Into::into),
            days_left: item
                .ends_at
                .map(|end| (end - now).num_seconds().div_euclid(24 * 3600)),
            action,
            advice,
        }
    }
}

fn what_to_do(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "ca-certificate" => (
            "UPLOAD_CA_CERTIFICATE",
            "Upload the authority's next certificate before this one ends; certificates below it stop being trusted then.",
        ),
        "partner-certificate" => (
            "UPLOAD_PARTNER_CERTIFICATE",
            "Upload a new certificate of the partner.",
        ),
        "ftm-chip-certificate" => (
            "UPLOAD_FTM_CERTIFICATE",
            "Upload a new certificate of the FTM chip.",
        ),
        "sbi" => (
            "ADD_SBI",
            "Add the next version of the SBI and map its devices to it.",
        ),
        "api-key" => (
            "GENERATE_API_KEY",
            "Generate a new API key for the policy and use it instead.",
        ),
        "misp-licence" => ("ISSUE_MISP_LICENCE", "Issue a new licence for the MISP."),
        _ => return None,
    })
}
