//! The checks of a list, in the contract's order (contract envelope-and-search.md §10.2).

use pms_domain::BusinessError;

use super::{List, ListColumn, ListQuery, ListRules};
use crate::search::errors::{
    LIST_INVALID_PAGE_NO, LIST_INVALID_PAGE_SIZE, LIST_INVALID_SORT_FIELD, LIST_INVALID_SORT_TYPE,
    LIST_PAGE_INCOMPLETE, LIST_SORT_INCOMPLETE, LIST_SORT_WITHOUT_PAGE,
    LIST_UNSUPPORTED_SORT_FIELD,
};
use crate::search::order::Direction;

/// What a list does.
pub(super) struct Plan<S: 'static> {
    pub(super) sort: Option<(&'static ListColumn<S>, Direction)>,
    /// Index and size; `None` for all rows.
    pub(super) page: Option<(i64, i64)>,
}

pub(super) fn plan<L: List>(query: &ListQuery) -> Result<Plan<L::Source>, BusinessError> {
    let page = page_of::<L>(query);
    let half_a_page =
        L::PAGE_SIZE.is_none() && query.page_no.is_some() != query.page_size.is_some();
    match L::RULES {
        ListRules::Partner => {
            let (field, kind) = (query.sort_field_name.is_some(), query.sort_type.is_some());
            refuse(field != kind, LIST_SORT_INCOMPLETE)?;
            refuse(half_a_page, LIST_PAGE_INCOMPLETE)?;
            refuse(field && page.is_none(), LIST_SORT_WITHOUT_PAGE)?;
        }
        ListRules::Unsorted => refuse(half_a_page, LIST_PAGE_INCOMPLETE)?,
        ListRules::Policy => {}
    }
    let sort = if L::RULES == ListRules::Unsorted {
        None
    } else {
        sort_of::<L>(query)?
    };
    if let Some((no, size)) = page {
        refuse(no < 0, LIST_INVALID_PAGE_NO)?;
        refuse(size <= 0, LIST_INVALID_PAGE_SIZE)?;
    }
    Ok(Plan { sort, page })
}

/// Each half of an order is checked; only a whole one orders.
#[expect(
    clippy::type_complexity,
    reason = "a column and a direction, if there are any"
)]
fn sort_of<L: List>(
    query: &ListQuery,
) -> Result<Option<(&'static ListColumn<L::Source>, Direction)>, BusinessError> {
    let column = match query.sort_field_name.as_deref() {
        Some(name) => Some(find::<L>(name)?),
        None => None,
    };
    let direction = match query.sort_type.as_deref() {
        Some(text) => {
            Some(Direction::read(text).ok_or_else(|| LIST_INVALID_SORT_TYPE.with(&[text]))?)
        }
        None => None,
    };
    Ok(column.zip(direction))
}

fn find<L: List>(name: &str) -> Result<&'static ListColumn<L::Source>, BusinessError> {
    let unknown = match L::RULES {
        ListRules::Policy => LIST_UNSUPPORTED_SORT_FIELD,
        ListRules::Partner | ListRules::Unsorted => LIST_INVALID_SORT_FIELD,
    };
    let mut sorts = L::columns().iter().filter(|column| column.sorts());
    let found = sorts.find(|column| column.name == name);
    found.ok_or_else(|| unknown.with(&[name]))
}

fn page_of<L: List>(query: &ListQuery) -> Option<(i64, i64)> {
    match L::PAGE_SIZE {
        Some(size) => Some((query.page_no.unwrap_or(0), query.page_size.unwrap_or(size))),
        None => query.page_no.zip(query.page_size),
    }
}

fn refuse(wrong: bool, error: pms_domain::ErrorDef) -> Result<(), BusinessError> {
    if wrong { Err(error.into()) } else { Ok(()) }
}
