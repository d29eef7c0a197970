//! The newer GET lists (contract envelope-and-search.md §10): their checks, order and pages.

use diesel::prelude::*;
use pms_domain::BusinessError;
use serde::{Deserialize, Serialize};

use super::by_key::{First, Keyed};
use super::column::{Condition, Order};
use super::entity::Maker;
use super::narrow::Narrow;
use super::totals;
use crate::DbError;
use checks::Plan;

mod api_keys;
mod approval;
mod checks;
mod devices;
mod expiring_certificates;
mod ftm_chips;
mod interfaces;
mod mapping_requests;
mod notifications;
mod partners;
mod policies;
mod revoked_certificates;
mod sort;

pub use api_keys::{ApiKeyFilter, ApiKeyItem, ApiKeyList};
pub use devices::{DeviceFilter, DeviceItem, DeviceList};
pub use expiring_certificates::{ExpiringCertificate, ExpiringCertificates, ExpiringFilter};
pub use ftm_chips::{FtmChipFilter, FtmChipItem, FtmChipList};
pub use interfaces::{DeviceCounts, InterfaceFilter, InterfaceItem, InterfaceList};
pub use mapping_requests::{MappingRequestFilter, MappingRequestItem, MappingRequestList};
pub use notifications::{NotificationFilter, NotificationItem, NotificationList};
pub use partners::{EmailFilter, PartnerFilter, PartnerItem, PartnerList};
pub use policies::{PolicyFilter, PolicyItem, PolicyList};
pub use revoked_certificates::{ListedRevocation, RevokedCertificates, RevokedFilter};
pub use sort::SortColumn;

/// Rows that are skipped before it costs much to join something to each.
const DEEP: i64 = 1000;

/// Order and page of a list, as the client wrote them. An empty number is
/// absent, an empty text is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ListQuery {
    /// Wire name of a column.
    pub sort_field_name: Option<String>,
    /// `asc` or `desc`, in any case.
    pub sort_type: Option<String>,
    /// Index of the page, from 0.
    pub page_no: Option<i64>,
    /// Rows of a page.
    pub page_size: Option<i64>,
}

/// Which checks a list makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRules {
    /// All seven.
    Partner,
    /// Those of the policy service: half an order is no order.
    Policy,
    /// Those of a list in fixed order.
    Unsorted,
}

/// Rows that can be listed. One file per list.
pub trait List: 'static {
    /// The table or join: diesel's query source.
    type Source: 'static;
    /// What the list answers for each row.
    type Row;
    /// Which checks it makes.
    const RULES: ListRules;
    /// Rows of a page unless the client says; `None` lists all rows then.
    const PAGE_SIZE: Option<i64>;

    /// Every column that clients can order by.
    fn sorts() -> &'static [SortColumn<Self::Source>];

    /// The order without one, which also ends every other: newest first, then
    /// the primary key.
    fn newest() -> Vec<Order<Self::Source>>;

    /// The primary key, for lists of many rows.
    fn keyed() -> Option<Keyed<Self::Source>> {
        None
    }

    /// Rows of a page.
    ///
    /// # Errors
    /// When the statement fails.
    fn load(conn: &mut PgConnection, narrow: Narrow<Self::Source>) -> QueryResult<Vec<Self::Row>>;

    /// Rows of all pages.
    ///
    /// # Errors
    /// When the statement fails.
    fn count(conn: &mut PgConnection, narrow: Narrow<Self::Source>) -> QueryResult<i64>;
}

/// `response` of a list (contract envelope-and-search.md §10.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListPage<R> {
    /// Index of the page, from 0.
    pub page_no: i64,
    /// Rows of a page, as asked.
    pub page_size: i64,
    /// Rows of all pages; 0 when this one has none.
    pub total_results: i64,
    /// The rows.
    pub data: Vec<R>,
}

impl<R> ListPage<R> {
    const EMPTY: Self = Self {
        page_no: 0,
        page_size: 0,
        total_results: 0,
        data: Vec::new(),
    };

    /// The wire's form, with each row in its wire form.
    pub fn map<W>(self, row: impl FnMut(R) -> W) -> ListPage<W> {
        ListPage {
            page_no: self.page_no,
            page_size: self.page_size,
            total_results: self.total_results,
            data: self.data.into_iter().map(row).collect(),
        }
    }
}

/// Makes the checks of `L` alone, for a list that must find out what its caller
/// may see after them.
///
/// # Errors
/// The contract's codes.
pub fn check<L: List>(query: &ListQuery) -> Result<(), BusinessError> {
    ordered::<L>(&checks::plan::<L>(query)?).map(drop)
}

/// Lists the rows of `L` that fulfil `conditions`; at most `most` of them at
/// once, whatever the client asks.
///
/// # Errors
/// [`DbError::Rejected`] with the contract's codes; [`DbError::Internal`] when a
/// list without pages has more than `most` rows.
pub fn list<L: List>(
    conn: &mut PgConnection,
    query: &ListQuery,
    conditions: &[Maker<L::Source>],
    most: i64,
) -> Result<ListPage<L::Row>, DbError> {
    let plan = checks::plan::<L>(query)?;
    // Orders that can be refused are, before any statement.
    ordered::<L>(&plan)?;
    let conditions = || -> Vec<_> { conditions.iter().map(|make| make()).collect() };
    let Some((page_no, page_size)) = plan.page else {
        let narrow = page::<L>(&plan, conditions(), most.saturating_add(1), 0)?;
        return all::<L>(conn, narrow, most);
    };

    let keyed = L::keyed();
    let filtered = conditions();
    let unfiltered = filtered.is_empty();
    let first = match keyed.as_ref().filter(|_| !unfiltered) {
        Some(keyed) => {
            let order = ordered::<L>(&plan)?;
            Some(keyed.first(conn, sorted(&plan, filtered), order)?)
        }
        None => None,
    };
    let total = if unfiltered {
        totals::of_all::<L>(conn, count_all::<L>)?
    } else if let Some(total) = first.as_ref().and_then(First::total) {
        total
    } else {
        L::count(conn, Narrow::by(conditions()))?
    };
    let size = page_size.min(most);
    let Some(before) = page_no.checked_mul(size).filter(|before| *before < total) else {
        return Ok(ListPage::EMPTY);
    };
    let narrow = || page::<L>(&plan, conditions(), size, before);
    let known = first.as_ref().and_then(|first| first.page(before, size));
    let narrow = match (&keyed, known) {
        (Some(keyed), Some(keys)) => keyed.rows(keys, ordered::<L>(&plan)?),
        // Over no more tables than conditions and order need.
        (Some(keyed), None) if before >= DEEP => {
            let keys = (keyed.keys)(conn, narrow()?)?;
            keyed.rows(&keys, ordered::<L>(&plan)?)
        }
        _ => narrow()?,
    };
    let data = L::load(conn, narrow)?;
    if data.is_empty() {
        return Ok(ListPage::EMPTY);
    }
    Ok(ListPage {
        page_no,
        page_size,
        total_results: total,
        data,
    })
}

fn page<L: List>(
    plan: &Plan<L::Source>,
    conditions: Vec<Condition<L::Source>>,
    limit: i64,
    offset: i64,
) -> Result<Narrow<L::Source>, BusinessError> {
    Ok(Narrow {
        conditions: sorted(plan, conditions),
        order: ordered::<L>(plan)?,
        limit: Some(limit),
        offset,
    })
}

/// The conditions, and what the order says of its rows.
fn sorted<S: 'static>(plan: &Plan<S>, mut conditions: Vec<Condition<S>>) -> Vec<Condition<S>> {
    let known = plan.sort.as_ref().and_then(|(column, _)| column.known);
    conditions.extend(known.map(|condition| condition()));
    conditions
}

fn count_all<L: List>(conn: &mut PgConnection) -> QueryResult<i64> {
    L::count(conn, Narrow::by(Vec::new()))
}

fn all<L: List>(
    conn: &mut PgConnection,
    narrow: Narrow<L::Source>,
    most: i64,
) -> Result<ListPage<L::Row>, DbError> {
    let data = L::load(conn, narrow)?;
    let rows = i64::try_from(data.len()).unwrap_or(i64::MAX);
    if rows > most {
        return Err(DbError::Internal(format!(
            "a list without pages has more than {most} rows"
        )));
    }
    Ok(ListPage {
        page_no: 0,
        page_size: rows,
        total_results: rows,
        data,
    })
}

fn ordered<L: List>(plan: &Plan<L::Source>) -> Result<Vec<Order<L::Source>>, BusinessError> {
    let mut wanted = Vec::new();
    if let Some((column, direction)) = &plan.sort {
        wanted.push(column.order(*direction)?);
    }
    wanted.extend(L::newest());
    Ok(wanted)
}
