//! `POST /misps/search`
//!
//! Searches licences (contract partner-admin.md §2.6).

use pms_database::search::Entity;
use pms_database::search::searches::MispLicences;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch, rows_of_own};
use pms_web::Caller;
use pms_web::search::Search;

use super::row::LicenceRow;
use crate::Context;

/// The search of the licences that the caller may see.
pub(crate) struct SearchLicences;

impl LegacySearch for SearchLicences {
    type Context = Context;
    type Entity = MispLicences;
    type Request = Search;
    type Found = LicenceRow;
    const AUDITS: Option<AuditPair> = None;

    fn visible(caller: Caller) -> Visible<<MispLicences as Entity>::Source> {
        rows_of_own::<MispLicences>(caller)
    }
}
