//! `GET /policies`
//!
//! All policies with their groups (contract policy.md §6.14).

use actix_web::web;
use pms_database::policies::{self, Age, PolicyWithGroup};
use pms_runtime::runs::{RUN, Runs, of_short_rows};
use pms_web::{ApiResult, Caller, Streamed, Streaming};

use super::full::PolicyFull;
use crate::Context;

/// Every policy in any state, oldest first.
pub(crate) async fn handle(
    _: Caller,
    streaming: Streaming,
    context: web::Data<Context>,
) -> ApiResult<Streamed<Vec<PolicyFull>>> {
    let most = context.unpaged.most();
    let too_many = context
        .db
        .read(move |conn| Ok(policies::more_than(conn, None, most)?));
    context.unpaged.refuse_if(too_many.await?)?;
    let runs = Runs {
        db: context.db.clone(),
        most: RUN,
        read: of_short_rows(|conn, after: Option<&Age>, limit| {
            Ok(policies::list_with_group(conn, after, limit)?)
        }),
        place,
        row: PolicyFull::in_list,
    };
    streaming.list(runs.stream().await?)
}

fn place(row: &PolicyWithGroup) -> Age {
    (row.policy.cr_dtimes, row.policy.id.clone())
}
