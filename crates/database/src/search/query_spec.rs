//! Conditions, order and page, put on any boxed query over the same rows.

use diesel::dsl::sql;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OffsetDsl, ThenOrderDsl};
use diesel::sql_types::{Bool, Nullable};

use super::column::{Condition, Order};

/// What to put on a boxed query.
pub struct QuerySpec<S: 'static> {
    pub(super) conditions: Vec<Condition<S>>,
    pub(super) order: Vec<Order<S>>,
    pub(super) limit: Option<i64>,
    pub(super) offset: i64,
    /// Whether the statement is kept prepared: there are few of its kind, and the values of
    /// its conditions make no difference for the plan.
    pub(super) kept: bool,
}

impl<S: 'static> QuerySpec<S> {
    pub(super) fn by(conditions: Vec<Condition<S>>) -> Self {
        Self {
            kept: conditions.is_empty(),
            conditions,
            order: Vec::new(),
            limit: None,
            offset: 0,
        }
    }

    /// Puts the conditions alone on `query`, for a count.
    pub fn filter<Q>(self, query: Q) -> Q
    where
        Q: FilterDsl<Condition<S>, Output = Q>,
    {
        let query = if self.kept {
            query
        } else {
            query.filter(planned_anew())
        };
        self.conditions.into_iter().fold(query, FilterDsl::filter)
    }

    /// Puts everything on `query`.
    pub fn apply<Q>(mut self, query: Q) -> Q
    where
        Q: FilterDsl<Condition<S>, Output = Q>
            + ThenOrderDsl<Order<S>, Output = Q>
            + LimitDsl<Output = Q>
            + OffsetDsl<Output = Q>,
    {
        let order = std::mem::take(&mut self.order);
        let (limit, offset) = (self.limit, self.offset);
        let mut query = order
            .into_iter()
            .fold(self.filter(query), ThenOrderDsl::then_order_by);
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        if offset > 0 {
            query = query.offset(offset);
        }
        query
    }
}

/// A condition that is always true, and whose statement is not kept prepared.
///
/// After five executions PostgreSQL may plan a kept statement once for all
/// values. It takes a pattern for a common one then, and reads a table from its
/// beginning until it has a page of matches: seconds, if there are few. Also,
/// clients choose the filters, so there is no end of statements to keep.
fn planned_anew<S: 'static>() -> Condition<S> {
    // diesel keeps no statement with a literal.
    Box::new(sql::<Nullable<Bool>>("TRUE"))
}
