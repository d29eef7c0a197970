//! `pms.partner_h`: what a partner was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.6"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Partner;
use crate::history::{Stamped, WithHistory};
use crate::schema::partner_h;

/// A partner as it was from `eff_dtimes` on. `Debug` shows the key alone.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner_h)]
pub struct PartnerHistory {
    pub id: String,
    pub eff_dtimes: NaiveDateTime,
    pub policy_group_id: Option<String>,
    pub name: String,
    pub address: Option<String>,
    pub contact_no: Option<String>,
    pub email_id: Option<String>,
    pub email_id_hash: Option<String>,
    pub certificate_alias: Option<String>,
    pub user_id: String,
    pub partner_type_code: String,
    pub approval_status: String,
    pub is_active: bool,
    pub lang_code: Option<String>,
    pub logo_url: Option<String>,
    pub addl_info: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
}

impl std::fmt::Debug for PartnerHistory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartnerHistory")
            .field("id", &self.id)
            .field("eff_dtimes", &self.eff_dtimes)
            .finish_non_exhaustive()
    }
}

/// `cr_by` of a history row stays the partner's creator, so that an administrator who
/// removes a partner by its creator removes its history too.
impl WithHistory for Partner {
    const TABLE: &'static str = "pms.partner";
    const HISTORY: &'static str = "pms.partner_h";
    const COPIED: &'static str = "id, policy_group_id, name, address, contact_no, email_id, \
        email_id_hash, certificate_alias, user_id, partner_type_code, approval_status, is_active, \
        lang_code, logo_url, addl_info, cr_by, upd_by, upd_dtimes";
    const STAMPED: &'static [(&'static str, Stamped)] = &[("cr_dtimes", Stamped::At)];
}

/// Who changed a row last, and when, as the row says.
pub type LastChange<'a> = (Option<&'a str>, Option<NaiveDateTime>);

/// Whether one of these rows ended with the partner, which is not active: it bears the
/// stamp of the partner's deactivation. What ended by itself bears its own, whatever
/// became of the partner later.
pub fn ended_with<'a>(
    conn: &mut PgConnection,
    partner: &Partner,
    rows: impl IntoIterator<Item = LastChange<'a>>,
) -> QueryResult<bool> {
    if partner.is_active {
        return Ok(false);
    }
    let rows: Vec<_> = rows.into_iter().filter(|row| row.1.is_some()).collect();
    if rows.contains(&(partner.upd_by.as_deref(), partner.upd_dtimes)) {
        return Ok(true);
    }
    // The partner may have been changed since, for example by an operator.
    let times: Vec<_> = rows.iter().map(|row| row.1).collect();
    let inactive: Vec<(Option<String>, Option<NaiveDateTime>)> = partner_h::table
        .filter(partner_h::id.eq(&partner.id))
        .filter(partner_h::is_active.eq(false))
        .filter(partner_h::upd_dtimes.eq_any(times))
        .select((partner_h::upd_by, partner_h::upd_dtimes))
        .load(conn)?;
    Ok(inactive
        .iter()
        .any(|(by, at)| rows.contains(&(by.as_deref(), *at))))
}
