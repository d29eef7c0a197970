//! The newer lists of a service (contract envelope-and-search.md §10): a handler says what the
//! caller may see and how rows look, everything else is here.

use chrono::NaiveTime;
use pms_database::search::{ConditionFn, List, ListPage, Rules, list, prepare_list};
use pms_database::{Clock, Connection, Db, DbError};
use pms_web::list::{ListRequest, Page};
use pms_web::service::{EnvelopeStyle, Service};
use pms_web::{ApiError, ApiResult};
use serde::Serialize;

use crate::{Runtime, Unpaged};

/// What the lists and searches of a service work with.
pub struct Lists {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) rules: Rules,
    pub(crate) style: &'static EnvelopeStyle,
    unpaged: Unpaged,
}

/// Finds out which rows the caller may see.
type Limit<S> = Box<dyn FnOnce(&mut Connection) -> Result<Vec<ConditionFn<S>>, DbError> + Send>;

/// Which rows a caller may see.
pub enum Visible<S: 'static> {
    /// Every row.
    All,
    /// Those that fulfil what the closure answers; it may refuse.
    Only(Limit<S>),
}

impl<S: 'static> Visible<S> {
    /// The rows that fulfil what `limit` answers, after the checks of the
    /// request and on its connection.
    pub fn only(
        limit: impl FnOnce(&mut Connection) -> Result<Vec<ConditionFn<S>>, DbError> + Send + 'static,
    ) -> Self {
        Self::Only(Box::new(limit))
    }

    pub(crate) const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    pub(crate) fn conditions(self, conn: &mut Connection) -> Result<Vec<ConditionFn<S>>, DbError> {
        match self {
            Self::All => Ok(Vec::new()),
            Self::Only(limit) => limit(conn),
        }
    }
}

impl Lists {
    /// Those of `service`, with the bound of its lists without pages.
    pub fn new(runtime: &Runtime, service: &'static Service, unpaged: Unpaged) -> Self {
        Self {
            db: runtime.db.clone(),
            clock: runtime.clock.clone(),
            rules: pms_web::search::rules(service, runtime.settings.limits),
            style: service.style(),
            unpaged,
        }
    }

    /// A page of `L`, each row in its wire form.
    ///
    /// # Errors
    /// The contract's codes (contract envelope-and-search.md §10.2), those of `visible`, and too
    /// many rows for a list without pages.
    pub async fn page<L, W>(
        &self,
        request: ListRequest<L>,
        visible: Visible<L::Source>,
    ) -> ApiResult<Page<W>>
    where
        L: List,
        L::Row: Send,
        W: From<L::Row> + Serialize,
    {
        let rows = self.rows(request, visible).await?;
        Ok(Page(rows.map(W::from)))
    }

    /// [`Lists::page`] with the rows as they are stored, for a handler that has
    /// more to do with them.
    ///
    /// # Errors
    /// As [`Lists::page`].
    pub async fn rows<L>(
        &self,
        request: ListRequest<L>,
        visible: Visible<L::Source>,
    ) -> ApiResult<ListPage<L::Row>>
    where
        L: List,
        L::Row: Send,
    {
        let unpaged = request.is_unpaged();
        let most = if unpaged {
            self.unpaged.most()
        } else {
            self.rules.largest_page
        };
        let everything = visible.is_all() && request.is_unfiltered();
        if everything && !unpaged && request.check().is_ok() {
            prepare_list::<L>(&self.db).await;
        }
        let today = self.clock.now_naive().date().and_time(NaiveTime::MIN);
        let read = self.db.read(move |conn| {
            request.check()?;
            let mut conditions = visible.conditions(conn)?;
            let (order, filters) = request.into_parts(today);
            conditions.extend(filters);
            list::<L>(conn, &order, &conditions, most)
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
