//! Queries of `pms.partner_policy_bioextract`: how a partner gets biometrics.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::schema::partner_policy_bioextract;

/// Whether the partner has an extractor for the policy.
pub fn exists_for(conn: &mut PgConnection, partner_id: &str, policy_id: &str) -> QueryResult<bool> {
    diesel::select(exists(
        partner_policy_bioextract::table
            .filter(partner_policy_bioextract::part_id.eq(partner_id))
            .filter(partner_policy_bioextract::policy_id.eq(policy_id)),
    ))
    .get_result(conn)
}
