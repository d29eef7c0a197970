//! The request that work serves, so that what it queues can be traced to it.

use std::future::Future;
use std::sync::Arc;

tokio::task_local! {
    static ID: Option<Arc<str>>;
}

/// Does `work` on behalf of the request with this id.
pub async fn serving<T>(id: Option<Arc<str>>, work: impl Future<Output = T>) -> T {
    ID.scope(id, work).await
}

/// As [`serving`] on a thread of the database.
pub(crate) fn on_this_thread<T>(id: Option<Arc<str>>, work: impl FnOnce() -> T) -> T {
    ID.sync_scope(id, work)
}

/// The id of the request that is being served; nothing elsewhere, as in jobs.
pub(crate) fn id() -> Option<Arc<str>> {
    ID.try_with(Option::clone).ok().flatten()
}
