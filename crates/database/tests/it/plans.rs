//! How PostgreSQL plans statements that are kept prepared.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{NaiveDate, TimeDelta};
use diesel::PgConnection;
use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use pms_database::certificates::list_trusted;
use pms_database::ends::{self, After};
use pms_database::{api_keys, interfaces, misp_licences, outbox, partners, policies};
use pms_testkit::TestDatabase;
use serde_json::json;

/// 2,000 certificates of authorities, a quarter in each domain. A few are deleted; of
/// some older ones it is unknown.
const AUTHORITIES: &str = "
    INSERT INTO keymgr.ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id,
        cert_not_before, cert_not_after, cert_data, cert_thumbprint, cert_sha256,
        cert_serial_no, partner_domain, cr_by, cr_dtimes, is_deleted)
    SELECT 'ca' || n, 's', 'i', 'x', now(), now(), 'd', 't' || n, 's' || n, n,
        (ARRAY['AUTH', 'DEVICE', 'FTM', 'MISP'])[1 + n % 4], 'b', now(),
        CASE WHEN n < 40 THEN true WHEN n < 80 THEN NULL ELSE false END
    FROM generate_series(0, 1999) n;
    ANALYZE keymgr.ca_cert_store;
";

#[derive(Debug, QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

/// The statements that `work` sends, without their values.
fn sent(conn: &mut PgConnection, work: impl FnOnce(&mut PgConnection)) -> Vec<String> {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&sent);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let text = text.split(" -- binds:").next().unwrap();
            seen.lock().unwrap().push(text.to_owned());
        }
    });
    work(conn);
    conn.set_instrumentation(None::<fn(InstrumentationEvent<'_>)>);
    let sent = sent.lock().unwrap();
    sent.clone()
}

#[test]
fn a_statement_that_is_planned_once_expects_the_rows_that_are_not_deleted() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    conn.batch_execute(AUTHORITIES).unwrap();
    let mut found = 0;
    let statements = sent(&mut conn, |conn| {
        found = list_trusted(conn, "FTM").unwrap().len();
    });

    let prepare = format!("PREPARE planned AS {}", statements[0]);
    conn.batch_execute("SET plan_cache_mode = force_generic_plan")
        .unwrap();
    conn.batch_execute(&prepare).unwrap();
    let plan: Vec<Line> = diesel::sql_query("EXPLAIN EXECUTE planned('FTM')")
        .load(&mut conn)
        .unwrap();

    assert_eq!(found, 490);
    let rows = plan[0].text.split_once(" rows=").unwrap().1;
    let rows: u32 = rows.split(' ').next().unwrap().parse().unwrap();
    assert!((400..600).contains(&rows), "{}", plan[0].text);
}

#[test]
fn pages_of_what_ends_or_has_ended_are_planned_for_their_date() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    let now = day.and_hms_opt(10, 0, 0).unwrap();

    let (span, after) = (
        (now, now + TimeDelta::days(7)),
        After { key: "", limit: 10 },
    );

    let pages = sent(&mut conn, |conn| {
        policies::list_ended(conn, now, None, 10).unwrap();
        api_keys::list_expired(conn, now, None, 10).unwrap();
        interfaces::list_expired(conn, day, None, 10).unwrap();
        misp_licences::list_expired(conn, now, None, 10).unwrap();
        ends::ending_certificates(conn, span, after).unwrap();
        ends::ending_chips(conn, span, after).unwrap();
        ends::ending_interfaces(conn, span, after).unwrap();
        ends::ending_keys(conn, span, after).unwrap();
        ends::ending_licences(conn, span, after).unwrap();
        policies::active_with_name(conn, "x").unwrap();
    });

    let planned = sources()
        .iter()
        .map(|(_, text)| text.matches(".filter(PlannedForItsValues)").count())
        .sum::<usize>();
    let dated = pages.iter().filter(|text| text.contains(" < $")).count();
    assert_eq!(dated, planned, "run every such statement here: {pages:#?}");
    let kept: Vec<Line> = diesel::sql_query(
        "SELECT statement AS \"QUERY PLAN\" FROM pg_prepared_statements
         WHERE statement NOT LIKE '%pg_prepared_statements%'",
    )
    .load(&mut conn)
    .unwrap();
    let kept: Vec<&str> = kept.iter().map(|line| line.text.as_str()).collect();
    assert!(kept.iter().all(|text| !text.contains(" < $")), "{kept:#?}");
    assert!(
        kept.iter().any(|text| text.contains("IS NOT TRUE")),
        "{kept:#?}"
    );
}

#[test]
fn no_condition_compares_a_deletion_with_a_parameter() {
    let is_wrong = |line: &&str| {
        line.contains("is_deleted.is_distinct_from")
            || line.contains("is_deleted.is_not_distinct_from")
            || (line.contains(".filter(") && line.contains("is_deleted.eq("))
    };
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().filter(is_wrong);
        wrong.extend(lines.map(|line| format!("{}: {line}", path.display())));
    }

    assert_eq!(wrong, Vec::<String>::new(), "use crate::flags::Flag");
}

/// 3,000 partners and groups.
const PARTNERS: &str = "
    INSERT INTO pms.policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
    SELECT 'g' || n, 'group ' || n, 'd', 'u', true, 'b', now() FROM generate_series(0, 2999) n;
    INSERT INTO pms.partner_type (code, partner_description, is_policy_required, is_active,
        cr_by, cr_dtimes)
    VALUES ('T', 'd', true, true, 'b', now());
    INSERT INTO pms.partner (id, policy_group_id, name, email_id, email_id_hash, user_id,
        partner_type_code, approval_status, is_active, cr_by, cr_dtimes)
    SELECT 'p' || n, 'g' || n, 'n', 'e' || n, 'h' || n, 'p' || n, 'T', 'approved', true, 'b', now()
    FROM generate_series(0, 2999) n;
    ANALYZE;
";

#[derive(Debug, QueryableByName)]
struct Plans {
    #[diesel(sql_type = Text)]
    statement: String,
    #[diesel(sql_type = BigInt)]
    custom_plans: i64,
}

#[test]
fn what_a_registration_looks_up_is_planned_a_few_times_and_then_no_more() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    conn.batch_execute(PARTNERS).unwrap();

    for number in 0..30 {
        let wanted = partners::Wanted {
            id: "p1",
            email: ("none", "none"),
            callers_email: None,
            is_no_user: true,
        };
        let taken = partners::taken(&mut conn, wanted).unwrap();
        assert!(taken.id && taken.user && !taken.email && !taken.callers_email);
        let caller = partners::Wanted {
            callers_email: Some(("h2", "e2")),
            is_no_user: false,
            ..wanted
        };
        let taken = partners::taken(&mut conn, caller).unwrap();
        assert!(taken.callers_email && !taken.user);
        let group = format!("group {number}");
        let found = partners::find_type_and_group(&mut conn, "t", Some(&group)).unwrap();
        assert_eq!(found.unwrap().1.unwrap().id, format!("g{number}"));
        let found = partners::find_type_and_group(&mut conn, "t", None).unwrap();
        assert_eq!(found.unwrap().1, None);
    }

    let plans: Vec<Plans> = diesel::sql_query(
        "SELECT statement, custom_plans FROM pg_prepared_statements
         WHERE statement LIKE '%EXISTS%' OR statement LIKE '%partner_type%'",
    )
    .load(&mut conn)
    .unwrap();
    assert_eq!(plans.len(), 3, "{plans:#?}");
    for plan in plans {
        assert!(plan.custom_plans <= 5, "{}", plan.statement);
    }
}

#[test]
fn rows_of_the_outbox_are_planned_a_few_times_and_then_no_more() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    conn.batch_execute(
        "INSERT INTO pms.outbox (id, lane, topic, order_key, payload, next_attempt_at, created_at)
         SELECT gen_random_uuid(), 'mail', 't', 'p' || n, '{}', now(), now()
         FROM generate_series(0, 2999) n;
         ANALYZE pms.outbox;",
    )
    .unwrap();

    for number in 0..30 {
        let partner = format!("p{}", number + 2990);
        outbox::writer::mail(&mut conn, "m", &partner, json!({})).unwrap();
    }

    let heads: Vec<Line> = diesel::sql_query(
        "SELECT count(*) || ' ' || is_head AS \"QUERY PLAN\" FROM pms.outbox
         WHERE topic = 'm' GROUP BY is_head ORDER BY 1",
    )
    .load(&mut conn)
    .unwrap();
    let heads: Vec<&str> = heads.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(heads, ["10 false", "20 true"]);
    let plans: Vec<Plans> = diesel::sql_query(
        "SELECT statement, custom_plans FROM pg_prepared_statements
         WHERE statement LIKE 'INSERT INTO pms.outbox%'",
    )
    .load(&mut conn)
    .unwrap();
    assert_eq!(plans.len(), 1, "{plans:#?}");
    assert!(plans[0].custom_plans <= 5, "{}", plans[0].custom_plans);
    // Waiting rows are looked for by key, however many rows there may be.
    let types = "(text, uuid[], text[], text[], text[], jsonb[])";
    let prepare = format!("PREPARE planned {types} AS {}", plans[0].statement);
    conn.batch_execute("SET plan_cache_mode = force_generic_plan")
        .unwrap();
    conn.batch_execute(&prepare).unwrap();
    let plan: Vec<Line> =
        diesel::sql_query("EXPLAIN EXECUTE planned(NULL, '{}', '{}', '{}', '{}', '{}')")
            .load(&mut conn)
            .unwrap();
    let by_key = |line: &Line| {
        line.text.contains("Index Cond: ((lane = ") && line.text.contains("(order_key = ")
    };
    assert!(plan.iter().any(by_key), "{plan:#?}");
}

#[test]
fn no_trigger_has_its_statements_planned_anew() {
    let database = TestDatabase::new();
    let wrong: Vec<Line> = diesel::sql_query(
        "SELECT oid::regprocedure::text AS \"QUERY PLAN\" FROM pg_proc
         WHERE prorettype = 'trigger'::regtype AND prosrc ~* '\\mEXECUTE\\M'
         AND pronamespace IN ('pms'::regnamespace, 'keymgr'::regnamespace)",
    )
    .load(&mut database.conn())
    .unwrap();

    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The source files of this package.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut directories = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}
