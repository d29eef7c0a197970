//! What an import did.

/// Rows of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// New here.
    pub added: u64,
    /// Changed here.
    pub changed: u64,
    /// Here before, and as they should be.
    pub present: u64,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Key policies.
    pub policies: Tally,
    /// Certificates of authorities.
    pub authorities: Tally,
    /// Certificates of partners.
    pub partners: Tally,
    /// Master keys.
    pub master_keys: Tally,
    /// Base keys.
    pub base_keys: Tally,
    /// Certificates of other domains.
    pub other_domains: Tally,
    /// Keys of ours that were ended because imported ones serve in their place.
    pub ended: Vec<String>,
    /// What was left out, and what that means.
    pub skipped: Vec<String>,
    /// What the operator should know besides.
    pub remarks: Vec<String>,
}

impl ImportReport {
    /// Whether anything is different now.
    pub fn changes_anything(&self) -> bool {
        let tallies = [
            self.policies,
            self.authorities,
            self.partners,
            self.master_keys,
            self.base_keys,
            self.other_domains,
        ];
        let changed = tallies
            .iter()
            .any(|tally| tally.added > 0 || tally.changed > 0);
        changed || !self.ended.is_empty()
    }
}
