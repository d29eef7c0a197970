//! Audit notes of one caller at one instant.

use pms_database::outbox::Trail;
use pms_database::{DbError, Stamp};
use pms_domain::audit::AuditDef;

/// What a note is about: an id and its kind, or nothing in particular.
pub(crate) type Subject<'a> = Option<(&'a str, &'static str)>;

/// Writes the audit notes of a use case, all by one user at one instant.
pub(crate) struct Notes<'a> {
    trail: &'a mut Trail,
    stamp: &'a Stamp,
}

impl<'a> Notes<'a> {
    /// Notes of the stamp's author.
    pub(crate) const fn new(trail: &'a mut Trail, stamp: &'a Stamp) -> Self {
        Self { trail, stamp }
    }

    /// Notes that something happened.
    pub(crate) fn note(&mut self, def: &AuditDef, subject: Subject<'_>) {
        let (id, kind) = subject.unzip();
        self.trail
            .note(def.record(&self.stamp.by, id, kind), self.stamp.at);
    }

    /// Notes that something was refused, and gives the refusal back. A fault of
    /// the database is no refusal.
    pub(crate) fn refuse(
        &mut self,
        def: &AuditDef,
        subject: Subject<'_>,
        error: impl Into<DbError>,
    ) -> DbError {
        let failure = error.into();
        if matches!(failure, DbError::Rejected(_)) {
            self.note(def, subject);
        }
        failure
    }
}

/// A partner, by id.
pub(crate) const fn partner(id: &str) -> Subject<'_> {
    Some((id, "partnerId"))
}

/// A policy, by name.
pub(crate) const fn policy_name(name: &str) -> Subject<'_> {
    Some((name, "policyName"))
}
