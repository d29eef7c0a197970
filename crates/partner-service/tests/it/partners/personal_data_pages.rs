//! Pages of rows that a remote key manager is asked for, some at a time.

use pms_testkit::peers::key_manager::PeerFailure;
use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use super::personal_data::{address, ours, profile, sealed};
use crate::support::Stage;

/// Rows `own-00`, `own-01` and so on.
fn rows(stage: &Stage, number: usize) -> Vec<String> {
    let ids: Vec<String> = (0..number)
        .map(|number| format!("own-{number:02}"))
        .collect();
    ids.iter().for_each(|id| sealed(stage, id));
    ids
}

/// All of those rows, in order.
async fn page(stage: &Stage) -> Reply {
    let search = json!({
        "partnerType": "Auth_Partner", "sort": [{ "sortField": "id", "sortType": "asc" }],
        "filters": [{ "columnName": "id", "type": "startsWith", "value": "own-" }],
        "pagination": { "pageStart": 0, "pageFetch": 50 },
    });
    stage
        .send(&Who::admin(), "POST", "/partners/search", search)
        .await
}

/// How often a remote key manager was asked for a cipher text.
fn asked(stage: &Stage, text: &str) -> usize {
    let recorded = stage.keys.recorded();
    let of_text = recorded
        .iter()
        .filter(|one| one.json()["request"]["data"] == text);
    of_text.count()
}

#[actix_web::test]
async fn a_page_that_hangs_holds_up_no_other_row_and_keeps_what_it_opened() {
    let stage = Stage::with(|builder| builder.setting("limits.request_seconds", "3")).await;
    let ids = rows(&stage, 20);
    let [first, hung, last] = ["own-00", "own-10", "own-19"].map(|id| address(&stage, id));
    stage.keys.fail_for(&hung, PeerFailure::Hang);

    let others = async {
        eventually("the page hangs", async || asked(&stage, &hung) == 1).await;
        for id in ["own-00", "own-19"] {
            let read = profile(&stage, id).await;
            assert_eq!(read["address"], format!("Street of {id}"));
        }
        // The page still hangs.
        (asked(&stage, &first), asked(&stage, &last))
    };
    let (timed_out, asked_meanwhile) = futures_util::future::join(page(&stage), others).await;
    assert_eq!(timed_out.status, 503);
    assert_eq!(asked_meanwhile, (1, 1));

    stage.keys.recover();
    let whole = page(&stage).await.response();
    for (row, id) in whole["data"].as_array().unwrap().iter().zip(&ids) {
        assert_eq!(row["address"], format!("Street of {id}"));
        assert_eq!(row["emailId"], format!("{id}@example.org"));
    }
    for id in ids.iter().take(8) {
        assert_eq!(asked(&stage, &address(&stage, id)), 1, "{id}");
    }
    assert_eq!(asked(&stage, &hung), 2);
}

#[actix_web::test]
async fn a_call_that_fails_leaves_its_own_row_out_of_a_page_and_no_other() {
    let stage = Stage::start().await;
    let ids = rows(&stage, 20);
    let failing = address(&stage, "own-03");
    stage.keys.fail_for(&failing, PeerFailure::Status(503));

    let part = page(&stage).await.response();
    let calls = stage.keys.calls("decrypt");
    stage.keys.recover();
    let whole = page(&stage).await.response();

    for (number, id) in ids.iter().enumerate() {
        let expected = json!(format!("Street of {id}"));
        assert_eq!(whole["data"][number]["address"], expected);
        let left_out = id == "own-03";
        let expected = if left_out { Value::Null } else { expected };
        assert_eq!(part["data"][number]["address"], expected);
        assert_eq!(part["data"][number]["emailId"].is_null(), left_out);
    }
    assert_eq!(calls, 3 * ids.len());
    assert_eq!(stage.keys.calls("decrypt"), calls + 3, "the rest is kept");
}

#[actix_web::test]
async fn a_key_manager_that_fails_is_not_asked_for_the_rest_of_a_page() {
    let stage = Stage::start().await;
    rows(&stage, 40);
    stage.keys.fail("decrypt", PeerFailure::Status(503));

    let page = page(&stage).await.response();

    assert_eq!(page["data"].as_array().unwrap().len(), 40);
    assert!(!page.to_string().contains("Street of"));
    assert_eq!(stage.keys.calls("decrypt"), 24);
}

/// Rows `p-FROM` to `p-TO`, oldest first, with this column alone.
fn rows_with(stage: &Stage, email: &str, from: u32, to: u32) {
    stage.sql(&format!(
        "INSERT INTO partner (id, name, email_id, email_id_hash, user_id, partner_type_code,
           approval_status, is_active, cr_by, cr_dtimes)
         SELECT 'p-' || n, 'n', '{email}', 'h', 'u', 'Auth_Partner', 'approved', true, 'u',
           timestamp '2026-01-01' + n * interval '1 second'
         FROM generate_series({from}, {to}) n"
    ));
}

/// The addresses in the list of all partners, oldest first. It is read in runs of 500.
async fn listed(stage: &Stage) -> Vec<Value> {
    let who = Who::user("resident", &["RESIDENT"]);
    let list = stage.get(&who, "/partners").await.response();
    let rows = list["partners"].as_array().unwrap();
    rows.iter().map(|row| row["emailId"].clone()).collect()
}

#[actix_web::test]
async fn one_failed_row_of_a_run_leaves_the_rows_of_later_runs_alone() {
    let stage = Stage::start().await;
    stage.without_seeds();
    let [known, failing, last] = ["known", "failing", "last"].map(|text| stage.keys.seal(text));
    rows_with(&stage, &known, 2, 500);
    assert_eq!(listed(&stage).await, vec!["known"; 499]);
    rows_with(&stage, &failing, 1, 1);
    rows_with(&stage, &last, 501, 501);
    stage.keys.fail_for(&failing, PeerFailure::Status(503));

    let emails = listed(&stage).await;

    assert_eq!(emails[0], Value::Null);
    assert_eq!(emails[1..500], vec!["known"; 499]);
    assert_eq!(emails[500..], ["last"]);
}

#[actix_web::test]
async fn a_key_that_cannot_be_opened_leaves_its_own_rows_out_of_a_page_and_no_other() {
    let stage = ours(|builder| builder).await;
    let ids = rows(&stage, 50);
    let broken = address(&stage, "own-03");
    stage.keys.fail_for(&broken, PeerFailure::Status(500));

    let part = page(&stage).await.response();
    let single = stage.get(&Who::admin(), "/partners/own-03").await;
    stage.keys.recover();
    let whole = page(&stage).await.response();

    assert!(!part.to_string().contains(&broken));
    assert!(!single.text.contains(&broken) && !single.text.contains("own-03@"));
    for (number, id) in ids.iter().enumerate() {
        let expected = json!(format!("Street of {id}"));
        assert_eq!(whole["data"][number]["address"], expected);
        let left_out = id == "own-03";
        let expected = if left_out { Value::Null } else { expected };
        assert_eq!(part["data"][number]["address"], expected);
        assert_eq!(part["data"][number]["emailId"].is_null(), left_out);
    }
    assert_eq!(stage.keys.calls("decryptBatch"), 3, "the rest is kept");
}

#[actix_web::test]
async fn a_run_whose_rows_all_need_a_key_that_cannot_be_opened_stops_no_later_run() {
    let stage = ours(|builder| builder).await;
    stage.without_seeds();
    let (broken, good) = (stage.keys.seal("broken"), stage.keys.seal("good"));
    rows_with(&stage, &broken, 1, 500);
    rows_with(&stage, &good, 501, 510);
    stage.keys.fail_for(&broken, PeerFailure::Status(500));

    let emails = listed(&stage).await;

    assert_eq!(emails[..500], vec![Value::Null; 500]);
    assert_eq!(emails[500..], vec!["good"; 10]);
}
