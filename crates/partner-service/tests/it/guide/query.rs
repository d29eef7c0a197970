use diesel::prelude::*;
use pms_database::schema::partner_policy;

// The page begins here.
/// How many API keys of a partner are active. Sees one partner's keys by index.
pub fn count_active(conn: &mut PgConnection, partner_id: &str) -> QueryResult<i64> {
    partner_policy::table
        .filter(partner_policy::part_id.eq(partner_id))
        .filter(partner_policy::is_active.eq(true))
        .count()
        .get_result(conn)
}
