//! How long keys live and who may use them: decisions over `key_policy_def`
//! (contract keymanager.md §4).

use chrono::{DateTime, TimeDelta, Utc};

/// A row of `key_policy_def`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPolicy {
    /// `app_id`.
    pub app_id: String,
    /// `key_validity_duration`, in days.
    pub validity_days: u16,
    /// `pre_expire_days`: how long before its end a key is no longer current.
    pub pre_expire_days: u16,
    /// `access_allowed`: `NA` for everyone, or user names with commas between.
    pub access_allowed: Option<String>,
}

/// The pre-expiry days of the key of (`app_id`, `ref_id`). Ids are compared exactly.
pub fn pre_expire_days(policies: &[KeyPolicy], app_id: &str, ref_id: &str) -> u16 {
    /// Of base keys, when there is no `BASE` row.
    const BASE_FALLBACK: u16 = 30;
    let of = |app_id: &str| {
        let row = policies.iter().find(|policy| policy.app_id == app_id);
        row.map(|policy| policy.pre_expire_days)
    };
    match of(app_id) {
        None => 0,
        Some(days) if is_master(app_id, ref_id) => days,
        Some(_) => of("BASE").unwrap_or(BASE_FALLBACK),
    }
}

/// Whether (`app_id`, `ref_id`) names a key that signs, as opposed to a base key.
pub fn is_master(app_id: &str, ref_id: &str) -> bool {
    ref_id.is_empty() || (app_id == "KERNEL" && matches!(ref_id, "SIGN" | "IDENTITY_CACHE"))
}

/// Whether a key with these dates is the current one at `now`.
pub fn is_current(
    generated: DateTime<Utc>,
    expires: DateTime<Utc>,
    pre_expire_days: u16,
    now: DateTime<Utc>,
) -> bool {
    let last = expires - TimeDelta::days(i64::from(pre_expire_days));
    now == generated || now == expires || (generated < now && now < last)
}

/// Whether `user` may use the keys of an application; `policy` is its row, if there is one.
pub fn may_use(policy: Option<&KeyPolicy>, user: &str) -> bool {
    let allowed = policy
        .and_then(|policy| policy.access_allowed.as_deref())
        .unwrap_or_default();
    let mut names = allowed
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    allowed.trim() == "NA" || names.any(|name| name.to_lowercase() == user.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(app_id: &str, pre_expire_days: u16) -> KeyPolicy {
        let access_allowed = Some("NA".to_owned());
        KeyPolicy {
            app_id: app_id.to_owned(),
            validity_days: 1460,
            pre_expire_days,
            access_allowed,
        }
    }

    #[test]
    fn base_keys_take_the_days_of_the_base_row() {
        let policies = [policy("PMS", 395), policy("KERNEL", 60), policy("BASE", 31)];
        let days = |app_id, ref_id| pre_expire_days(&policies, app_id, ref_id);

        assert_eq!((days("PMS", ""), days("PMS", "PII-DATA")), (395, 31));
        assert_eq!(
            (
                days("KERNEL", "SIGN"),
                days("PARTNER", "p1"),
                days("pms", "")
            ),
            (60, 0, 0)
        );
        assert_eq!(pre_expire_days(&policies[..1], "PMS", "PII-DATA"), 30);
    }

    #[test]
    fn a_key_stops_being_current_before_it_expires() {
        let start: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().unwrap();
        let end = start + TimeDelta::days(100);
        let current = |days| is_current(start, end, 10, start + TimeDelta::days(days));

        assert!(current(0) && current(89) && current(100));
        assert!(!current(90) && !current(-1) && !current(101));
    }

    #[test]
    fn access_is_for_everyone_or_for_those_who_are_named() {
        let named = KeyPolicy {
            access_allowed: Some("Alice, bob".into()),
            ..policy("PMS", 0)
        };
        let nobody = KeyPolicy {
            access_allowed: None,
            ..policy("PMS", 0)
        };

        assert!(may_use(Some(&policy("PMS", 0)), "anyone"));
        assert!(may_use(Some(&named), "alice") && may_use(Some(&named), "BOB"));
        assert!(!may_use(Some(&named), "carol") && !may_use(Some(&named), ""));
        assert!(!may_use(Some(&nobody), "alice") && !may_use(None, "alice"));
    }
}
