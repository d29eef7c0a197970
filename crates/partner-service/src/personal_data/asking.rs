//! Asking the key manager for rows that are not known.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use pms_domain::BusinessError;
use pms_integrations::key_manager::{Answer, KEY_UNUSABLE, Opened};

use super::attempt::{Attempt, Calls};
use super::cache::Hash;
use super::row::{Closure, Row};
use super::shared_reads::{Outcome, Waiter};
use super::{Columns, PersonalData, SealedRow};

/// Bytes of cipher text in one call. Only rows with very long texts have more.
const MOST_REQUESTED: usize = 2 * 1024 * 1024;

/// What is known of rows at the end.
#[derive(Default)]
pub(super) struct Answers {
    /// The rows that were opened.
    pub(super) rows: HashMap<Hash, Arc<Row>>,
    /// Why others were not.
    pub(super) cause: Option<BusinessError>,
    /// Whether not all rows were asked for, since it would be in vain.
    pub(super) gave_up: bool,
}

/// What is known of a row while it is asked for: its columns in order, `None` for
/// one that was not answered yet.
struct Pending {
    hash: Hash,
    columns: Vec<Option<Opened>>,
}

impl PersonalData {
    /// The rows among `missing` that are known at the end, and why the others are
    /// not: asked for here, or by other requests at this time.
    ///
    /// Rows are asked for some at a time, in their order. What was opened is kept and
    /// told to those that wait for it before the next ones are claimed: another request
    /// waits for a part of a page, and what a page opened before it failed, or before
    /// its client left, is not opened again.
    pub(super) async fn answers<const N: usize>(
        &self,
        rows: &[Columns<N>],
        missing: &[SealedRow],
        attempt: &Attempt,
    ) -> Answers {
        let mut answers = Answers::default();
        let mut awaited = Vec::new();
        for part in parts(missing, self.key_manager.texts_at_a_time()) {
            let waiters = self.ask_for(rows, &part, attempt, &mut answers).await;
            awaited.extend(waiters);
            if answers.gave_up {
                break;
            }
        }
        // The own reads have ended, so no two requests wait for each other.
        for (hash, waiter) in awaited {
            let Some(outcome) = waiter.outcome().await else {
                continue;
            };
            match outcome.rows.get(&hash) {
                Some(row) => {
                    answers.rows.insert(hash, Arc::clone(row));
                }
                None => answers.cause = outcome.cause.clone().or(answers.cause),
            }
        }
        answers
    }

    /// Asks for those of some rows that no other request asks for, and keeps what was
    /// opened. What others ask for is to be waited for.
    async fn ask_for<const N: usize>(
        &self,
        rows: &[Columns<N>],
        part: &[SealedRow],
        attempt: &Attempt,
        answers: &mut Answers,
    ) -> Vec<(Hash, Waiter)> {
        let now = self.clock.now();
        let look = |hash: &Hash| self.cache.get(hash).filter(|row| !row.is_due(now));
        let claims = self
            .shared_reads
            .claim(part.iter().map(|row| row.hash), look);
        answers.rows.extend(claims.known);
        let own = claims.own;
        if own.hashes.is_empty() {
            return claims.awaited;
        }
        let began = Instant::now();
        let mine: HashSet<&Hash> = own.hashes.iter().collect();
        let mine = part.iter().filter(|row| mine.contains(&row.hash));
        let (outcome, calls) = self.ask(rows, mine).await;
        let outcome = Arc::new(outcome);
        for (hash, row) in &outcome.rows {
            if row.is_worth_keeping() {
                self.cache.put(*hash, row);
            }
        }
        own.finish(Arc::clone(&outcome));
        for (hash, row) in &outcome.rows {
            answers.rows.insert(*hash, Arc::clone(row));
        }
        if outcome.cause.is_some() {
            answers.cause.clone_from(&outcome.cause);
        }
        let timeout = self.key_manager.timeout();
        answers.gave_up = attempt.note(calls, began.elapsed(), timeout);
        claims.awaited
    }

    /// Asks for rows, with as few calls as they fit into; and how those ended.
    async fn ask<'a, const N: usize>(
        &self,
        rows: &[Columns<N>],
        mine: impl Iterator<Item = &'a SealedRow>,
    ) -> (Outcome, Calls) {
        let (mut texts, mut places, mut pending) = (Vec::new(), Vec::new(), Vec::new());
        for row in mine {
            let columns = rows.get(row.place).map_or(&[][..], |columns| columns);
            // Of a row that was answered in part only the rest is asked for.
            let known = self.cache.get(&row.hash);
            let known = |number: usize| {
                let text = known.as_ref()?.column(number)?;
                Some(Opened::Text(text.to_owned().into()))
            };
            let mut answered = Vec::new();
            for (number, text) in row.texts(columns).enumerate() {
                let column = known(number);
                if column.is_none() {
                    texts.push(text);
                    places.push((pending.len(), number));
                }
                answered.push(column);
            }
            pending.push(Pending {
                hash: row.hash,
                columns: answered,
            });
        }
        let number = u64::try_from(pending.len()).unwrap_or(u64::MAX);
        self.reads.requested.inc_by(number);
        let (cause, calls) = self.fill(&texts, &places, &mut pending).await;
        let (now, mut opened) = (self.clock.now(), HashMap::with_capacity(pending.len()));
        for row in pending {
            let columns: Option<Vec<Opened>> = row.columns.into_iter().collect();
            let Some(columns) = columns else {
                self.reads.failed.inc();
                continue;
            };
            let columns = Row::of(&columns, now);
            match columns.closure() {
                None => {}
                Some(Closure::Unreadable) => self.reads.unreadable.inc(),
                Some(Closure::Refused) => self.reads.refused.inc(),
            }
            opened.insert(row.hash, Arc::new(columns));
        }
        let outcome = Outcome {
            rows: opened,
            cause,
        };
        (outcome, calls)
    }

    /// Puts what the key manager says of texts in their places. Those whose call failed,
    /// or whose key can't be opened, stay empty; why, is the result.
    async fn fill(
        &self,
        texts: &[&str],
        places: &[(usize, usize)],
        pending: &mut [Pending],
    ) -> (Option<BusinessError>, Calls) {
        let (mut places, mut cause) = (places.iter(), None);
        let mut ended = Calls::default();
        for texts in calls(texts) {
            let answers = self.key_manager.open(texts).await;
            let failed = answers.iter().filter(|answer| is_failure(answer)).count();
            let answered = answers.len() - failed;
            for (answer, (row, column)) in answers.into_iter().zip(&mut places) {
                let row = pending.get_mut(*row);
                let slot = row.and_then(|row| row.columns.get_mut(*column));
                match (answer, slot) {
                    (Ok(opened), Some(slot)) => *slot = Some(opened),
                    (Ok(_), None) => {}
                    (Err(failure), _) => cause = Some(failure),
                }
            }
            if self.key_manager.asks_for_each() {
                ended.answered += answered;
                ended.failed += failed;
            } else {
                ended.answered += answered.min(1);
                ended.failed += failed.min(1);
            }
            if failed > 0 && ended.answered == 0 {
                break;
            }
        }
        (cause, ended)
    }
}

/// Whether the call for a text failed. A key that can't be opened is an answer.
fn is_failure(answer: &Answer) -> bool {
    let failure = answer.as_ref().err();
    failure.is_some_and(|failure| *failure != KEY_UNUSABLE.into())
}

/// The rows, each once, in parts of at least one row and otherwise at most `most` texts.
fn parts(rows: &[SealedRow], most: usize) -> Vec<Vec<SealedRow>> {
    let mut seen = HashSet::with_capacity(rows.len());
    let (mut parts, mut part, mut texts) = (Vec::new(), Vec::new(), 0);
    for row in rows.iter().filter(|row| seen.insert(row.hash)) {
        let own = row.sealed.iter().filter(|sealed| **sealed).count();
        if !part.is_empty() && texts + own > most {
            parts.push(std::mem::take(&mut part));
            texts = 0;
        }
        texts += own;
        part.push(*row);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// The texts, shared out to as few calls as they fit into.
fn calls<'a, 'b>(texts: &'b [&'a str]) -> impl Iterator<Item = &'b [&'a str]> {
    let mut bytes = 0;
    texts.chunk_by(move |text, next| {
        bytes += text.len();
        let fits = bytes + next.len() <= MOST_REQUESTED;
        if !fits {
            bytes = 0;
        }
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_fit_into_one_call_share_it() {
        let quarter = "x".repeat(MOST_REQUESTED / 4);
        let sizes = |count| -> Vec<usize> {
            let texts = vec![quarter.as_str(); count];
            calls(&texts).map(<[&str]>::len).collect()
        };

        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(4), [4]);
        assert_eq!(sizes(9), [4, 4, 1]);
    }

    #[test]
    fn rows_are_asked_for_once_and_some_at_a_time() {
        let row = |number: u8, columns: usize| SealedRow {
            place: 0,
            hash: [number; 32],
            sealed: [true, columns > 1, columns > 2, false],
        };
        let sizes =
            |rows: &[SealedRow]| -> Vec<usize> { parts(rows, 6).iter().map(Vec::len).collect() };

        assert_eq!(sizes(&[]), [0; 0]);
        let wide: Vec<SealedRow> = (0..5).map(|number| row(number, 3)).collect();
        assert_eq!(sizes(&wide), [2, 2, 1]);
        let narrow: Vec<SealedRow> = (0..12).map(|number| row(number, 1)).collect();
        assert_eq!(sizes(&narrow), [6, 6]);
        let repeated = [row(1, 3), row(1, 3), row(2, 3), row(1, 3)];
        assert_eq!(sizes(&repeated), [2]);
        assert_eq!(parts(&wide, 1).len(), 5, "a row is never parted");
    }
}
