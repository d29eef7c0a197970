//! `pms.partner_h`: what a partner was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.6"
)]

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;

use super::Partner;
use crate::Stamp;
use crate::schema::partner_h;

/// A partner as it was from `eff_dtimes` on. `Debug` shows the key alone.
#[derive(Clone, PartialEq, Eq, HasQuery, Insertable)]
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

/// Appends what `partner` is now, under the partner's own id.
///
/// `cr_by` stays the partner's creator, so that an administrator who removes a
/// partner by its creator removes its history too.
pub(super) fn append(conn: &mut PgConnection, partner: &Partner, stamp: &Stamp) -> QueryResult<()> {
    let row = PartnerHistory {
        id: partner.id.clone(),
        eff_dtimes: free_instant(conn, &partner.id, stamp)?,
        policy_group_id: partner.policy_group_id.clone(),
        name: partner.name.clone(),
        address: partner.address.clone(),
        contact_no: partner.contact_no.clone(),
        email_id: partner.email_id.clone(),
        email_id_hash: partner.email_id_hash.clone(),
        certificate_alias: partner.certificate_alias.clone(),
        user_id: partner.user_id.clone(),
        partner_type_code: partner.partner_type_code.clone(),
        approval_status: partner.approval_status.clone(),
        is_active: partner.is_active,
        lang_code: partner.lang_code.clone(),
        logo_url: partner.logo_url.clone(),
        addl_info: partner.addl_info.clone(),
        cr_by: partner.cr_by.clone(),
        cr_dtimes: stamp.at,
        upd_by: partner.upd_by.clone(),
        upd_dtimes: partner.upd_dtimes,
        is_deleted: Some(partner.is_deleted.unwrap_or(false)),
    };
    diesel::insert_into(partner_h::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The time of the change, or one microsecond after the latest row that would clash with it.
fn free_instant(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<NaiveDateTime> {
    let latest: Option<NaiveDateTime> = partner_h::table
        .filter(partner_h::id.eq(id))
        .filter(partner_h::eff_dtimes.ge(stamp.at))
        .select(max(partner_h::eff_dtimes))
        .first(conn)?;
    Ok(stamp.after(latest))
}
