//! `POST /misps/filtervalues`
//!
//! Lists the values of columns of licences (contract partner-admin.md §2.5).

use pms_database::search::errors::UNKNOWN_VALUES_COLUMN;
use pms_database::search::searches::MispLicences;
use pms_database::search::{Entity, ValuesRequest};
use pms_domain::BusinessError;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacyValues, rows_of_own};
use pms_web::search::Values;
use pms_web::{Caller, Scope};

use crate::Context;

/// Values of columns, among the licences that the caller may see.
pub(crate) struct FilterLicences;

impl LegacyValues for FilterLicences {
    type Context = Context;
    type Entity = MispLicences;
    type Request = Values;
    const AUDITS: Option<AuditPair> = None;

    fn visible(caller: Caller) -> Visible<<MispLicences as Entity>::Source> {
        rows_of_own::<MispLicences>(caller)
    }

    fn check(caller: &Caller, wanted: &mut ValuesRequest) -> Result<(), BusinessError> {
        // A filter without text asks for all values.
        for filter in wanted.filters.iter_mut().flatten() {
            filter.text.get_or_insert_default();
        }
        match caller.scope() {
            Scope::All => Ok(()),
            Scope::Own => refuse_keys(wanted),
        }
    }
}

/// The keys are secrets: only who administers licences may pick from them.
fn refuse_keys(request: &ValuesRequest) -> Result<(), BusinessError> {
    let mut names = request.filters.iter().flatten();
    let key = names.find_map(|filter| {
        let name = filter.column_name.as_deref()?;
        MispLicences::is_key(name).then_some(name)
    });
    match key {
        Some(name) => Err(UNKNOWN_VALUES_COLUMN.with(&[name])),
        None => Ok(()),
    }
}
