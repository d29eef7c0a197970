//! Lists whose rows a peer has: the same checks, and what the peer is asked then.

use pms_domain::BusinessError;

use super::{ListQuery, ListRules, checks};

/// A list in pages that a peer answers.
pub trait PeerList: 'static {
    /// What clients can order by, and what the peer calls it.
    const SORTS: &'static [(&'static str, &'static str)];
    /// Rows of a page unless the client says.
    const PAGE_SIZE: i64;
}

/// Order and page for the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerPage {
    /// The peer's name of what rows are ordered by; `None` for its own order.
    pub sort: Option<&'static str>,
    /// Index of the page, from 0.
    pub page_no: i64,
    /// Rows of a page.
    pub page_size: i64,
}

impl PeerPage {
    /// What the query asks of `L`.
    ///
    /// # Errors
    /// The contract's codes (contract envelope-and-search.md §10.2).
    pub fn of<L: PeerList>(query: &ListQuery) -> Result<Self, BusinessError> {
        let names = L::SORTS.iter().map(|(name, _)| *name);
        let size = Some(L::PAGE_SIZE);
        let checked = checks::check(query, ListRules::Partner, size, names)?;
        let (page_no, page_size) = checked.page.unwrap_or((0, L::PAGE_SIZE));
        let sort = checked.sort.and_then(|(index, _)| L::SORTS.get(index));
        Ok(Self {
            sort: sort.map(|(_, theirs)| *theirs),
            page_no,
            page_size,
        })
    }
}
