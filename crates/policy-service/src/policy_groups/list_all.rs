//! `GET /policies/group/all`
//!
//! All policy groups with their policies (contract policy.md §6.5).

use std::collections::HashMap;

use actix_web::web;
use pms_database::policies::{self, Age, PolicyFacts};
use pms_database::policy_groups::{self, PolicyGroup};
use pms_database::{Connection, DbError};
use pms_runtime::runs::{Runs, of_short_rows};
use pms_web::{ApiResult, Caller, Streamed, Streaming};

use super::with_policies::GroupWithPolicies;
use crate::Context;

/// Groups of a run: they come with all their policies.
const GROUPS: i64 = 20;

/// Every policy group and its policies, oldest first.
pub(crate) async fn handle(
    _: Caller,
    streaming: Streaming,
    context: web::Data<Context>,
) -> ApiResult<Streamed<Vec<GroupWithPolicies>>> {
    let most = context.unpaged.most();
    let too_many = context.db.read(move |conn| {
        let policies = policies::more_than(conn, None, most)?;
        Ok(policies || policy_groups::more_than(conn, most)?)
    });
    context.unpaged.refuse_if(too_many.await?)?;
    let runs = Runs {
        db: context.db.clone(),
        most: GROUPS,
        read: of_short_rows(read),
        place: |(group, _): &Row| (group.cr_dtimes, group.id.clone()),
        row: GroupWithPolicies::from,
    };
    streaming.list(runs.stream().await?)
}

type Row = (PolicyGroup, Vec<PolicyFacts>);

fn read(conn: &mut Connection, after: Option<&Age>, limit: i64) -> Result<Vec<Row>, DbError> {
    let groups = policy_groups::list(conn, after, limit)?;
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let mut by_group: HashMap<String, Vec<PolicyFacts>> = HashMap::new();
    for policy in policies::list_of_groups(conn, &ids)? {
        if let Some(group_id) = policy.policy_group_id.clone() {
            by_group.entry(group_id).or_default().push(policy);
        }
    }
    let with_policies = groups.into_iter().map(|group| {
        let policies = by_group.remove(&group.id).unwrap_or_default();
        (group, policies)
    });
    Ok(with_policies.collect())
}
