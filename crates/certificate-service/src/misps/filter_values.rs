//! POST /v1/partnermanager/misps/filtervalues
//! (contract partner-admin.md §2.5)

use actix_web::web::Data;
use pms_database::search::errors::UNKNOWN_VALUES_COLUMN;
use pms_database::search::searches::MispLicences;
use pms_database::search::{ValuesRequest, filter_values};
use pms_database::{Connection, DbError};
use pms_domain::BusinessError;
use pms_web::search::{FilterValues, Values, outcome};
use pms_web::{ApiResult, Body, Caller, Scope};

use super::scope::visible;
use crate::Context;

/// Lists values of columns, among the licences that the caller may see.
pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<Values>,
    context: Data<Context>,
) -> ApiResult<FilterValues> {
    let rules = context.search;
    let request = completed(request.into());
    let list = move |conn: &mut Connection| -> Result<_, DbError> {
        if caller.scope() == Scope::Own {
            refuse_keys(&request)?;
        }
        let scope = MispLicences::of_misps(visible(conn, &caller)?);
        filter_values::<MispLicences>(conn, &request, &scope, &rules)
    };
    let filters = outcome(context.db.read(list).await, &rules)?;
    Ok(FilterValues { filters })
}

/// A filter without text asks for all values.
fn completed(mut request: ValuesRequest) -> ValuesRequest {
    for filter in request.filters.iter_mut().flatten() {
        filter.text.get_or_insert_default();
    }
    request
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
