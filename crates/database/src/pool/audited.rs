//! Work with audit records.

use diesel::PgConnection;
use diesel::connection::Connection as _;

use super::Db;
use crate::outbox::AuditTrail;
use crate::{DbError, Stamp, deadline};

impl Db {
    /// Like [`Db::transaction`], with the audit records of an operation by the
    /// author of `stamp`: they are written with the change or, when `work`, the
    /// writing or the commit fails, on their own, and then hold no success.
    ///
    /// # Errors
    /// As [`Db::transaction`].
    pub async fn audited<T, F>(&self, stamp: Stamp, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, &mut AuditTrail) -> Result<T, DbError> + Send + 'static,
    {
        self.with_trail(stamp, true, work).await
    }

    /// Like [`Db::audited`] for `work` that writes and locks nothing: no transaction is
    /// begun, which saves two round trips.
    ///
    /// # Errors
    /// As [`Db::read`], and when the records can't be written.
    pub async fn checked<T, F>(&self, stamp: Stamp, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, &mut AuditTrail) -> Result<T, DbError> + Send + 'static,
    {
        self.with_trail(stamp, false, work).await
    }

    async fn with_trail<T, F>(&self, stamp: Stamp, writes: bool, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, &mut AuditTrail) -> Result<T, DbError> + Send + 'static,
    {
        let stored = self.store_audits;
        let outcome = self
            .read(move |conn| {
                let mut trail = AuditTrail::new(stamp);
                let change = |conn: &mut PgConnection| {
                    let value = work(conn, &mut trail)?;
                    if stored {
                        trail.write(conn)?;
                    }
                    Ok(value)
                };
                let outcome = deadline::stopping(|| match writes {
                    true => conn.transaction(change),
                    false => change(conn),
                });
                if let Err(error) = &outcome {
                    trail.roll_back(error);
                }
                // When the time is over no statement is sent any more.
                let is_over = matches!(outcome, Err(DbError::OutOfTime));
                if outcome.is_err() && !is_over {
                    trail.write_failed(conn, stored);
                }
                if !stored || is_over {
                    // After the commit: the log must not record what did not happen.
                    trail.log();
                }
                outcome
            })
            .await;
        self.signal_commit();
        outcome
    }

    /// Like [`Db::read`], with the audit records of `work`, which writes nothing. They
    /// are written apart from it, to the log when they can't be stored, and fail
    /// nothing: a database that takes no writes still answers.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn noted<T, F>(&self, stamp: Stamp, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, &mut AuditTrail) -> Result<T, DbError> + Send + 'static,
    {
        let stored = self.store_audits;
        let outcome = self
            .read(move |conn| {
                let mut trail = AuditTrail::new(stamp);
                let outcome = deadline::stopping(|| work(conn, &mut trail));
                if let Err(error) = &outcome {
                    trail.roll_back(error);
                }
                let write = || {
                    trail.write_alone(conn);
                    Ok(())
                };
                // When the time is over no statement is sent any more.
                if !stored || deadline::stopping(write).is_err() {
                    trail.log();
                }
                outcome
            })
            .await;
        self.signal_commit();
        outcome
    }

    /// Writes audit records that belong to no change: of a read, or of what a
    /// peer did. They go to the log when they can't be stored, and fail nothing.
    pub async fn note(&self, stamp: Stamp, notes: impl FnOnce(&mut AuditTrail)) {
        let mut trail = AuditTrail::new(stamp);
        notes(&mut trail);
        if !self.store_audits {
            trail.log();
            return;
        }
        let written = trail.clone();
        let outcome = self.read(move |conn| {
            written.write_alone(conn);
            Ok(())
        });
        if let Err(error) = outcome.await {
            trail.log_unstored(&error);
        }
        self.signal_commit();
    }
}
