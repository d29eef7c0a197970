//! What is known of the sealed columns of a row.

use chrono::{DateTime, TimeDelta, Utc};
use pms_integrations::key_manager::Opened;
use zeroize::Zeroizing;

/// Most sealed columns of a row.
pub(super) const MOST_COLUMNS: usize = 4;
/// How long a column that can't be decrypted is not asked for again: a key may have
/// come back then.
const CLOSED_FOR: TimeDelta = TimeDelta::seconds(60);

/// The texts of a row's sealed columns, in their order; wiped when dropped.
/// `Debug` is left out: they are personal.
pub(super) struct Row {
    /// All texts, one behind the other.
    text: Zeroizing<Box<str>>,
    /// Where each ends.
    ends: [u32; MOST_COLUMNS],
    /// A bit for each column that is answered as it is stored.
    closed: u8,
    /// Whether the key manager refused one of those for a reason that may be gone by now.
    refused: bool,
    /// When it was fetched.
    since: DateTime<Utc>,
}

/// Why a column is answered as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closure {
    /// No key decrypts it.
    Unreadable,
    /// The key manager refused for another reason.
    Refused,
}

impl Row {
    /// What the key manager said of the columns.
    pub(super) fn of(opened: &[Opened], now: DateTime<Utc>) -> Self {
        let columns = || opened.iter().take(MOST_COLUMNS);
        let texts = || {
            columns().filter_map(|column| match column {
                Opened::Text(text) => Some(text.as_str()),
                Opened::Closed | Opened::Refused => None,
            })
        };
        // As long as it gets: a text that grows leaves copies behind.
        let mut text = String::with_capacity(texts().map(str::len).sum());
        let (mut ends, mut closed, mut refused) = ([0; MOST_COLUMNS], 0, false);
        for ((place, column), end) in columns().enumerate().zip(&mut ends) {
            match column {
                Opened::Text(column) => text.push_str(column),
                Opened::Closed => closed |= 1 << place,
                Opened::Refused => {
                    closed |= 1 << place;
                    refused = true;
                }
            }
            *end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        }
        Self {
            text: Zeroizing::new(text.into_boxed_str()),
            ends,
            closed,
            refused,
            since: now,
        }
    }

    /// The text of a column; `None` when it could not be decrypted.
    pub(super) fn column(&self, place: usize) -> Option<&str> {
        if self.is_closed(place) {
            return None;
        }
        let end = |place: usize| usize::try_from(*self.ends.get(place)?).ok();
        let start = place.checked_sub(1).map_or(Some(0), end)?;
        self.text.get(start..end(place)?)
    }

    /// Whether a column could not be decrypted.
    pub(super) const fn is_closed(&self, place: usize) -> bool {
        self.closed & (1 << place) != 0
    }

    /// Whether a column could not be decrypted, and may be asked for again.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        let age = now - self.since;
        self.refused || (self.closed != 0 && !(TimeDelta::zero() <= age && age < CLOSED_FOR))
    }

    /// Whether something was learned of it: a text, or that there is none.
    pub(super) fn is_worth_keeping(&self) -> bool {
        !self.refused || self.length() > 0
    }

    /// Why columns are answered as they are stored, if any is.
    pub(super) fn closure(&self) -> Option<Closure> {
        match (self.closed, self.refused) {
            (0, _) => None,
            (_, true) => Some(Closure::Refused),
            (_, false) => Some(Closure::Unreadable),
        }
    }

    /// Bytes of its texts.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(texts: &[Option<&str>]) -> Vec<Opened> {
        let opened =
            |text: &Option<&str>| Opened::from(text.map(|text| Zeroizing::new(text.to_owned())));
        texts.iter().map(opened).collect()
    }

    #[test]
    fn columns_keep_their_texts_and_their_places() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let row = Row::of(
            &opened(&[Some("Straße 1"), None, Some(""), Some("700")]),
            now,
        );

        let columns: Vec<_> = (0..6).map(|place| row.column(place)).collect();

        assert_eq!(
            columns[..4],
            [Some("Straße 1"), None, Some(""), Some("700")]
        );
        assert_eq!(columns[4..], [None, None]);
        assert_eq!(row.length(), 12);
    }

    #[test]
    fn a_column_that_is_refused_is_due_at_once_and_its_row_is_kept_for_the_other_ones() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let text = || Opened::Text(Zeroizing::new("a".to_owned()));
        let of = |columns: &[Opened]| Row::of(columns, now);
        let (refused, in_part) = (of(&[Opened::Refused]), of(&[text(), Opened::Refused]));
        let closed = of(&[text(), Opened::Closed]);

        assert!(refused.is_due(now) && in_part.is_due(now) && !closed.is_due(now));
        assert!(!refused.is_worth_keeping() && in_part.is_worth_keeping());
        assert_eq!((in_part.column(0), in_part.column(1)), (Some("a"), None));
        assert_eq!(in_part.closure(), Some(Closure::Refused));
        assert_eq!(closed.closure(), Some(Closure::Unreadable));
        assert_eq!(of(&[text()]).closure(), None);
    }

    #[test]
    fn a_column_that_stays_closed_is_due_after_a_minute() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let closed = Row::of(&opened(&[Some("a"), None]), at("2026-01-01T00:01:00Z"));
        let open = Row::of(&opened(&[Some("a")]), at("2026-01-01T00:01:00Z"));

        assert!(!closed.is_due(at("2026-01-01T00:01:59Z")));
        assert!(closed.is_due(at("2026-01-01T00:02:00Z")));
        assert!(
            closed.is_due(at("2026-01-01T00:00:59Z")),
            "the clock was set back"
        );
        assert!(!open.is_due(at("2027-01-01T00:00:00Z")));
    }
}
