//! Asking the key manager for rows that are not known.

use std::collections::HashMap;
use std::sync::Arc;

use pms_domain::BusinessError;
use pms_integrations::key_manager::Opened;

use super::cache::Hash;
use super::row::Row;
use super::shared_reads::Outcome;
use super::{Columns, PersonalData, SealedRow};

/// Bytes of cipher text in one call. Only pages of thousands of rows have more.
const MOST_REQUESTED: usize = 2 * 1024 * 1024;

/// What is known of a row while it is asked for: its columns in order, `None` for
/// one that was not answered yet.
struct Pending {
    hash: Hash,
    columns: Vec<Option<Opened>>,
}

impl PersonalData {
    /// The rows among `missing` that are known at the end, and why the others are
    /// not: asked for here, or by other requests at this time.
    pub(super) async fn answers<const N: usize>(
        &self,
        rows: &[Columns<N>],
        missing: &[SealedRow],
    ) -> Outcome {
        let mut wanted: HashMap<Hash, SealedRow> = HashMap::with_capacity(missing.len());
        for row in missing {
            wanted.entry(row.hash).or_insert(*row);
        }
        let now = self.clock.now();
        let look = |hash: &Hash| self.cache.get(hash).filter(|row| !row.is_due(now));
        let claims = self.shared_reads.claim(wanted.keys().copied(), look);
        let mut answers = HashMap::from_iter(claims.known);
        let mut cause = None;
        let own = claims.own;
        if !own.hashes.is_empty() {
            let mine = own.hashes.iter().filter_map(|hash| wanted.get(hash));
            let outcome = Arc::new(self.ask(rows, mine).await);
            for (hash, row) in &outcome.rows {
                self.cache.put(*hash, row);
            }
            own.finish(Arc::clone(&outcome));
            answers.extend(
                outcome
                    .rows
                    .iter()
                    .map(|(hash, row)| (*hash, Arc::clone(row))),
            );
            cause.clone_from(&outcome.cause);
        }
        // The own read has ended, so no two requests wait for each other.
        for (hash, waiter) in claims.awaited {
            let Some(outcome) = waiter.outcome().await else {
                continue;
            };
            match outcome.rows.get(&hash) {
                Some(row) => {
                    answers.insert(hash, Arc::clone(row));
                }
                None => cause = outcome.cause.clone().or(cause),
            }
        }
        Outcome {
            rows: answers,
            cause,
        }
    }

    /// Asks for rows, with as few calls as they fit into.
    async fn ask<'a, const N: usize>(
        &self,
        rows: &[Columns<N>],
        mine: impl Iterator<Item = &'a SealedRow>,
    ) -> Outcome {
        let (mut texts, mut places, mut pending) = (Vec::new(), Vec::new(), Vec::new());
        for row in mine {
            let columns = rows.get(row.place).map_or(&[][..], |columns| columns);
            // Of a row that was answered in part only the rest is asked for.
            let known = self.cache.get(&row.hash);
            let known = |number: usize| {
                let text = known.as_ref()?.column(number)?;
                Some(Some(text.to_owned().into()))
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
        let cause = self.fill(&texts, &places, &mut pending).await.err();
        let now = self.clock.now();
        let complete = pending.into_iter().filter_map(|row| {
            let columns: Option<Vec<Opened>> = row.columns.into_iter().collect();
            Some((row.hash, Arc::new(Row::of(&columns?, now))))
        });
        Outcome {
            rows: complete.collect(),
            cause,
        }
    }

    async fn fill(
        &self,
        texts: &[&str],
        places: &[(usize, usize)],
        pending: &mut [Pending],
    ) -> Result<(), BusinessError> {
        let mut places = places.iter();
        for texts in calls(texts) {
            let opened = self.key_manager.open(texts).await?;
            for (text, (row, column)) in opened.into_iter().zip(&mut places) {
                let row = pending.get_mut(*row);
                if let Some(slot) = row.and_then(|row| row.columns.get_mut(*column)) {
                    *slot = Some(text);
                }
            }
        }
        Ok(())
    }
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
}
