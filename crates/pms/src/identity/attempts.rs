//! Slows down those who guess passwords.

use chrono::{DateTime, TimeDelta, Utc};

use super::bounded::Bounded;

/// Wrong passwords a user name may collect within a minute.
const MAX_FAILURES: u32 = 10;

/// User names remembered.
const MAX_NAMES: usize = 10_000;

/// Failed logins by user name, in windows of a minute.
pub(super) struct Attempts(Bounded<String, Window>);

struct Window {
    began: DateTime<Utc>,
    failures: u32,
}

impl Window {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        now - self.began >= TimeDelta::minutes(1)
    }
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self(Bounded::new(MAX_NAMES))
    }

    /// Whether the name may try (again) now, even with the right password.
    pub(super) fn allowed(&self, name: &str, now: DateTime<Utc>) -> bool {
        self.0.with(|windows| {
            windows
                .get(name)
                .is_none_or(|window| window.is_over(now) || window.failures < MAX_FAILURES)
        })
    }

    /// Counts a wrong password.
    pub(super) fn failed(&self, name: &str, now: DateTime<Utc>) {
        let fresh = || Window {
            began: now,
            failures: 0,
        };
        self.0.with(|windows| {
            let window = windows.get_or_insert_mut(name.to_owned(), fresh);
            if window.is_over(now) {
                *window = fresh();
            }
            window.failures = window.failures.saturating_add(1);
        });
    }

    /// Forgets the failures of a name that logged in.
    pub(super) fn succeeded(&self, name: &str) {
        self.0.with(|windows| windows.pop(name));
    }
}
