//! Opening many envelopes: grouped by session key, on as many threads as there
//! are processors.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Data;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use pms_database::DbError;
use pms_pki::envelope::Envelope;
use zeroize::Zeroizing;

use crate::keys::OwnKey;
use crate::session_keys::{Digest, SessionKeys, Unwrapping};
use crate::vault::Vault;

/// SHA-256 of the certificate that an envelope names, if it names one.
pub(crate) type Thumbprint = Option<[u8; 32]>;
/// Plain data; `None` for what can't be opened.
pub(crate) type Plain = Option<Zeroizing<Vec<u8>>>;

/// Characters of cipher text that are read and decrypted where they are: a
/// microsecond for each 500, less than it takes to give them to another thread.
const FEW: usize = 32 * 1024;
/// Most session keys that one piece of work unwraps: some 4 ms.
const KEYS_OF_A_PIECE: usize = 8;
/// Most envelopes that one piece of work opens: some 4 ms too.
const ENVELOPES_OF_A_PIECE: usize = 1024;
/// Envelopes of a row. More of them are a page, which is behind single rows.
const ENVELOPES_OF_A_ROW: usize = 4;

/// Texts, taken apart.
pub(crate) struct Parsed {
    /// In the order of the texts; `None` for what is no envelope.
    envelopes: Vec<Option<Envelope>>,
    are_few: bool,
}

impl Parsed {
    /// Takes texts apart.
    ///
    /// # Errors
    /// When there are many, and no thread is free for them.
    pub(crate) async fn of(vault: &Vault, texts: Vec<Option<String>>) -> Result<Self, DbError> {
        let characters: usize = texts.iter().flatten().map(String::len).sum();
        let are_few = characters <= FEW;
        let parse = move || -> Vec<Option<Envelope>> {
            let parsed = texts
                .iter()
                .map(|text| Envelope::parse(text.as_deref()?).ok());
            parsed.collect()
        };
        let envelopes = if are_few {
            parse()
        } else {
            vault.compute.run(parse).await?
        };
        Ok(Self { envelopes, are_few })
    }

    /// The certificates that the envelopes name, each once.
    pub(crate) fn thumbprints(&self) -> Vec<Thumbprint> {
        let envelopes = self.envelopes.iter().flatten();
        let mut named: Vec<Thumbprint> = envelopes
            .map(|envelope| envelope.thumbprint().copied())
            .collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The places of the texts whose key is among these, in order.
    pub(crate) fn places_of<V>(&self, keys: &HashMap<Thumbprint, V>) -> Vec<usize> {
        let places = self.envelopes.iter().enumerate();
        let named = places.filter(|(_, envelope)| {
            let envelope = envelope.as_ref();
            envelope.is_some_and(|envelope| keys.contains_key(&envelope.thumbprint().copied()))
        });
        named.map(|(place, _)| place).collect()
    }
}

/// An envelope with the key that opens it.
struct Job {
    /// Where its text stands in the request.
    place: usize,
    digest: Digest,
    envelope: Envelope,
    key: Arc<OwnKey>,
}

/// Opens what the keys open, in the order of the texts. `shared` says whether
/// session keys are kept for later.
///
/// A piece of work is short, and those of all pages wait for each other before they
/// wait for a thread, so that a single row is behind no more of them than run.
///
/// # Errors
/// When a thread fails.
pub(crate) async fn open_all(
    vault: &Data<Vault>,
    parsed: Parsed,
    keys: &HashMap<Thumbprint, Arc<OwnKey>>,
    shared: bool,
) -> Result<Vec<Plain>, DbError> {
    let Parsed { envelopes, are_few } = parsed;
    let mut opened: Vec<Plain> = Vec::new();
    opened.resize_with(envelopes.len(), || None);
    let jobs = jobs(envelopes, keys);
    let ready = are_few && shared;
    let known = ready.then(|| known(&vault.sessions, &jobs)).flatten();
    let done = if let Some(known) = known {
        let by_key = by_session_key(&jobs).zip(known);
        by_key
            .flat_map(|(jobs, slot)| open_group(jobs, &slot))
            .collect()
    } else {
        let (width, is_row) = (vault.compute.width(), jobs.len() <= ENVELOPES_OF_A_ROW);
        let runs = pieces(jobs, width).into_iter().map(async |piece| {
            let within = vault.clone();
            let work = move || open_piece(&within.sessions, &piece, shared);
            if is_row {
                vault.compute.run(work).await
            } else {
                vault.compute.run_piece(work).await
            }
        });
        let runs = stream::iter(runs).buffer_unordered(width);
        runs.try_concat().await?
    };
    for (place, plain) in done {
        if let Some(slot) = opened.get_mut(place) {
            *slot = plain;
        }
    }
    Ok(opened)
}

/// Sorted by session key.
fn jobs(envelopes: Vec<Option<Envelope>>, keys: &HashMap<Thumbprint, Arc<OwnKey>>) -> Vec<Job> {
    let places = envelopes.into_iter().enumerate();
    let mut jobs: Vec<Job> = places
        .filter_map(|(place, envelope)| {
            let envelope = envelope?;
            let key = keys.get(&envelope.thumbprint().copied())?;
            Some(Job {
                place,
                digest: Digest::of(&envelope, key),
                envelope,
                key: Arc::clone(key),
            })
        })
        .collect();
    jobs.sort_unstable_by_key(|job| job.digest);
    jobs
}

fn by_session_key(jobs: &[Job]) -> impl Iterator<Item = &[Job]> {
    jobs.chunk_by(|one, other| one.digest == other.digest)
}

/// The session keys of sorted jobs, when all of them were unwrapped before.
fn known(sessions: &SessionKeys, jobs: &[Job]) -> Option<Vec<Unwrapping>> {
    let digests = by_session_key(jobs).filter_map(|jobs| jobs.first());
    digests
        .map(|job| sessions.unwrapped.known(job.digest))
        .collect()
}

/// Sorted jobs in pieces for `width` threads.
fn pieces(jobs: Vec<Job>, width: usize) -> Vec<Vec<Job>> {
    let keys = by_session_key(&jobs).count();
    let most_keys = keys.div_ceil(width).clamp(1, KEYS_OF_A_PIECE);
    let most = jobs.len().div_ceil(width).clamp(1, ENVELOPES_OF_A_PIECE);
    let (mut pieces, mut piece, mut keys) = (Vec::new(), Vec::<Job>::new(), 0);
    for job in jobs {
        let is_new = piece.last().is_none_or(|last| last.digest != job.digest);
        if !piece.is_empty() && (piece.len() >= most || (is_new && keys >= most_keys)) {
            pieces.push(std::mem::take(&mut piece));
            keys = 0;
        }
        if is_new || piece.is_empty() {
            keys += 1;
        }
        piece.push(job);
    }
    pieces.push(piece);
    pieces
}

fn open_piece(sessions: &SessionKeys, piece: &[Job], shared: bool) -> Vec<(usize, Plain)> {
    let unwrapped = &sessions.unwrapped;
    let open = |jobs: &[Job]| {
        let Some(first) = jobs.first() else {
            return Vec::new();
        };
        let slot = if shared {
            unwrapped.of(first.digest, &first.envelope, &first.key)
        } else {
            unwrapped.alone(&first.envelope, &first.key)
        };
        open_group(jobs, &slot)
    };
    by_session_key(piece).flat_map(open).collect()
}

/// Opens the envelopes of one session key.
fn open_group(jobs: &[Job], slot: &Unwrapping) -> Vec<(usize, Plain)> {
    let data_key = slot.get().and_then(Option::as_ref);
    let open = |job: &Job| {
        let plain = data_key.and_then(|data_key| job.envelope.open_with(data_key, None).ok());
        (job.place, plain)
    };
    jobs.iter().map(open).collect()
}
