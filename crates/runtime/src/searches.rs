//! The older searches and filter values of all services (contract envelope-and-search.md §8–§9):
//! one handler for each, over what a use case says about itself.

use std::ops::Deref;

use actix_web::web::Data;
use pms_database::search::{
    Entity, Filter, Found, OfPartners, Rules, SearchRequest, ValuesRequest,
    filter_values as list_values, prepare_search, search as find,
};
use pms_database::{Connection, DbError, Stamp, partners};
use pms_domain::BusinessError;
use pms_domain::audit::AuditDef;
use pms_web::search::{FilterValues, Page, Search, outcome};
use pms_web::{ApiResult, Body, Caller, Request, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::{BaseContext, Lists, Visible};

/// The audit records of a search: before it, and after it succeeded.
pub type AuditPair = (&'static AuditDef, &'static AuditDef);

/// The rows of an entity.
type RowOf<E> = <E as Entity>::Row;
/// Which rows of an entity a caller may see.
type VisibleOf<E> = Visible<<E as Entity>::Source>;

/// The rows of the caller's own partners; all, for a caller who may see all here.
pub fn rows_of_own<E: OfPartners>(caller: Caller) -> VisibleOf<E> {
    match caller.scope() {
        Scope::All => Visible::All,
        Scope::Own => Visible::only(move |conn| {
            let own = partners::owned_by(conn, caller.user_id())?;
            Ok(vec![E::of_partners(own)])
        }),
    }
}

/// A legacy search, as data; [`search`] is its handler.
pub trait LegacySearch: 'static {
    /// What the service's use cases work with.
    type Context: Deref<Target = BaseContext> + 'static;
    /// What is searched: columns, default order.
    type Entity: Entity<Row: Send>;
    /// `request`.
    type Request: SearchBody;
    /// A row that was found, as the wire shows it.
    type Found: From<RowOf<Self::Entity>> + Serialize + ToSchema;

    /// What is noted about it, if anything.
    const AUDITS: Option<AuditPair>;

    /// Which rows the caller may see.
    fn visible(_caller: Caller) -> VisibleOf<Self::Entity> {
        Visible::All
    }

    /// The rows with what must be asked elsewhere.
    fn completed(
        _context: &Self::Context,
        rows: Vec<RowOf<Self::Entity>>,
    ) -> impl Future<Output = Vec<RowOf<Self::Entity>>> {
        std::future::ready(rows)
    }
}

/// `request` of a legacy search.
pub trait SearchBody: Request + DeserializeOwned + ToSchema + Send + 'static {
    /// The search, and the filter that another member stands for.
    fn into_search(self) -> (Search, Option<Filter>);
}

impl SearchBody for Search {
    fn into_search(self) -> (Search, Option<Filter>) {
        (self, None)
    }
}

/// Filter values of an entity, as data; [`filter_values`] is their handler.
pub trait LegacyValues: 'static {
    /// What the service's use cases work with.
    type Context: Deref<Target = BaseContext> + 'static;
    /// Whose columns have the values.
    type Entity: Entity;
    /// `request`.
    type Request: Request + DeserializeOwned + ToSchema + Into<ValuesRequest> + 'static;

    /// What is noted about it, if anything.
    const AUDITS: Option<AuditPair>;

    /// Which rows the caller may see.
    fn visible(_caller: Caller) -> VisibleOf<Self::Entity> {
        Visible::All
    }

    /// Refuses columns that the caller must not list, before all other checks.
    ///
    /// # Errors
    /// The code for the column.
    fn check(_caller: &Caller, _wanted: &mut ValuesRequest) -> Result<(), BusinessError> {
        Ok(())
    }
}

/// The handler of a legacy search.
///
/// # Errors
/// The contract's codes (contract envelope-and-search.md §8.4), those of the search itself.
pub async fn search<S: LegacySearch>(
    caller: Caller,
    Body(request): Body<S::Request>,
    context: Data<S::Context>,
) -> ApiResult<Page<S::Found>> {
    let context: &S::Context = &context;
    let lists = &context.lists;
    let (rules, filled) = (lists.rules, lists.style.fills_searches);
    let by = caller.user_id().to_owned();
    let visible = S::visible(caller);
    let (search, extra) = request.into_search();
    let filtered = extra.is_some() || search.filters.as_ref().is_some_and(|all| !all.is_empty());
    if !filtered && visible.is_all() && S::Entity::IN_PAGES {
        prepare_search::<S::Entity>(&lists.db).await;
    }
    let work = move |conn: &mut Connection| {
        let mut wanted = if filled {
            search.completed()
        } else {
            search.complete(rules.neutral)?
        };
        wanted.filters.get_or_insert_default().extend(extra);
        run::<S>(conn, wanted, visible, &rules)
    };
    let mut found =
        outcome(lists.noted(S::AUDITS, &by, work).await, &rules)?.unwrap_or_else(Found::nothing);
    found.rows = S::completed(context, found.rows).await;
    Ok(Page(if S::Entity::IN_PAGES {
        found.into_page(S::Found::from)
    } else {
        found.into_whole(S::Found::from)
    }))
}

/// `None` when the filters can't find anything.
fn run<S: LegacySearch>(
    conn: &mut Connection,
    wanted: SearchRequest,
    visible: VisibleOf<S::Entity>,
    rules: &Rules,
) -> Result<Option<Found<RowOf<S::Entity>>>, DbError> {
    let filters = wanted.filters.as_deref().unwrap_or_default();
    if S::Entity::finds_nothing(conn, filters)? {
        return Ok(None);
    }
    let scope = visible.conditions(conn)?;
    find::<S::Entity>(conn, wanted, scope, rules).map(Some)
}

/// The handler of filter values.
///
/// # Errors
/// The contract's codes (contract envelope-and-search.md §9), those of the columns' own checks.
pub async fn filter_values<V: LegacyValues>(
    caller: Caller,
    Body(request): Body<V::Request>,
    context: Data<V::Context>,
) -> ApiResult<FilterValues> {
    let context: &V::Context = &context;
    let lists = &context.lists;
    let rules = lists.rules;
    let by = caller.user_id().to_owned();
    let mut wanted: ValuesRequest = request.into();
    let work = move |conn: &mut Connection| {
        V::check(&caller, &mut wanted)?;
        let scope = V::visible(caller).conditions(conn)?;
        list_values::<V::Entity>(conn, &wanted, &scope, &rules).map(Some)
    };
    let values = outcome(lists.noted(V::AUDITS, &by, work).await, &rules)?;
    Ok(FilterValues {
        filters: values.unwrap_or_default(),
    })
}

impl Lists {
    /// Reads, and notes apart from it that it began and, if so, that something could
    /// be found.
    async fn noted<T: Send + 'static>(
        &self,
        audits: Option<AuditPair>,
        by: &str,
        work: impl FnOnce(&mut Connection) -> Result<Option<T>, DbError> + Send + 'static,
    ) -> Result<Option<T>, DbError> {
        let Some((begins, succeeded)) = audits else {
            return self.db.read(work).await;
        };
        let stamp = Stamp::new(by, self.clock.now_naive());
        let noted = self.db.noted(stamp, move |conn, trail| {
            trail.note(*begins, None);
            let found = work(conn)?;
            if found.is_some() {
                trail.note(*succeeded, None);
            }
            Ok(found)
        });
        noted.await
    }
}
