//! Several administrators at the same policy at the same time.

use std::collections::BTreeMap;

use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const DEACTIVATE: &str = "mosip.pms.deactivate.policy.patch";

async fn publish(app: &Stage, who: &Who, policy_id: &str, group_id: &str) -> Reply {
    let path = path(&format!("/policies/{policy_id}/group/{group_id}/publish"));
    app.send(who, "POST", &path, None).await
}

async fn update(app: &Stage, who: &Who, policy_id: &str, desc: &str) -> Reply {
    let request = with(&draft(policy_id, "group"), "desc", json!(desc));
    let path = path(&format!("/policies/{policy_id}"));
    app.put(who, &path, &app.v1(&request)).await
}

async fn deactivate(app: &Stage, who: &Who, policy_id: &str) -> Reply {
    let body = v2(app, DEACTIVATE, &json!({ "status": "De-Activate" }));
    app.patch(who, &path(&format!("/policies/{policy_id}")), &body)
        .await
}

/// Whether the change was made; otherwise it was refused with one of `codes`.
fn made(reply: &Reply, codes: &[&str]) -> bool {
    assert_eq!(reply.status, 200, "{}", reply.text);
    if reply.json()["errors"] == json!([]) {
        return true;
    }
    let (code, _) = reply.error();
    assert!(codes.contains(&code.as_str()), "{}", reply.text);
    false
}

/// What one round did: publications, updates by their descriptions, withdrawals.
struct Round {
    published: usize,
    updated: Vec<String>,
    deactivated: usize,
}

/// Two administrators publish, update and deactivate a draft at once.
async fn round(app: &Stage, id: &str, group_id: &str) -> Round {
    let (one, other) = (Who::user("one", &["PARTNER_ADMIN"]), manager());
    let (by_one, by_other) = (format!("{id} by one"), format!("{id} by other"));
    let replies = tokio::join!(
        update(app, &one, id, &by_one),
        publish(app, &other, id, group_id),
        deactivate(app, &one, id),
        publish(app, &one, id, group_id),
        update(app, &other, id, &by_other),
        deactivate(app, &other, id),
    );
    let published = [&replies.1, &replies.3].map(|reply| made(reply, &["PMS_POL_020"]));
    let updated = [(&replies.0, by_one), (&replies.4, by_other)]
        .into_iter()
        .filter(|(reply, _)| made(reply, &["PMS_POL_055"]));
    let updated = updated.map(|(_, desc)| desc).collect();
    let withdrawn =
        [&replies.2, &replies.5].map(|reply| made(reply, &["PMS_POL_072", "PMS_POL_062"]));
    let count = |all: [bool; 2]| all.into_iter().filter(|made| *made).count();
    Round {
        published: count(published),
        updated,
        deactivated: count(withdrawn),
    }
}

/// History rows by policy, oldest first.
fn histories(app: &Stage) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in app.rows_of("auth_policy_h") {
        let id = row["id"].as_str().unwrap().to_owned();
        found.entry(id).or_default().push(row);
    }
    for history in found.values_mut() {
        history.sort_by_key(|row| row["eff_dtimes"].as_str().unwrap().to_owned());
    }
    found
}

/// 0 for a draft, 1 while activated, 2 when deactivated.
fn state(row: &Value) -> u8 {
    match (row["policy_schema"].is_null(), row["is_active"] == true) {
        (true, false) => 0,
        (false, true) => 1,
        (false, false) => 2,
        (true, true) => panic!("active without ever having been published: {row}"),
    }
}

fn assert_recorded(app: &Stage, id: &str, history: &[Value]) {
    let reported: Vec<String> = app
        .events()
        .into_iter()
        .map(|(_, event)| event["event"]["data"]["policyData"].clone())
        .filter(|policy| policy["policyId"] == id)
        .map(|policy| format!("{} {}", policy["policyStatus"], policy["policyDescription"]))
        .collect();
    let happened: Vec<String> = history
        .iter()
        .skip(1)
        .map(|row| {
            let active = row["is_active"] == true;
            let status = json!(if active { "ACTIVE" } else { "DEACTIVE" });
            format!("{status} {}", row["descr"])
        })
        .collect();
    assert_eq!(reported, happened, "{id}");
}

#[actix_web::test]
async fn administrators_at_once_lose_no_change_and_leave_one_history_row_each() {
    let app = start().await;
    let group_id = app.group("group").await;
    let mut rounds = BTreeMap::new();
    for number in 0..50 {
        let id = format!("p{number}");
        app.draft(&id, "group").await;
        let round = round(&app, &id, &group_id).await;
        rounds.insert(id, round);
    }

    let histories = histories(&app);
    for policy in app.rows_of("auth_policy") {
        let id = policy["id"].as_str().unwrap();
        let (round, history) = (&rounds[id], &histories[id]);

        assert_eq!(round.published, 1, "{id}");
        assert!(round.deactivated <= 1, "{id}");
        let changes = 1 + round.published + round.updated.len() + round.deactivated;
        assert_eq!(history.len(), changes, "{id}: {history:#?}");

        let states: Vec<u8> = history.iter().map(state).collect();
        assert!(states.is_sorted(), "{id}: {states:?}");
        for desc in &round.updated {
            let of_desc = |row: &&Value| row["descr"] == *desc && state(row) == 0;
            assert_eq!(history.iter().filter(of_desc).count(), 1, "{id}: {desc}");
        }
        let last = history.last().unwrap();
        for column in ["descr", "policy_schema", "is_active", "upd_by", "version"] {
            assert_eq!(policy[column], last[column], "{id}: {column}");
        }
        assert_recorded(&app, id, history);
    }
    assert_eq!(histories.len(), 50);
}
