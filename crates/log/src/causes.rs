//! What is counted, apart from clock and log.

use std::time::{Duration, Instant};

use tracing::Level;

/// Lines that are alike are counted for so long.
const WINDOW: Duration = Duration::from_secs(1);
/// Causes that are counted at the same time. Lines of further ones are all written.
const MOST_CAUSES: usize = 256;
/// Longest cause that is kept, in bytes. Lines with a longer one are all written.
const LONGEST_CAUSE: usize = 2048;

/// The causes of the last second.
pub(crate) struct Causes(Vec<Cause>);

struct Cause {
    level: Level,
    message: &'static str,
    cause: Box<str>,
    /// When its last line was written.
    told: Instant,
    /// Lines since then.
    lines: u64,
}

/// Lines that were not written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) level: Level,
    pub(crate) message: &'static str,
    pub(crate) cause: Box<str>,
    pub(crate) lines: u64,
}

impl Cause {
    fn counted(&mut self) -> Option<Counted> {
        let lines = std::mem::take(&mut self.lines);
        (lines > 0).then(|| Counted {
            level: self.level,
            message: self.message,
            cause: self.cause.clone(),
            lines,
        })
    }
}

impl Causes {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a line is to be written; else it is counted.
    pub(crate) fn is_new(
        &mut self,
        (level, message, cause): (Level, &'static str, &str),
        now: Instant,
    ) -> bool {
        let is_same =
            |known: &&mut Cause| known.message == message && known.cause.as_ref() == cause;
        if let Some(known) = self.0.iter_mut().find(is_same) {
            known.lines += 1;
            return false;
        }
        if self.0.len() < MOST_CAUSES && cause.len() <= LONGEST_CAUSE {
            self.0.push(Cause {
                level,
                message,
                cause: cause.into(),
                told: now,
                lines: 0,
            });
        }
        true
    }

    /// When the next number is to be told.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.0.iter().map(|cause| cause.told + WINDOW).min()
    }

    /// The numbers that are to be told now. A cause without any is forgotten.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<Counted> {
        let mut counted = Vec::new();
        self.0.retain_mut(|cause| {
            if now < cause.told + WINDOW {
                return true;
            }
            cause.told = now;
            let lines = cause.counted();
            let goes_on = lines.is_some();
            counted.extend(lines);
            goes_on
        });
        counted
    }

    /// All numbers that were not told; nothing is known after that.
    pub(crate) fn end(&mut self) -> Vec<Counted> {
        let known = std::mem::take(&mut self.0);
        known
            .into_iter()
            .filter_map(|mut cause| cause.counted())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: (Level, &str, &str) = (Level::WARN, "too busy", "no connection");
    const DOWN: (Level, &str, &str) = (Level::ERROR, "a fault", "no database");

    fn counted((level, message, cause): (Level, &'static str, &str), lines: u64) -> Counted {
        Counted {
            level,
            message,
            cause: cause.into(),
            lines,
        }
    }

    #[test]
    fn every_line_is_written_or_counted_once() {
        let (mut causes, begin) = (Causes::new(), Instant::now());
        let (mut written, mut told) = (0, 0);

        for step in 0..5000 {
            let now = begin + Duration::from_millis(step);
            written += u64::from(causes.is_new(FULL, now));
            told += causes.due(now).iter().map(|one| one.lines).sum::<u64>();
        }
        told += causes.end().iter().map(|one| one.lines).sum::<u64>();

        assert_eq!((written, told), (1, 4999));
        assert!(causes.is_empty());
    }

    #[test]
    fn other_causes_are_lines_of_their_own() {
        let (mut causes, now) = (Causes::new(), Instant::now());

        assert!(causes.is_new(FULL, now));
        assert!(causes.is_new(DOWN, now));
        assert!(causes.is_new((Level::WARN, "too busy", "no time"), now));
        assert!(causes.is_new((Level::WARN, "slow", "no connection"), now));
        for _ in 0..3 {
            assert!(!causes.is_new(DOWN, now));
        }

        assert_eq!(causes.due(now), []);
        assert_eq!(causes.next_due(), Some(now + WINDOW));
        assert_eq!(causes.due(now + WINDOW), [counted(DOWN, 3)]);
    }

    #[test]
    fn numbers_are_told_every_second_and_a_line_after_a_second_without_any_is_written() {
        let (mut causes, now) = (Causes::new(), Instant::now());

        assert!(causes.is_new(FULL, now));
        assert!(!causes.is_new(FULL, now));
        assert_eq!(causes.due(now + WINDOW), [counted(FULL, 1)]);
        assert!(!causes.is_new(FULL, now + WINDOW));
        assert_eq!(causes.due(now + WINDOW), []);
        assert_eq!(causes.due(now + 2 * WINDOW), [counted(FULL, 1)]);
        assert_eq!(causes.due(now + 3 * WINDOW), []);

        assert_eq!(causes.next_due(), None);
        assert!(causes.is_new(FULL, now + 3 * WINDOW));
    }

    #[test]
    fn what_does_not_fit_is_written() {
        let (mut causes, now) = (Causes::new(), Instant::now());
        let long = "x".repeat(LONGEST_CAUSE + 1);
        for number in 0..MOST_CAUSES {
            assert!(causes.is_new((Level::WARN, "many", &number.to_string()), now));
        }

        for _ in 0..2 {
            assert!(causes.is_new(FULL, now));
            assert!(causes.is_new((Level::WARN, "long", &long), now));
        }

        assert_eq!(causes.end(), []);
    }
}
