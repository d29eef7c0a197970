//! `GET /policies/group/{policygroupId}`
//!
//! A policy group with its policies (contract policy.md §6.4).

use actix_web::web;
use pms_database::policies::{self, PolicyFacts};
use pms_database::policy_groups;
use pms_domain::policy::errors::GROUP_UNKNOWN;
use pms_runtime::runs::{RUN, Runs, of_short_rows};
use pms_web::{ApiResult, Caller, Streamed, Streaming};

use super::with_policies::GroupWithPolicies;
use crate::Context;
use crate::policies::GroupPolicy;

/// A policy group, active or not, and its policies.
pub(crate) async fn handle(
    _: Caller,
    group_id: web::Path<String>,
    streaming: Streaming,
    context: web::Data<Context>,
) -> ApiResult<Streamed<GroupWithPolicies>> {
    let (id, most) = (group_id.into_inner(), context.unpaged.most());
    let wanted = id.clone();
    let read = context.db.read(move |conn| {
        let group = policy_groups::find(conn, &wanted)?.ok_or(GROUP_UNKNOWN)?;
        let too_many = policies::more_than(conn, Some(&group.id), most)?;
        Ok((group, too_many))
    });
    let (group, too_many) = read.await?;
    context.unpaged.refuse_if(too_many)?;
    let runs = Runs {
        db: context.db.clone(),
        most: RUN,
        read: of_short_rows(move |conn, after, limit| {
            Ok(policies::list_of_group(conn, &id, after, limit)?)
        }),
        place: |policy: &PolicyFacts| (policy.cr_dtimes, policy.id.clone()),
        row: GroupPolicy::from,
    };
    let whole = GroupWithPolicies {
        policy_group: group.into(),
        policies: Vec::new(),
    };
    streaming.within(&whole, runs.stream().await?)
}
