//! How much work foreign certificates may cause.

/// Most signatures that one search for a path verifies.
pub(super) const SEARCH: usize = 100;
/// Most signatures that the paths of one upload take for each of its certificates: seven issuers,
/// and as much again for issuers of the same name.
const EACH: usize = 14;
/// As many as an upload of fifty certificates may have those with fewer.
const FEWEST: usize = 50 * EACH;

/// Signatures that may still be verified.
#[derive(Debug)]
pub(crate) struct Budget {
    total: usize,
    search: usize,
}

impl Budget {
    /// For all certificates of an upload of so many.
    pub(crate) fn of_upload(certificates: usize) -> Self {
        Self {
            total: certificates.saturating_mul(EACH).max(FEWEST),
            search: 0,
        }
    }

    /// For one certificate.
    pub(super) fn of_search() -> Self {
        Self {
            total: SEARCH,
            search: SEARCH,
        }
    }

    /// Begins the search for another certificate's path.
    pub(super) fn next_search(&mut self) {
        self.search = SEARCH.min(self.total);
    }

    /// Whether one more signature may be verified.
    pub(super) fn take(&mut self) -> bool {
        let Some(left) = self.search.checked_sub(1) else {
            return false;
        };
        self.search = left;
        self.total = self.total.saturating_sub(1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_has_its_own_limit_within_that_of_the_upload() {
        let mut budget = Budget::of_upload(1);
        let mut spend = || {
            budget.next_search();
            let mut spent = 0;
            while budget.take() {
                spent += 1;
            }
            spent
        };

        assert!((0..FEWEST / SEARCH).all(|_| spend() == SEARCH));
        assert_eq!(spend(), 0);
    }

    #[test]
    fn the_bound_rises_with_the_number_of_certificates() {
        assert_eq!(Budget::of_upload(50).total, 700);
        assert_eq!(Budget::of_upload(1000).total, 14_000);
    }
}
