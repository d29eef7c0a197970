//! What the audit records say when a change is rolled back.

use diesel::connection::SimpleConnection as _;
use diesel::sql_query;
use diesel::{Connection as _, RunQueryDsl as _};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError};
use pms_domain::audit::Subject;
use pms_domain::policy::audits::{
    CHANGE_STATUS, CHANGE_STATUS_FAILURE, CHANGE_STATUS_SUCCESS, SEARCH_POLICIES,
    SEARCH_POLICIES_SUCCESS,
};
use pms_domain::policy::errors::NO_SUCH_POLICY;
use pms_testkit::TestDatabase;

use crate::support::{group, lines, run, stamp};

const ABOUT: Subject<'_> = Some(("p", "policyId"));

fn attempt(trail: &mut AuditTrail) {
    trail.note(CHANGE_STATUS, ABOUT);
}

fn success(trail: &mut AuditTrail) {
    trail.note(CHANGE_STATUS_SUCCESS, ABOUT);
}

/// Attempt, a change of the group `g`, success.
fn change(conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
    attempt(trail);
    sql_query("UPDATE policy_group SET descr = 'changed' WHERE id = 'g'").execute(conn)?;
    success(trail);
    Ok(())
}

/// Event id, id and kind of id of each record, in the order of their writing.
fn records(database: &TestDatabase) -> Vec<String> {
    lines(
        &mut database.conn(),
        "SELECT concat_ws(' ', topic, payload->>'id', payload->>'idType') FROM
           (SELECT * FROM outbox WHERE lane = 'audit' ORDER BY seq) AS audits",
    )
}

fn changed(database: &TestDatabase) -> bool {
    let found = lines(&mut database.conn(), "SELECT descr FROM policy_group");
    found == ["changed"]
}

fn with_a_group() -> TestDatabase {
    let database = TestDatabase::new();
    group(&mut database.conn(), "g");
    database
}

const BROKEN_OFF: [&str; 2] = ["PMS_PRT_184 p policyId", "PMS_PRT_484 p policyId"];

#[tokio::test]
async fn a_change_is_recorded_as_attempt_and_success() {
    let database = with_a_group();

    database.db().audited(stamp(0), change).await.unwrap();

    assert!(changed(&database));
    assert_eq!(
        records(&database),
        ["PMS_PRT_184 p policyId", "PMS_PRT_284 p policyId"]
    );
}

#[tokio::test]
async fn the_outcome_of_an_operation_is_recorded_behind_its_attempt() {
    let times = |database: &TestDatabase| {
        lines(
            &mut database.conn(),
            "SELECT payload->>'actionTimeStamp' FROM
               (SELECT * FROM outbox WHERE lane = 'audit' ORDER BY seq) AS audits",
        )
    };
    let in_order = ["2025-07-11T12:00:00.000Z", "2025-07-11T12:00:00.001Z"];
    let database = with_a_group();
    database.db().audited(stamp(0), change).await.unwrap();
    assert_eq!(times(&database), in_order);

    // In two steps, and when it fails.
    let database = with_a_group();
    let db = database.db();
    let begin = |_: &mut Connection, trail: &mut AuditTrail| {
        attempt(trail);
        Ok(trail.attempt())
    };
    let begun = db.checked(stamp(0), begin).await.unwrap();
    let refused = db.audited(stamp(0), move |_, trail| {
        trail.resume(begun);
        let refusal = trail.refuse(CHANGE_STATUS_FAILURE, ABOUT, NO_SUCH_POLICY);
        Err::<(), _>(refusal)
    });
    refused.await.unwrap_err();
    assert_eq!(times(&database), in_order);
}

#[tokio::test]
async fn a_statement_that_fails_after_the_success_was_noted_leaves_a_failure() {
    let database = with_a_group();
    let mut holder = database.conn();
    run(&mut database.conn(), "CREATE TABLE held (id int)");
    run(&mut holder, "BEGIN; LOCK TABLE held");

    let db = database.db();
    let outcome = db.audited(stamp(0), |conn, trail| {
        change(conn, trail)?;
        conn.batch_execute("SET LOCAL lock_timeout = 50; SELECT * FROM held")?;
        Ok(())
    });

    assert!(outcome.await.unwrap_err().is_timeout());
    assert!(!changed(&database));
    assert_eq!(records(&database), BROKEN_OFF);
}

#[tokio::test]
async fn a_commit_that_fails_leaves_a_failure() {
    let database = with_a_group();
    run(
        &mut database.conn(),
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN RAISE EXCEPTION ''not at the commit''; END';
         CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON policy_group
           DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    let db = database.db();

    let outcome = db.audited(stamp(0), change).await;

    let text = outcome.unwrap_err().to_string();
    assert!(text.contains("not at the commit"), "{text}");
    assert!(!changed(&database));
    assert_eq!(records(&database), BROKEN_OFF);
    // The connection is as good as before.
    db.transaction(|conn| conn.transaction(|_| Ok(())))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_success_that_cannot_be_written_leaves_a_failure() {
    let database = with_a_group();
    run(
        &mut database.conn(),
        "ALTER TABLE outbox ADD CHECK (topic <> 'PMS_PRT_284')",
    );

    database.db().audited(stamp(0), change).await.unwrap_err();

    assert!(!changed(&database));
    assert_eq!(records(&database), BROKEN_OFF);
}

#[tokio::test]
async fn an_operation_that_breaks_off_before_its_end_leaves_a_failure() {
    let database = with_a_group();

    let db = database.db();
    let outcome = db.audited(stamp(0), |conn, trail| {
        attempt(trail);
        conn.batch_execute("SELECT 1 / 0")?;
        success(trail);
        Ok(())
    });

    outcome.await.unwrap_err();
    assert_eq!(records(&database), BROKEN_OFF);
}

#[tokio::test]
async fn an_operation_that_is_refused_leaves_what_it_noted_and_no_more() {
    let database = with_a_group();
    let db = database.db();

    let noted = db.audited(stamp(0), |conn, trail| {
        change(conn, trail)?;
        Err::<(), _>(trail.refuse(CHANGE_STATUS_FAILURE, None, NO_SUCH_POLICY))
    });
    assert!(matches!(noted.await, Err(DbError::Rejected(_))));
    let silent = db.audited(stamp(0), |_, trail| {
        attempt(trail);
        Err::<(), _>(NO_SUCH_POLICY.into())
    });
    assert!(matches!(silent.await, Err(DbError::Rejected(_))));

    assert!(!changed(&database));
    assert_eq!(
        records(&database),
        [
            "PMS_PRT_184 p policyId",
            "PMS_PRT_484 NO_ID NO_ID_TYPE",
            "PMS_PRT_184 p policyId",
        ]
    );
}

#[tokio::test]
async fn an_operation_whose_failure_the_catalogue_does_not_know_leaves_its_attempt() {
    let database = with_a_group();

    let db = database.db();
    let outcome = db.noted(stamp(0), |conn, trail| {
        trail.note(SEARCH_POLICIES, None);
        trail.note(SEARCH_POLICIES_SUCCESS, None);
        Ok(conn.batch_execute("SELECT 1 / 0")?)
    });

    outcome.await.unwrap_err();
    assert_eq!(records(&database), ["PMS_PRT_190 NO_ID NO_ID_TYPE"]);
}

#[tokio::test]
async fn a_later_step_that_breaks_off_is_recorded_as_the_failure_of_its_operation() {
    let database = with_a_group();
    let db = database.db();
    let first = db.audited(stamp(0), |_, trail| {
        attempt(trail);
        Ok(trail.attempt())
    });
    let first_trail = first.await.unwrap();

    let outcome = db.audited(stamp(0), |conn, trail| {
        trail.resume(first_trail);
        Ok(conn.batch_execute("SELECT 1 / 0")?)
    });

    outcome.await.unwrap_err();
    assert_eq!(records(&database), BROKEN_OFF);
}

#[tokio::test]
async fn records_without_a_change_are_stored_alone() {
    let database = with_a_group();

    database.db().note(stamp(0), attempt).await;

    assert_eq!(records(&database), ["PMS_PRT_184 p policyId"]);
}

#[tokio::test]
async fn the_records_of_an_operation_are_one_statement_and_keep_their_order() {
    let database = with_a_group();
    let db = database.db();
    let ids: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
    let noted = ids.clone();

    let outcome = db.audited(stamp(0), move |_, trail| {
        for id in &noted {
            trail.note(CHANGE_STATUS, Some((id.as_str(), "policyId")));
        }
        Ok(())
    });
    outcome.await.unwrap();

    let expected: Vec<String> = ids
        .iter()
        .map(|id| format!("PMS_PRT_184 {id} policyId"))
        .collect();
    let statements = "SELECT count(DISTINCT cmin::text)::text FROM outbox";
    assert_eq!(records(&database), expected);
    assert_eq!(lines(&mut database.conn(), statements), ["1"]);
}
