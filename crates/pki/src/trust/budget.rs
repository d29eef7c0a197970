//! How much work somebody else's certificates may cause.

/// Most signatures that one search for a path verifies.
pub(super) const SEARCH: usize = 100;
/// Most signatures that the paths of one upload take: fifty certificates with seven issuers each,
/// and as much again for issuers of the same name.
const UPLOAD: usize = 700;

/// Signatures that may still be verified.
#[derive(Debug)]
pub(crate) struct Budget {
    total: usize,
    search: usize,
}

impl Budget {
    /// For all certificates of one upload.
    pub(crate) fn of_upload() -> Self {
        Self {
            total: UPLOAD,
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
        let mut budget = Budget::of_upload();
        let mut spend = || {
            budget.next_search();
            let mut spent = 0;
            while budget.take() {
                spent += 1;
            }
            spent
        };

        assert!((0..UPLOAD / SEARCH).all(|_| spend() == SEARCH));
        assert_eq!(spend(), 0);
    }
}
