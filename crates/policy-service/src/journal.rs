//! The audit records of one operation, noted as it goes.

use pms_database::outbox::Trail;
use pms_database::{DbError, Stamp};
use pms_domain::audit::AuditDef;

/// The id that a record is about and what kind of id it is; none for `NO_ID`.
pub(crate) type Subject<'a> = Option<(&'a str, &'a str)>;

/// Notes what the author of `stamp` does.
pub(crate) struct Journal<'a> {
    trail: &'a mut Trail,
    stamp: &'a Stamp,
}

impl<'a> Journal<'a> {
    pub(crate) fn new(trail: &'a mut Trail, stamp: &'a Stamp) -> Self {
        Self { trail, stamp }
    }

    /// Notes that something happened to the subject.
    pub(crate) fn note(&mut self, audit: AuditDef, subject: Subject<'_>) {
        let (id, id_type) = subject.unzip();
        self.trail
            .note(audit.record(&self.stamp.by, id, id_type), self.stamp.at);
    }

    /// Notes why the operation ends here, and gives the error back.
    pub(crate) fn refuse(
        &mut self,
        audit: AuditDef,
        subject: Subject<'_>,
        error: impl Into<DbError>,
    ) -> DbError {
        self.note(audit, subject);
        error.into()
    }
}
