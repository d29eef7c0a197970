//! Which of several keys is the current one.

use chrono::{DateTime, TimeDelta, Utc};
use pms_database::keys::{KeyAlias, NO_PRIVATE_KEY, StoredKey};
use pms_pki::{KeyManagerError, errors, key_life};

/// Clocks of replicas may differ by this much; without it a replica whose
/// clock is slow would not find the key that another has just made.
const CLOCK_SKEW_MINUTES: i64 = 5;

/// The current one of an application's and reference's aliases, if any.
///
/// # Errors
/// `KER-KMS-003` when there are several.
pub(crate) fn current(
    aliases: &[KeyAlias],
    pre_expire_days: u16,
    now: DateTime<Utc>,
) -> Result<Option<&KeyAlias>, KeyManagerError> {
    let mut found = aliases
        .iter()
        .filter(|alias| is_current(alias, pre_expire_days, now));
    let first = found.next();
    if found.next().is_some() {
        Err(errors::NO_UNIQUE_ALIAS)
    } else {
        Ok(first)
    }
}

/// Whether an alias is current, alone or not.
pub(crate) fn is_current(alias: &KeyAlias, pre_expire_days: u16, now: DateTime<Utc>) -> bool {
    let (from, to) = (
        alias.key_gen_dtimes.and_utc(),
        alias.key_expire_dtimes.and_utc(),
    );
    if to < now {
        return false;
    }
    let skewed = from > now && from - now <= TimeDelta::minutes(CLOCK_SKEW_MINUTES);
    key_life::is_current(if skewed { now } else { from }, to, pre_expire_days, now)
}

/// Whether the row is a certificate whose key another domain holds.
pub(crate) fn is_other_domain(row: &StoredKey) -> bool {
    row.master_key == row.id && row.private_key == NO_PRIVATE_KEY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(id: &str, from: &str, to: &str) -> KeyAlias {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().naive_utc();
        KeyAlias {
            id: id.to_owned(),
            app_id: "PMS".to_owned(),
            ref_id: String::new(),
            key_gen_dtimes: at(from),
            key_expire_dtimes: at(to),
            cert_thumbprint: None,
            uni_ident: None,
        }
    }

    #[test]
    fn the_key_of_a_replica_with_a_faster_clock_is_current() {
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let soon = [alias("a", "2026-01-01T00:04:00Z", "2028-01-01T00:00:00Z")];
        let later = [alias("a", "2026-01-01T00:06:00Z", "2028-01-01T00:00:00Z")];

        assert_eq!(current(&soon, 30, now).unwrap().unwrap().id, "a");
        assert_eq!(current(&later, 30, now), Ok(None));
    }

    #[test]
    fn a_key_that_was_ended_is_not_current_even_in_the_instant_of_its_making() {
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let ended = [alias("a", "2026-01-01T00:00:00Z", "2025-12-31T23:59:00Z")];

        assert_eq!(current(&ended, 0, now), Ok(None));
    }

    #[test]
    fn two_current_keys_are_refused() {
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let old = alias("a", "2025-01-01T00:00:00Z", "2026-06-01T00:00:00Z");
        let new = alias("b", "2025-06-01T00:00:00Z", "2028-01-01T00:00:00Z");

        assert_eq!(
            current(&[old.clone(), new.clone()], 30, now),
            Err(errors::NO_UNIQUE_ALIAS)
        );
        assert_eq!(current(&[old, new], 365, now).unwrap().unwrap().id, "b");
    }
}
