//! `POST /partners/apikey/request/filtervalues`
//!
//! Values of columns of mapping requests, each with the id of a mapping request
//! that has it (contract partner.md §4.25).

use pms_database::search::Entity;
use pms_database::search::searches::MappingRequests;
use pms_domain::partner::audits;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacyValues, rows_of_own};
use pms_web::Caller;
use pms_web::search::Values;

use crate::Context;

/// The filter values of mapping requests.
pub struct FilterMappings;

impl LegacyValues for FilterMappings {
    type Context = Context;
    type Entity = MappingRequests;
    type Request = Values;
    const AUDITS: Option<AuditPair> = Some((&audits::FILTER_MAPPINGS, &audits::MAPPINGS_FILTERED));

    fn visible(caller: Caller) -> Visible<<MappingRequests as Entity>::Source> {
        rows_of_own::<MappingRequests>(caller)
    }
}
