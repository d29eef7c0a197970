//! `pms.partner_h`: what a partner was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.6"
)]

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::Timestamp;

use crate::Stamp;
use crate::functions::{INSTANT, bool_or, later, plus};
use crate::schema::{partner, partner_h};

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

/// Appends what `partner` is now, under the partner's own id: the row is copied in the
/// database. It begins at the time of the change, or one microsecond after the latest
/// row of the partner: changes are stamped before they wait for each other.
///
/// `cr_by` stays the partner's creator, so that an administrator who removes a
/// partner by its creator removes its history too.
pub(super) fn append(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<()> {
    let latest = partner_h::table
        .filter(partner_h::id.eq(id))
        .select(max(partner_h::eff_dtimes));
    let row = partner::table.find(id).select((
        partner::id,
        partner::policy_group_id,
        partner::name,
        partner::address,
        partner::contact_no,
        partner::email_id,
        partner::email_id_hash,
        partner::certificate_alias,
        partner::user_id,
        partner::partner_type_code,
        partner::approval_status,
        partner::is_active,
        partner::lang_code,
        partner::logo_url,
        partner::addl_info,
        partner::cr_by,
        partner::upd_by,
        partner::upd_dtimes,
        bool_or(partner::is_deleted, false).nullable(),
        stamp.at.into_sql::<Timestamp>(),
        later(stamp.at, plus(latest.single_value(), INSTANT)),
    ));
    row.insert_into(partner_h::table)
        .into_columns((
            partner_h::id,
            partner_h::policy_group_id,
            partner_h::name,
            partner_h::address,
            partner_h::contact_no,
            partner_h::email_id,
            partner_h::email_id_hash,
            partner_h::certificate_alias,
            partner_h::user_id,
            partner_h::partner_type_code,
            partner_h::approval_status,
            partner_h::is_active,
            partner_h::lang_code,
            partner_h::logo_url,
            partner_h::addl_info,
            partner_h::cr_by,
            partner_h::upd_by,
            partner_h::upd_dtimes,
            partner_h::is_deleted,
            partner_h::cr_dtimes,
            partner_h::eff_dtimes,
        ))
        .execute(conn)?;
    Ok(())
}
