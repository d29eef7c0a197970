//! `POST /partners/filtervalues`
//!
//! Values of columns of partners, each with the id of a partner that has it
//! (contract partner.md §4.24).

use pms_database::search::searches::Partners;
use pms_database::search::{Entity, ValuesRequest};
use pms_domain::BusinessError;
use pms_domain::partner::audits;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacyValues};
use pms_web::Caller;
use pms_web::search::Values;

use super::search::own_partners;
use crate::Context;

/// The filter values of partners.
pub struct FilterPartners;

impl LegacyValues for FilterPartners {
    type Context = Context;
    type Entity = Partners;
    type Request = Values;
    const AUDITS: Option<AuditPair> = Some((&audits::FILTER_PARTNERS, &audits::PARTNERS_FILTERED));

    fn visible(caller: Caller) -> Visible<<Partners as Entity>::Source> {
        own_partners(&caller)
    }

    /// Encrypted columns, and for all but administrators internal ones.
    fn check(caller: &Caller, wanted: &mut ValuesRequest) -> Result<(), BusinessError> {
        let filters = wanted.filters.iter().flatten();
        let optional = wanted.optional_filters.iter().flatten();
        let named = filters.filter_map(|filter| filter.column_name.as_deref());
        let compared = optional.filter_map(|filter| filter.column_name.as_deref());
        Partners::listable(named.chain(compared), caller.is_partner_admin())
    }
}
