//! The policy that an API key is for.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::ApiKey;
use crate::Stamp;
use crate::rows::changed_by;
use crate::schema::partner_policy;

/// The key, if it is this partner's.
pub fn find_of_partner(
    conn: &mut PgConnection,
    partner_id: &str,
    key: &str,
) -> QueryResult<Option<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::policy_api_key.eq(key))
        .filter(partner_policy::part_id.eq(partner_id))
        .first(conn)
        .optional()
}

/// The key, if it is this partner's, locked until the transaction ends.
pub fn lock_of_partner(
    conn: &mut PgConnection,
    partner_id: &str,
    key: &str,
) -> QueryResult<Option<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::policy_api_key.eq(key))
        .filter(partner_policy::part_id.eq(partner_id))
        .for_update()
        .first(conn)
        .optional()
}

/// Points a key to another policy. Its start moves by microseconds where another
/// key of the partner for that policy has it, because it is part of `uk_ppol`. Its
/// label stays, whatever labels the other keys have.
///
/// # Errors
/// `NotFound` for an unknown key.
pub fn set_policy(
    conn: &mut PgConnection,
    key: &ApiKey,
    policy_id: &str,
    stamp: &Stamp,
) -> QueryResult<ApiKey> {
    let taken: Vec<NaiveDateTime> = partner_policy::table
        .filter(partner_policy::part_id.eq(&key.part_id))
        .filter(partner_policy::policy_id.eq(policy_id))
        .filter(partner_policy::policy_api_key.ne(&key.policy_api_key))
        .filter(partner_policy::valid_from_datetime.ge(key.valid_from_datetime))
        .order(partner_policy::valid_from_datetime)
        .select(partner_policy::valid_from_datetime)
        .load(conn)?;
    diesel::update(partner_policy::table.find(&key.policy_api_key))
        .set((
            partner_policy::policy_id.eq(policy_id),
            partner_policy::valid_from_datetime.eq(free_from(key.valid_from_datetime, &taken)),
            changed_by!(partner_policy, stamp),
        ))
        .returning(ApiKey::as_returning())
        .get_result(conn)
}

/// The first instant from `start` on that is not among the ascending `taken` ones.
fn free_from(start: NaiveDateTime, taken: &[NaiveDateTime]) -> NaiveDateTime {
    taken.iter().fold(start, |free, taken| {
        if *taken == free {
            free + TimeDelta::microseconds(1)
        } else {
            free
        }
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_taken_instant_is_followed_by_the_next_free_one() {
        let at = |micros| DateTime::from_timestamp_micros(micros).unwrap().naive_utc();

        assert_eq!(free_from(at(5), &[]), at(5));
        assert_eq!(free_from(at(5), &[at(6), at(9)]), at(5));
        assert_eq!(free_from(at(5), &[at(5), at(6), at(9)]), at(7));
    }
}
