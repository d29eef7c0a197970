//! Users: their partners and details, in one look.

use pms_database::{Stamp, partners, users};
use pms_testkit::TestDatabase;

use crate::support::{at, run, stamp};

#[test]
fn a_user_is_known_by_partners_and_by_details() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(
        &mut conn,
        "SET search_path = pms, public;
         INSERT INTO partner_type (code, partner_description, is_policy_required, is_active, cr_by,
                                   cr_dtimes)
         VALUES ('Auth', '', true, true, 'u', now());
         INSERT INTO partner (id, user_id, name, partner_type_code, approval_status, is_active,
                              cr_by, cr_dtimes)
         VALUES ('b', 'Anna', 'n', 'Auth', 'approved', true, 'u', now()),
                ('anna', '', 'n', 'Auth', 'approved', false, 'u', now())",
    );

    let stranger = users::find(&mut conn, "bert").unwrap();
    assert_eq!((stranger.has_partners, stranger.details), (false, None));
    let without_details = users::find(&mut conn, "ANNA").unwrap();
    assert_eq!(
        (without_details.has_partners, without_details.details),
        (true, None)
    );
    let own = partners::activity_of_owned(&mut conn, "ANNA").unwrap();
    assert_eq!(own, [("anna".to_owned(), false), ("b".to_owned(), true)]);

    users::insert_consent(&mut conn, "id1", &Stamp::new("anna", at(0))).unwrap();
    // Details belong to exactly one spelling of the user's id.
    assert_eq!(users::find(&mut conn, "Anna").unwrap().details, None);
    let details = users::find(&mut conn, "anna").unwrap().details.unwrap();
    assert_eq!(details.consented_at(), Some(at(0)));
    assert_eq!(details.notifications_seen_dtimes, None);
    users::set_notifications_seen(&mut conn, "id1", at(9), &stamp(1)).unwrap();
    users::renew_consent(&mut conn, "id1", &stamp(2)).unwrap();
    let details = users::find(&mut conn, "anna").unwrap().details.unwrap();
    assert_eq!(details.consented_at(), Some(at(2)));
    assert_eq!(details.notifications_seen_dtimes, Some(at(9)));
}

#[test]
fn of_several_details_the_oldest_count() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(
        &mut conn,
        "SET search_path = pms, public;
         DROP INDEX IF EXISTS uk_user_details_user;
         INSERT INTO user_details (id, user_id, consent_given, consent_given_dtimes, cr_dtimes, cr_by)
         VALUES ('a', 'anna', 'YES', '2025-02-01', '2025-02-01', 'u'),
                ('b', 'anna', 'NO', '2025-01-01', '2025-01-01', 'u')",
    );

    let details = users::find(&mut conn, "anna").unwrap().details.unwrap();

    assert_eq!((details.id.as_str(), details.consented_at()), ("b", None));
}
