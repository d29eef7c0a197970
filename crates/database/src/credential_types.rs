//! Queries of `pms.partner_policy_credential_type`: which policy serves which
//! credential type of a partner.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.11"
)]

use diesel::prelude::*;

use crate::Stamp;
use crate::rows::created_by;
use crate::schema::partner_policy_credential_type;

/// A policy for a credential type of a partner, to insert.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = partner_policy_credential_type)]
pub struct NewCredentialType<'a> {
    pub part_id: &'a str,
    pub policy_id: &'a str,
    pub credential_type: &'a str,
}

/// Id of the policy for exactly this credential type of the partner; the
/// oldest, should there be several.
pub fn find_policy(
    conn: &mut PgConnection,
    partner_id: &str,
    credential_type: &str,
) -> QueryResult<Option<String>> {
    partner_policy_credential_type::table
        .filter(partner_policy_credential_type::part_id.eq(partner_id))
        .filter(partner_policy_credential_type::credential_type.eq(credential_type))
        .order((
            partner_policy_credential_type::cr_dtimes,
            partner_policy_credential_type::policy_id,
        ))
        .select(partner_policy_credential_type::policy_id)
        .first(conn)
        .optional()
}

/// Inserts an active row.
///
/// # Errors
/// A taken combination is a unique violation; an unknown partner or policy a
/// foreign key violation.
pub fn insert(
    conn: &mut PgConnection,
    new: &NewCredentialType<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::insert_into(partner_policy_credential_type::table)
        .values((
            new,
            partner_policy_credential_type::is_active.eq(true),
            created_by!(partner_policy_credential_type, stamp),
            partner_policy_credential_type::is_deleted.eq(Some(false)),
        ))
        .execute(conn)?;
    Ok(())
}
