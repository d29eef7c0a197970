//! The one source of `now`, which tests can set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, Utc};

/// Tells the time in UTC, with microseconds, as the database stores it.
///
/// Cloning is cheap, and clones of a [`Clock::fixed`] share their time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since 1970 when set by a test; `None` is the system's time.
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's time.
    pub const fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that stands still at `at` until [`Clock::set`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self {
            fixed: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))),
        }
    }

    /// Moves a fixed clock; a system clock stays as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(fixed) = &self.fixed {
            fixed.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// The present instant, cut to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let micros = match &self.fixed {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            None => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// The present instant as the zone-less UTC value of a `timestamp` column.
    pub fn now_naive(&self) -> NaiveDateTime {
        self.now().naive_utc()
    }
}
