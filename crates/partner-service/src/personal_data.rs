//! Address, telephone number and e-mail of partners: sealed in the database,
//! opened for an answer (contract partner.md §1.8).

mod asking;
mod attempt;
mod cache;
mod metrics;
mod row;
mod shared_reads;

use aws_lc_rs::digest::{Context, SHA256, digest};
use pms_database::Clock;
use pms_domain::BusinessError;
use pms_integrations::KeyManager;
use pms_integrations::key_manager::{KEY_UNUSABLE, UNREACHABLE, is_sealed};
use pms_runtime::{Runtime, RuntimeError};
use pms_web::ApiError;

pub(crate) use attempt::Attempt;
use cache::{Cache, Hash};
use metrics::Reads;
use row::{MOST_COLUMNS, Row};
use shared_reads::SharedReads;

/// Seals and opens columns through the key manager.
///
/// A cipher text never changes its meaning, so rows are kept by the hash of their
/// cipher texts: bounded, and wiped when they leave. What can't be opened is kept
/// too, for a while. Requests that need the same row at once share one read.
pub(crate) struct PersonalData {
    key_manager: KeyManager,
    clock: Clock,
    cache: Cache,
    shared_reads: SharedReads,
    reads: Reads,
}

/// The columns of a row that may be sealed: [`PersonalData`] knows a row by those
/// that are, so every use case hands them in in the order address, telephone
/// number, e-mail.
pub(crate) type Columns<const N: usize> = [Option<String>; N];

/// A row with sealed columns.
#[derive(Clone, Copy)]
struct SealedRow {
    /// Its place in the request.
    place: usize,
    hash: Hash,
    /// Which columns are sealed.
    sealed: [bool; MOST_COLUMNS],
}

/// The key manager did not open these rows.
struct Closed {
    cause: BusinessError,
    rows: Vec<SealedRow>,
}

impl PersonalData {
    /// With nothing kept yet.
    ///
    /// # Errors
    /// When the metrics can't be made.
    pub(crate) fn new(runtime: &Runtime) -> Result<Self, RuntimeError> {
        let registry = runtime.edge.metrics().registry();
        let (reads, bytes) = metrics::register(registry)?;
        Ok(Self {
            key_manager: runtime.key_manager.clone(),
            clock: runtime.clock.clone(),
            cache: Cache::new(runtime.settings.personal_data.cache_bytes, bytes),
            shared_reads: SharedReads::default(),
            reads,
        })
    }

    /// Seals texts for their columns, with one call.
    ///
    /// # Errors
    /// When the key manager does not; its own error is nothing for the client.
    pub(crate) async fn seal<const N: usize>(
        &self,
        texts: [&str; N],
    ) -> Result<[String; N], ApiError> {
        let sealed = self
            .key_manager
            .encrypt(&texts)
            .await
            .map_err(|rejection| fault("personal data can't be encrypted", &rejection))?;
        <[String; N]>::try_from(sealed).map_err(|_sealed| {
            ApiError::unexpected("the key manager encrypted another number of texts")
        })
    }

    /// Opens the columns of one row. Clear text, and cipher text that the key manager
    /// can't decrypt, comes back as it is; an empty column stays empty.
    ///
    /// # Errors
    /// When the key manager can't be reached.
    pub(crate) async fn open<const N: usize>(
        &self,
        columns: Columns<N>,
    ) -> Result<Columns<N>, ApiError> {
        let mut rows = [columns];
        match self.open_in_place(&mut rows, &Attempt::default()).await {
            Ok(()) => {
                let [columns] = rows;
                Ok(columns)
            }
            Err(Closed { cause, .. }) => Err(fault("personal data can't be decrypted", &cause)),
        }
    }

    /// [`PersonalData::open`] for many rows, as far as it can be had: what is sealed is
    /// left out of the rows whose call failed, or whose key can't be opened. A key manager
    /// that can't be reached is not tried again for the same request.
    pub(crate) async fn open_readable<const N: usize>(
        &self,
        rows: Vec<Columns<N>>,
        attempt: &Attempt,
    ) -> Vec<Columns<N>> {
        let mut rows = rows;
        let closed = if attempt.gave_up() {
            self.open_known(&mut rows)
        } else {
            match self.open_in_place(&mut rows, attempt).await {
                Ok(()) => return rows,
                Err(Closed { cause, rows }) => {
                    // While it hangs, that was logged once.
                    if !self.key_manager.is_hung() {
                        let message = "personal data is left out";
                        pms_log::warn(message, &cause.to_string(), |line| {
                            tracing::warn!(error = %cause, "{line}");
                        });
                    }
                    rows
                }
            }
        };
        for row in closed {
            let columns = rows.get_mut(row.place).into_iter().flatten();
            for (column, sealed) in columns.zip(row.sealed) {
                if sealed {
                    *column = None;
                }
            }
        }
        rows
    }

    /// Opens what is kept, and returns the rest. What was opened already must not be
    /// opened again: a text that looks sealed may be what a user wrote into a
    /// profile.
    fn open_known<const N: usize>(&self, rows: &mut [Columns<N>]) -> Vec<SealedRow> {
        let (now, mut missing, mut known) = (self.clock.now(), Vec::new(), 0);
        for (place, columns) in rows.iter_mut().enumerate() {
            let Some(row) = SealedRow::of(place, columns) else {
                continue;
            };
            match self.cache.get(&row.hash) {
                Some(opened) if !opened.is_due(now) => {
                    row.fill(columns, &opened);
                    known += 1;
                }
                _ => missing.push(row),
            }
        }
        self.reads.kept.inc_by(known);
        missing
    }

    async fn open_in_place<const N: usize>(
        &self,
        rows: &mut [Columns<N>],
        attempt: &Attempt,
    ) -> Result<(), Closed> {
        const { assert!(N <= MOST_COLUMNS, "a row has no place for so many columns") };
        let mut missing = self.open_known(rows);
        while !missing.is_empty() {
            let answers = self.answers(rows, &missing, attempt).await;
            let mut left = Vec::new();
            for row in missing {
                match (answers.rows.get(&row.hash), rows.get_mut(row.place)) {
                    (Some(opened), Some(columns)) => row.fill(columns, opened),
                    _ => left.push(row),
                }
            }
            // Without a cause the request that asked for them was given up.
            if let (Some(cause), false) = (answers.cause, left.is_empty()) {
                return Err(Closed { cause, rows: left });
            }
            missing = left;
        }
        Ok(())
    }
}

/// What the key manager's refusal is for the client: nothing of its own. The log has
/// a line already of one that can't be reached, from its client or its breaker, and of a
/// key that can't be opened, from our key manager.
fn fault(what: &'static str, cause: &BusinessError) -> ApiError {
    if *cause == UNREACHABLE.into() || *cause == KEY_UNUSABLE.into() {
        return ApiError::Logged(what);
    }
    ApiError::Unexpected(format!("{what}: {cause}"))
}

impl SealedRow {
    /// `None` for a row without sealed columns.
    fn of(place: usize, columns: &[Option<String>]) -> Option<Self> {
        let mut sealed = [false; MOST_COLUMNS];
        let mut context = None;
        for (column, sealed) in columns.iter().zip(&mut sealed) {
            let Some(text) = column.as_deref().filter(|text| is_sealed(text)) else {
                continue;
            };
            *sealed = true;
            let context = context.get_or_insert_with(|| Context::new(&SHA256));
            // No cipher text has a character NUL, so no two rows give the same bytes.
            context.update(text.as_bytes());
            context.update(&[0]);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context?.finish().as_ref());
        Some(Self {
            place,
            hash,
            sealed,
        })
    }

    /// The cipher texts among the columns.
    fn texts<'a>(&self, columns: &'a [Option<String>]) -> impl Iterator<Item = &'a str> {
        let columns = columns.iter().zip(self.sealed);
        columns.filter_map(|(column, sealed)| column.as_deref().filter(|_| sealed))
    }

    /// Puts the texts of an opened row in the place of its cipher texts.
    fn fill(&self, columns: &mut [Option<String>], opened: &Row) {
        let columns = columns.iter_mut().zip(self.sealed);
        let sealed = columns.filter_map(|(column, sealed)| column.as_mut().filter(|_| sealed));
        for (number, column) in sealed.enumerate() {
            if let Some(text) = opened.column(number) {
                text.clone_into(column);
            }
        }
    }
}

/// `email_id_hash` of an address: lower-case hex SHA-256 of the lower-cased text.
pub(crate) fn email_hash(address: &str) -> String {
    hex::encode(digest(&SHA256, address.to_lowercase().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_address_ignores_case() {
        let hash = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b";

        assert_eq!(email_hash("test@example.com"), hash);
        assert_eq!(email_hash("Test@Example.COM"), hash);
    }
}
