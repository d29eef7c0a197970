//! The audit records of one use case.

use chrono::NaiveDateTime;
use diesel::PgConnection;
use pms_domain::audit::AuditRecord;

use super::writer;
use crate::DbError;

/// Collects the audit records of a use case; [`crate::Db::audited`] writes
/// them with its change, or alone when the use case is refused.
#[derive(Debug, Default)]
pub struct Trail {
    records: Vec<(AuditRecord, NaiveDateTime)>,
}

impl Trail {
    /// Notes that something happened at `at`.
    pub fn note(&mut self, record: AuditRecord, at: NaiveDateTime) {
        self.records.push((record, at));
    }

    /// Writes the records to the outbox.
    pub(crate) fn write(&self, conn: &mut PgConnection) -> Result<(), DbError> {
        for (record, at) in &self.records {
            writer::audit(conn, record, *at)?;
        }
        Ok(())
    }

    /// Writes the records to the log target `audit`, when nobody would fetch
    /// them from the outbox.
    pub(crate) fn log(&self) {
        for (record, _) in &self.records {
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

    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}
