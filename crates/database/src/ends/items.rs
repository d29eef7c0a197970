//! FTM chips, SBIs, API keys and licences that end.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_domain::device::status::APPROVED;

use super::{After, Owner, Span, is_active};
use crate::flags::Flag as _;
use crate::fresh_plan::PlannedForItsValues;
use crate::schema::{
    auth_policy, ftm_certificate, ftp_chip_detail as chip, misp_license as licence, partner,
    partner_certificate_end as certificate, partner_policy as key, policy_group,
    secure_biometric_interface as sbi,
};

/// The condition on chips that may be used.
macro_rules! chip_in_force {
    () => {{
        use crate::schema::ftp_chip_detail as chip;
        chip::approval_status
            .eq(pms_domain::device::status::APPROVED)
            .and(chip::is_active)
            .and(crate::flags::Flag::is_not_true(chip::is_deleted))
    }};
}
pub(super) use chip_in_force;

/// An FTM chip whose certificate ends.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = chip)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct EndingChip {
    #[diesel(embed)]
    pub owner: Owner,
    pub id: String,
    pub make: Option<String>,
    pub model: Option<String>,
    pub certificate_alias: Option<String>,
    #[diesel(select_expression = certificate::subject.nullable())]
    pub subject: Option<String>,
    #[diesel(select_expression = certificate::issuer.nullable())]
    pub issuer: Option<String>,
    #[diesel(select_expression = ftm_certificate::uploaded_not_after)]
    pub ends_at: NaiveDateTime,
}

/// An SBI that expires.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sbi)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]
pub struct EndingInterface {
    #[diesel(embed)]
    pub owner: Owner,
    pub id: String,
    pub sw_version: String,
    /// UTF-8.
    pub sw_binary_hash: Vec<u8>,
    pub sw_cr_dtimes: Option<NaiveDateTime>,
    pub sw_expiry_dtimes: Option<NaiveDateTime>,
}

/// An API key that expires. Derives no `Debug`: the key is a secret.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = key)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3, §2.5 and §2.8"
)]
pub struct EndingKey {
    #[diesel(embed)]
    pub owner: Owner,
    pub policy_api_key: String,
    pub label: String,
    pub policy_id: String,
    pub valid_to_datetime: Option<NaiveDateTime>,
    #[diesel(select_expression = auth_policy::name.nullable())]
    pub policy_name: Option<String>,
    #[diesel(select_expression = auth_policy::valid_to_date.nullable())]
    pub policy_ends_at: Option<NaiveDateTime>,
    #[diesel(select_expression = auth_policy::is_active.nullable())]
    pub policy_is_active: Option<bool>,
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
}

/// A licence of a MISP that expires. Derives no `Debug`: the key is a secret.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = licence)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3, §2.5 and §2.12"
)]
pub struct EndingLicence {
    #[diesel(embed)]
    pub owner: Owner,
    pub license_key: String,
    pub valid_to_date: Option<NaiveDateTime>,
    #[diesel(select_expression = auth_policy::name.nullable())]
    pub policy_name: Option<String>,
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
}

/// Approved FTM chips whose certificate, as the provider uploaded it, ends in the
/// span, by chip id.
pub fn ending_chips(
    conn: &mut PgConnection,
    (from, to): Span,
    after: After<'_>,
) -> QueryResult<Vec<EndingChip>> {
    let dates = ftm_certificate::certificate_id
        .nullable()
        .eq(chip::certificate_alias);
    chip::table
        .inner_join(partner::table)
        .inner_join(ftm_certificate::table.on(dates))
        .left_join(certificate::table.on(certificate::certificate_id.eq(chip::certificate_alias)))
        .filter(is_active!())
        .filter(chip_in_force!())
        .filter(ftm_certificate::uploaded_not_after.ge(from))
        .filter(ftm_certificate::uploaded_not_after.lt(to))
        .filter(chip::id.gt(after.key))
        .filter(PlannedForItsValues)
        .order(chip::id)
        .limit(after.limit)
        .select(EndingChip::as_select())
        .load(conn)
}

/// Approved SBIs that expire in the span, by id.
pub fn ending_interfaces(
    conn: &mut PgConnection,
    (from, to): Span,
    after: After<'_>,
) -> QueryResult<Vec<EndingInterface>> {
    sbi::table
        .inner_join(partner::table)
        .filter(is_active!())
        .filter(sbi::approval_status.eq(APPROVED))
        .filter(sbi::is_active)
        .filter(sbi::is_deleted.is_not_true())
        .filter(sbi::sw_expiry_dtimes.ge(from))
        .filter(sbi::sw_expiry_dtimes.lt(to))
        .filter(sbi::id.gt(after.key))
        .filter(PlannedForItsValues)
        .order(sbi::id)
        .limit(after.limit)
        .select(EndingInterface::as_select())
        .load(conn)
}

/// Active API keys that expire in the span, by key.
pub fn ending_keys(
    conn: &mut PgConnection,
    (from, to): Span,
    after: After<'_>,
) -> QueryResult<Vec<EndingKey>> {
    let group = auth_policy::policy_group_id.eq(policy_group::id.nullable());
    key::table
        .inner_join(partner::table)
        .left_join(auth_policy::table)
        .left_join(policy_group::table.on(group))
        .filter(is_active!())
        .filter(key::is_active)
        .filter(key::is_deleted.is_not_true())
        .filter(key::valid_to_datetime.ge(from))
        .filter(key::valid_to_datetime.lt(to))
        .filter(key::policy_api_key.gt(after.key))
        .filter(PlannedForItsValues)
        .order(key::policy_api_key)
        .limit(after.limit)
        .select(EndingKey::as_select())
        .load(conn)
}

/// Active licences that expire in the span, by key.
pub fn ending_licences(
    conn: &mut PgConnection,
    (from, to): Span,
    after: After<'_>,
) -> QueryResult<Vec<EndingLicence>> {
    let policy = licence::policy_id.eq(auth_policy::id.nullable());
    let group = auth_policy::policy_group_id.eq(policy_group::id.nullable());
    licence::table
        .inner_join(partner::table)
        .left_join(auth_policy::table.on(policy))
        .left_join(policy_group::table.on(group))
        .filter(is_active!())
        .filter(licence::is_active)
        .filter(licence::is_deleted.is_not_true())
        .filter(licence::valid_to_date.ge(from))
        .filter(licence::valid_to_date.lt(to))
        .filter(licence::license_key.gt(after.key))
        .filter(PlannedForItsValues)
        .order(licence::license_key)
        .limit(after.limit)
        .select(EndingLicence::as_select())
        .load(conn)
}
