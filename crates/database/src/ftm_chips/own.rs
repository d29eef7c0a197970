//! The chips of a user's own providers.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_domain::partner::types::FTM_PROVIDER;

use super::ChipCertificate;
use crate::flags::Flag as _;
use crate::partners::own_of;
use crate::schema::{ftm_certificate as certificate, ftp_chip_detail as chip, partner};

/// A chip, what is known of its provider, and of its certificate.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = chip)]
pub struct OwnChip {
    pub id: String,
    pub foundational_trust_provider_id: String,
    #[diesel(select_expression = partner::approval_status)]
    pub partner_status: String,
    #[diesel(select_expression = partner::is_active)]
    pub partner_is_active: bool,
    pub make: Option<String>,
    pub model: Option<String>,
    pub approval_status: String,
    pub is_active: bool,
    pub certificate_alias: Option<String>,
    pub cr_dtimes: NaiveDateTime,
    #[diesel(embed)]
    pub certificate: Option<ChipCertificate>,
}

/// Up to `limit` chips of the user's own FTM providers, oldest first.
pub fn list_owned(conn: &mut PgConnection, user_id: &str, limit: i64) -> QueryResult<Vec<OwnChip>> {
    let dates = certificate::certificate_id
        .nullable()
        .eq(chip::certificate_alias);
    chip::table
        .inner_join(partner::table)
        .left_join(certificate::table.on(dates))
        .filter(own_of!(user_id))
        .filter(partner::partner_type_code.eq(FTM_PROVIDER))
        .filter(chip::is_deleted.is_not_true())
        .order((chip::cr_dtimes, chip::id))
        .limit(limit)
        .select(OwnChip::as_select())
        .load(conn)
}
