//! How the older searches of policies and of groups answer.

use pms_database::search::Rules;
use pms_web::search;
use pms_web::service::POLICY;

use crate::Context;

impl Context {
    /// Most rows of one page, whatever a client asks.
    pub(crate) fn largest_page(&self) -> i64 {
        self.search_rules().largest_page
    }

    /// How searches answer here.
    pub(crate) fn search_rules(&self) -> Rules {
        search::rules(&POLICY, self.limits)
    }
}
