//! Totals of lists and searches, counted beside the requests.

use std::sync::Arc;

use super::Db;
use crate::DbError;
use crate::search::totals::Due;

/// Free threads that let work in the background take one.
const THREADS_TO_SPARE: usize = 2;

impl Db {
    /// Counts in the background, when a connection is free: no request waits for
    /// the count, nor for the connection that it takes.
    pub(super) fn renew_total(&self, due: Due) {
        if self.threads.spare() < THREADS_TO_SPARE {
            return;
        }
        let Some(counting) = self.totals.try_begin(due) else {
            return;
        };
        let db = self.clone();
        tokio::spawn(async move {
            let totals = Arc::clone(&db.totals);
            let counted = db.work(move |conn| Ok(totals.count(conn, &counting)?));
            if let Err(error) = counted.await {
                not_counted(&error);
            }
        });
    }

    /// Counts what a search will ask for, if no count is running and no total
    /// stands in: waits for others without holding a connection. A failure is
    /// the search's to tell.
    pub(crate) async fn count_ahead(&self, due: Due) {
        let Some(counting) = self.totals.begin_ahead(due).await else {
            return;
        };
        let totals = Arc::clone(&self.totals);
        let counted = self.work(move |conn| Ok(totals.count(conn, &counting)?));
        if let Err(error) = counted.await {
            not_counted(&error);
        }
    }
}

fn not_counted(error: &DbError) {
    pms_log::warn("a total was not counted", &error.to_string(), |line| {
        tracing::warn!(%error, "{line}");
    });
}
