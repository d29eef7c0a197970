//! The audit records of one operation.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::{Connection as _, PgConnection};
use pms_domain::audit::{AuditDef, AuditRecord, AuditStage, Subject};
use serde_json::Value;
use uuid::Uuid;

use super::writer;
use crate::{DbError, Stamp};

/// How much later than the attempt the outcome of an operation is recorded: the shortest time
/// that the records show.
const OUTCOME: TimeDelta = TimeDelta::milliseconds(1);

/// The audit records of one operation, noted as it goes, all by one user.
/// [`crate::Db::audited`] writes them with the operation's change.
///
/// Which failures are noted is one rule (contract integrations.md §3.4):
///
/// - An operation notes its attempt first and its success last.
/// - A refusal is noted where the contract names a record for it, with
///   [`AuditTrail::refuse`]; the others leave the attempt alone.
/// - A fault (the database, a lost connection, a peer's answer that is out of
///   date) is no refusal. The operation can't note it, since it may come as late
///   as the commit: what was noted as a success becomes the failure of the same
///   operation, and an operation that broke off without a word gets one.
#[derive(Debug, Clone)]
pub struct AuditTrail {
    stamp: Stamp,
    notes: Vec<Note>,
    /// The attempt that an earlier step of the same operation has stored.
    attempt: Option<Note>,
    /// What a peer must be given when the operation fails.
    undoing: Vec<ClientToUndo>,
}

/// A client that eSignet has registered or changed for an operation, which must
/// not stay so if the operation fails.
#[derive(Debug, Clone)]
struct ClientToUndo {
    client_id: String,
    /// What ends a client that is not stored; nothing for one that is, which eSignet
    /// is given as it is stored.
    unstored: Option<Value>,
}

/// One record, before it is written.
#[derive(Debug, Clone)]
struct Note {
    def: AuditDef,
    id: Option<String>,
    id_type: Option<String>,
    /// What it says instead of the catalogue's description.
    description: Option<String>,
    at: NaiveDateTime,
}

/// The attempt that a step of an operation noted, for its next step.
#[derive(Debug)]
pub struct Attempt(Option<Note>);

impl Note {
    fn failure(&self) -> Option<Self> {
        Some(Self {
            def: *self.def.failure?,
            description: None,
            ..self.clone()
        })
    }

    fn record(&self, user: &str) -> AuditRecord {
        let record = self
            .def
            .record(user, self.id.as_deref(), self.id_type.as_deref());
        match &self.description {
            Some(description) => record.described(description),
            None => record,
        }
    }
}

impl AuditTrail {
    /// A trail of what the author of `stamp` does at its time.
    pub(crate) fn new(stamp: Stamp) -> Self {
        Self {
            stamp,
            notes: Vec::new(),
            attempt: None,
            undoing: Vec::new(),
        }
    }

    /// eSignet has registered a client for this operation. When the operation is
    /// refused or fails, the client is queued to be ended there, in the transaction
    /// that stores the records: see [`writer::client_end`].
    pub fn undo_client(&mut self, client_id: &str, payload: Value) {
        self.undoing.push(ClientToUndo {
            client_id: client_id.to_owned(),
            unstored: Some(payload),
        });
    }

    /// eSignet has changed a stored client for this operation. When the operation is
    /// refused or fails, eSignet is given what is stored: see
    /// [`writer::client_update`].
    pub fn undo_client_change(&mut self, client_id: &str) {
        self.undoing.push(ClientToUndo {
            client_id: client_id.to_owned(),
            unstored: None,
        });
    }

    /// Notes a record of the catalogue about the subject.
    pub fn note(&mut self, def: AuditDef, subject: Subject<'_>) {
        self.note_at(def, subject, self.stamp.at);
    }

    /// Notes what happened at another time than that of the stamp.
    pub fn note_at(&mut self, def: AuditDef, subject: Subject<'_>, at: NaiveDateTime) {
        let (id, id_type) = subject.unzip();
        self.notes.push(Note {
            def,
            id: id.map(str::to_owned),
            id_type: id_type.map(str::to_owned),
            description: None,
            at,
        });
    }

    /// Notes that the operation is refused, and gives the refusal back. A fault
    /// of the database is no refusal and is not noted here.
    pub fn refuse(
        &mut self,
        def: AuditDef,
        subject: Subject<'_>,
        error: impl Into<DbError>,
    ) -> DbError {
        let error = error.into();
        if matches!(error, DbError::Rejected(_)) {
            self.note(def, subject);
        }
        error
    }

    /// [`AuditTrail::refuse`] with a description of the refusal: its code
    /// and text, joined by `_` (contract devices.md §8).
    pub fn refuse_with_text(
        &mut self,
        def: AuditDef,
        subject: Subject<'_>,
        error: impl Into<DbError>,
    ) -> DbError {
        let error = self.refuse(def, subject, error);
        if let (DbError::Rejected(refusal), Some(note)) = (&error, self.notes.last_mut()) {
            let description = refusal.errors().first().map(|first| {
                let (code, text) = (first.code.as_deref(), first.message.as_deref());
                format!("{}_{}", code.unwrap_or_default(), text.unwrap_or_default())
            });
            note.description = description;
        }
        error
    }

    /// The attempt that was noted here, for [`AuditTrail::resume`] in the next
    /// step of the operation.
    pub fn attempt(&self) -> Attempt {
        let is_attempt = |note: &&Note| note.def.stage == AuditStage::Attempt;
        Attempt(self.notes.iter().find(is_attempt).cloned())
    }

    /// Goes on with an operation whose attempt is stored: it is not written
    /// again, and a fault is recorded as its failure.
    pub fn resume(&mut self, attempt: Attempt) {
        self.attempt = attempt.0;
    }

    /// Says what is true after a rollback: attempts and failures stay, nothing
    /// succeeded. A fault, unlike a refusal, could not be noted by the operation
    /// itself, so that is added.
    pub(crate) fn roll_back(&mut self, error: &DbError) {
        let is = |stage: AuditStage| move |note: &&Note| note.def.stage == stage;
        let broke_off = !matches!(error, DbError::Rejected(_));
        let started = self.attempt.as_ref().or_else(|| self.notes.first());
        let failed = self
            .notes
            .iter()
            .find(is(AuditStage::Success))
            .or_else(|| started.filter(|_| broke_off))
            .and_then(Note::failure);
        self.notes
            .retain(|note| note.def.stage != AuditStage::Success);
        if !self
            .notes
            .iter()
            .any(|note| note.def.stage == AuditStage::Failure)
        {
            self.notes.extend(failed);
        }
    }

    /// Writes the records to the outbox.
    pub(crate) fn write(&self, conn: &mut PgConnection) -> Result<(), DbError> {
        let begun = self.attempt.is_some()
            || self
                .notes
                .iter()
                .any(|note| note.def.stage == AuditStage::Attempt);
        let records = self.notes.iter().map(|note| {
            // Records arrive in any order, and are read by their times.
            let is_outcome = begun && note.def.stage != AuditStage::Attempt;
            let later = if is_outcome {
                OUTCOME
            } else {
                TimeDelta::zero()
            };
            (Uuid::new_v4(), note.record(&self.stamp.by), note.at + later)
        });
        writer::audits(conn, records)
    }

    /// Writes the records apart from a change; to the log when the outbox can't
    /// take them.
    pub(crate) fn write_alone(&self, conn: &mut PgConnection) {
        if self.notes.is_empty() {
            return;
        }
        if let Err(error) = conn.transaction(|conn| self.write(conn)) {
            self.log_unstored(&error);
        }
    }

    /// Writes what is left of an operation that failed: its records, if records are
    /// `stored` and not logged, and what a peer must be given.
    pub(crate) fn write_failed(&self, conn: &mut PgConnection, stored: bool) {
        if self.undoing.is_empty() {
            if stored {
                self.write_alone(conn);
            }
            return;
        }
        let written = conn.transaction(|conn| {
            if stored {
                self.write(conn)?;
            }
            for undoing in &self.undoing {
                match &undoing.unstored {
                    Some(payload) => writer::client_end(conn, &undoing.client_id, payload)?,
                    None => writer::client_update(conn, &undoing.client_id)?,
                };
            }
            Ok::<_, DbError>(())
        });
        if let Err(error) = written {
            for undoing in &self.undoing {
                let client = &undoing.client_id;
                tracing::error!(%error, client, "eSignet has of a client what is not stored");
            }
            if stored {
                self.log();
            }
        }
    }

    /// [`AuditTrail::log`] for records that the outbox can't take.
    pub(crate) fn log_unstored(&self, error: &DbError) {
        let message = "audit records can't be stored; the log has them";
        pms_log::error(message, &error.to_string(), |line| {
            tracing::error!(%error, "{line}");
        });
        self.log();
    }

    /// Writes the records to the log target `audit`, when no one would fetch
    /// them from the outbox.
    pub(crate) fn log(&self) {
        for note in &self.notes {
            let record = note.record(&self.stamp.by);
            tracing::info!(
                target: "audit",
                event_id = record.event_id,
                user = record.user,
                id = record.id,
                id_type = record.id_type,
                description = record.description,
                "{}", record.event_name
            );
        }
    }
}
