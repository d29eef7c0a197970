//! When jobs run: cron expressions as Spring reads them, in a time zone
//! (contract clients-users-notifications.md §4.1).
//!
//! The library behind it knows more than Spring, and reads a few things
//! otherwise. Those are refused, so that an expression that is accepted means
//! what it means there. One thing is ours: where a zone's clock leaps over a
//! planned time, the run happens right after the leap, and where the clock goes
//! back, a planned time comes once. Spring leaves the first out and repeats the
//! second.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
pub use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// The expression of a job that does not run.
const OFF: &str = "-";
/// `nW` goes into the month of its day here, and is left out by Spring, where
/// the nearest weekday is in the next month.
const LAST_SURE_DAY: u32 = 27;

/// Six fields: second, minute, hour, day of month, month, day of week; a time
/// must fit all of them.
#[derive(Debug, Clone)]
pub struct Schedule {
    expression: String,
    cron: Cron,
    zone: Tz,
}

/// Why an expression can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    /// Not an expression.
    #[error("no cron expression of six fields: {0}")]
    Syntax(String),
    /// Something that is read otherwise than by Spring.
    #[error("{0} can't be used here as Spring means it; write it in another way")]
    Unlike(String),
    /// A date that no year has.
    #[error("it never comes")]
    Never,
}

/// Planned times that have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last of them.
    pub planned_at: DateTime<Utc>,
    /// The days of all of them in the zone of the schedule, oldest first.
    pub days: Vec<NaiveDate>,
}

impl Schedule {
    /// Reads an expression; `-` is none.
    ///
    /// # Errors
    /// When it is none that can be kept as Spring keeps it.
    pub fn parse(expression: &str, zone: Tz) -> Result<Option<Self>, BadSchedule> {
        let expression = expression.trim();
        if expression == OFF {
            return Ok(None);
        }
        refuse_unlike(expression)?;
        let parser = CronParser::builder()
            .seconds(Seconds::Required)
            .year(Year::Disallowed)
            .dom_and_dow(true)
            // `0/10`: from 0, every ten.
            .sloppy_ranges(true)
            .build();
        let cron = parser
            .parse(expression)
            .map_err(|error| BadSchedule::Syntax(error.to_string()))?;
        let schedule = Self {
            expression: expression.to_owned(),
            cron,
            zone,
        };
        // Any day will do: what comes once in four years is found from anywhere.
        let begin = DateTime::<Utc>::default();
        schedule.next_after(begin).ok_or(BadSchedule::Never)?;
        Ok(Some(schedule))
    }

    /// The expression, as it was written.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The first planned time after `at`.
    pub fn next_after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let found = self
            .cron
            .find_next_occurrence(&at.with_timezone(&self.zone), false);
        Some(found.ok()?.with_timezone(&Utc))
    }

    /// What is planned after `after` until `until`, that included; nothing when
    /// no planned time is in between. As long as the days between, however often
    /// a day the schedule comes.
    pub fn due(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Option<Due> {
        let mut days: Vec<NaiveDate> = Vec::new();
        let mut seen = after;
        let mut planned_at = after;
        while let Some(next) = self.next_after(seen).filter(|next| *next <= until) {
            let day = self.day_of(next);
            if days.last() != Some(&day) {
                days.push(day);
            }
            planned_at = next;
            // The rest of the day adds none.
            seen = next.max(self.end_of(day));
        }
        days.first()?;
        let last = self
            .cron
            .find_previous_occurrence(&until.with_timezone(&self.zone), true);
        Some(Due {
            planned_at: planned_at.max(last.ok()?.with_timezone(&Utc)),
            days,
        })
    }

    /// The day in the zone of the schedule.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The last second of a day.
    fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let next = day.checked_add_days(Days::new(1));
        let begin = next.and_then(|next| begin_of(next, self.zone));
        // At the end of time one planned time more is looked at.
        begin.map_or(DateTime::<Utc>::MIN_UTC, |begin| {
            begin - TimeDelta::seconds(1)
        })
    }
}

/// When a day begins in a zone: at midnight, or where the clock leaps over it,
/// right after the leap.
pub fn begin_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    // No leap is longer than a day.
    let quarters = (0..=4 * 24).map(|quarter| TimeDelta::minutes(15 * quarter));
    let mut times = quarters.filter_map(|late| {
        let local = day.and_time(NaiveTime::MIN).checked_add_signed(late)?;
        zone.from_local_datetime(&local).earliest()
    });
    Some(times.next()?.with_timezone(&Utc))
}

/// Refuses what the library reads and Spring doesn't, or otherwise.
fn refuse_unlike(expression: &str) -> Result<(), BadSchedule> {
    let unlike = |what: &str| Err(BadSchedule::Unlike(format!("{what:?}")));
    let upper = expression.to_uppercase();
    let fields: Vec<&str> = upper.split_whitespace().collect();
    for (place, field) in fields.iter().enumerate() {
        if field.starts_with('+') {
            return unlike(field);
        }
        let items: Vec<&str> = field.split(',').collect();
        for item in &items {
            let of_month = place == DAY_OF_MONTH;
            let of_week = place == DAY_OF_WEEK;
            let nearest = item.strip_suffix('W').filter(|_| of_month);
            let too_late = |day: &str| {
                let day = day.parse::<u32>();
                day.is_ok_and(|day| day > LAST_SURE_DAY)
            };
            let marked = of_week && (item.contains('#') || item.ends_with('L'));
            let refused = item.is_empty()
                || item.starts_with('/')
                || (item.contains('?') && *item != "?")
                || (of_week && *item == "L")
                || (*item == "LW" && items.len() > 1)
                || (marked && item.contains(['-', '/', '*']))
                || nearest.is_some_and(too_late);
            if refused {
                return unlike(item);
            }
        }
    }
    Ok(())
}

/// Places of fields.
const DAY_OF_MONTH: usize = 3;
const DAY_OF_WEEK: usize = 5;

#[cfg(test)]
mod tests;
