//! The checks of a list, in the contract's order (contract envelope-and-search.md §10.2).

use pms_domain::{BusinessError, ErrorDef};

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
    let sorts = || L::columns().iter().filter(|column| column.sorts());
    let names = sorts().map(|column| column.name);
    let checked = check(query, L::RULES, L::PAGE_SIZE, names)?;
    let column = |(index, direction)| sorts().nth(index).map(|column| (column, direction));
    Ok(Plan {
        sort: checked.sort.and_then(column),
        page: checked.page,
    })
}

/// An order and a page that passed the checks.
pub(super) struct Checked {
    /// Which of the names, and the direction.
    pub(super) sort: Option<(usize, Direction)>,
    /// Index and size; `None` for all rows.
    pub(super) page: Option<(i64, i64)>,
}

/// Makes the checks of a list that can be ordered by these names.
pub(super) fn check(
    query: &ListQuery,
    rules: ListRules,
    default_size: Option<i64>,
    names: impl Iterator<Item = &'static str>,
) -> Result<Checked, BusinessError> {
    let page = match default_size {
        Some(size) => Some((query.page_no.unwrap_or(0), query.page_size.unwrap_or(size))),
        None => query.page_no.zip(query.page_size),
    };
    let half_a_page =
        default_size.is_none() && query.page_no.is_some() != query.page_size.is_some();
    match rules {
        ListRules::Partner => {
            let (field, kind) = (query.sort_field_name.is_some(), query.sort_type.is_some());
            refuse(field != kind, LIST_SORT_INCOMPLETE)?;
            refuse(half_a_page, LIST_PAGE_INCOMPLETE)?;
            refuse(field && page.is_none(), LIST_SORT_WITHOUT_PAGE)?;
        }
        ListRules::Unsorted => refuse(half_a_page, LIST_PAGE_INCOMPLETE)?,
        ListRules::Policy => {}
    }
    let sort = match rules {
        ListRules::Unsorted => None,
        ListRules::Policy => sort_of(query, names, LIST_UNSUPPORTED_SORT_FIELD)?,
        ListRules::Partner => sort_of(query, names, LIST_INVALID_SORT_FIELD)?,
    };
    if let Some((no, size)) = page {
        refuse(no < 0, LIST_INVALID_PAGE_NO)?;
        refuse(size <= 0, LIST_INVALID_PAGE_SIZE)?;
    }
    Ok(Checked { sort, page })
}

/// Each half of an order is checked; only a whole one orders.
fn sort_of(
    query: &ListQuery,
    mut names: impl Iterator<Item = &'static str>,
    unknown: ErrorDef,
) -> Result<Option<(usize, Direction)>, BusinessError> {
    let index = match query.sort_field_name.as_deref() {
        Some(wanted) => {
            let found = names.position(|name| name == wanted);
            Some(found.ok_or_else(|| unknown.with(&[wanted]))?)
        }
        None => None,
    };
    let direction = match query.sort_type.as_deref() {
        Some(text) => {
            Some(Direction::read(text).ok_or_else(|| LIST_INVALID_SORT_TYPE.with(&[text]))?)
        }
        None => None,
    };
    Ok(index.zip(direction))
}

fn refuse(wrong: bool, error: ErrorDef) -> Result<(), BusinessError> {
    if wrong { Err(error.into()) } else { Ok(()) }
}
