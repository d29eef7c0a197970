//! Upload slots at the key manager.

use std::time::Duration;

use diesel::prelude::*;
use pms_database::upload_slots::{end, take};
use pms_testkit::TestDatabase;

use crate::support::{lines, run};

const LONG: Duration = Duration::from_secs(60);
const PAST: &str = "UPDATE pms.certificate_turn SET until = until - interval '2 minutes'";

#[test]
fn one_at_a_time_has_the_slot_of_a_partner() {
    let database = TestDatabase::new();
    let (mut one, mut other) = (database.conn(), database.conn());

    let slot = take(&mut one, "p1", LONG).unwrap().unwrap();

    assert!(take(&mut other, "p1", LONG).unwrap().is_none());
    let another = take(&mut other, "p2", LONG).unwrap().unwrap();
    assert!(end(&mut one, &slot).unwrap());
    assert!(!end(&mut one, &slot).unwrap(), "it ended already");
    assert!(take(&mut other, "p1", LONG).unwrap().is_some());
    assert!(end(&mut one, &another).unwrap());
}

#[test]
fn a_slot_that_ran_out_passes_on() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let late = take(&mut conn, "p1", LONG).unwrap().unwrap();
    run(&mut conn, PAST);

    let slot = take(&mut conn, "p1", LONG).unwrap().unwrap();

    assert!(!end(&mut conn, &late).unwrap(), "it is another's");
    assert!(take(&mut conn, "p1", LONG).unwrap().is_none());
    assert!(end(&mut conn, &slot).unwrap());
}

#[test]
fn a_slot_that_ran_out_and_was_not_taken_is_still_its_holders() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let slot = take(&mut conn, "p1", LONG).unwrap().unwrap();
    run(&mut conn, PAST);

    assert!(end(&mut conn, &slot).unwrap());
}

#[test]
fn who_looks_for_a_slot_waits_for_no_transaction_and_writes_nothing() {
    let database = TestDatabase::new();
    let (mut holder, mut other) = (database.conn(), database.conn());
    let slot = take(&mut holder, "p1", LONG).unwrap().unwrap();
    let version = "SELECT xmin::text || xmax::text FROM pms.certificate_turn";
    let before = lines(&mut other, version);

    assert!(take(&mut other, "p1", LONG).unwrap().is_none());
    assert_eq!(lines(&mut other, version), before);
    // A statement that waits for the other transaction fails.
    run(&mut other, "SET lock_timeout = '1ms'");
    holder
        .transaction(|conn| {
            assert!(end(conn, &slot)?);
            assert!(take(&mut other, "p1", LONG).unwrap().is_none());
            QueryResult::Ok(())
        })
        .unwrap();

    assert!(take(&mut other, "p1", LONG).unwrap().is_some());
}

#[test]
fn taking_does_not_change_how_other_statements_commit() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(&mut conn, "SET synchronous_commit = on");

    take(&mut conn, "p1", LONG).unwrap().unwrap();

    let shown = "SELECT current_setting('synchronous_commit') AS line";
    assert_eq!(lines(&mut conn, shown), ["on"]);
}

#[test]
fn a_slot_tells_which_certificate_the_partner_had() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    run(
        &mut conn,
        "INSERT INTO pms.partner (id, name, address, contact_no, email_id, user_id, \
            partner_type_code, approval_status, is_active, cr_by, cr_dtimes, certificate_alias) \
         VALUES ('p1', 'n', 'a', '1', 'e', 'u', 'Device_Provider', 'approved', true, 'u', now(), \
            'the certificate')",
    );

    let slot = take(&mut conn, "p1", LONG).unwrap().unwrap();

    assert_eq!(slot.certificate_alias.as_deref(), Some("the certificate"));
    let unknown = take(&mut conn, "p2", LONG).unwrap().unwrap();
    assert_eq!(unknown.certificate_alias, None);
}
