//! The newer lists: pages, or all rows up to the bound of lists without pages
//! (contract envelope-and-search.md §10).

use pms_database::search::{List, ListPage, ListQuery, Maker, check_list, list};
use pms_database::{Connection, DbError};
use pms_web::{ApiError, ApiResult};

use crate::Context;

impl Context {
    /// The rows of `L` that `conditions` leave. They are made after the checks
    /// of the query, and may refuse.
    ///
    /// # Errors
    /// The contract's codes, those of `conditions`, too many rows for a list
    /// without pages.
    pub(crate) async fn list<L>(
        &self,
        query: ListQuery,
        conditions: impl FnOnce(&mut Connection) -> Result<Vec<Maker<L::Source>>, DbError>
        + Send
        + 'static,
    ) -> ApiResult<ListPage<L::Row>>
    where
        L: List,
        L::Row: Send,
    {
        let unpaged = L::PAGE_SIZE.is_none() && query.page_no.is_none();
        let most = if unpaged {
            self.unpaged.most()
        } else {
            self.search_rules.largest_page
        };
        let read = self.db.read(move |conn| {
            check_list::<L>(&query)?;
            let conditions = conditions(conn)?;
            list::<L>(conn, &query, &conditions, most)
        });
        match read.await {
            // The only fault of a list itself: it has too many rows.
            Err(DbError::Internal(cause)) if unpaged => {
                self.unpaged.refuse_if(true)?;
                Err(ApiError::Unexpected(cause))
            }
            other => Ok(other?),
        }
    }
}
