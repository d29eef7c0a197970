//! `GET /policies`

use actix_web::web;
use pms_database::policies;
use pms_web::{ApiResult, Caller};

use super::full::PolicyFull;
use crate::Context;

/// Every policy in any state, oldest first.
pub(crate) async fn list_all_policies(
    _: Caller,
    context: web::Data<Context>,
) -> ApiResult<Vec<PolicyFull>> {
    let limit = context.rows_to_ask();
    let found = context
        .db
        .read(move |conn| Ok(policies::list_with_group(conn, limit)?))
        .await?;
    Ok(context
        .whole(found)?
        .into_iter()
        .map(PolicyFull::in_list)
        .collect())
}
