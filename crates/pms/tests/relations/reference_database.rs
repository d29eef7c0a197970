//! All data stays in `mosip_pms`: a database that the reference made and still
//! uses, with us beside it.

use diesel::connection::SimpleConnection as _;
use pms_testkit::{TestDatabase, Who};
use serde_json::{Value, json};

use crate::api::PARTNERS;
use crate::gate::State;
use crate::system::{System, eventually};

/// A database as the reference leaves it, with its search path.
fn reference() -> System {
    System::on(TestDatabase::of_reference())
}

/// Every row of the reference's tables, with who wrote it when and where it
/// lies, but for these ids.
fn rows(system: &System, but: &[&str]) -> Vec<String> {
    let queries = system.column(
        "SELECT format('SELECT %L || ctid::text || xmin::text || ROW(%s)::text AS found \
                        FROM pms.%I ORDER BY 1', \
                       table_name, string_agg(column_name, ', ' ORDER BY ordinal_position), table_name) AS found \
         FROM information_schema.columns JOIN information_schema.tables \
         USING (table_schema, table_name) \
         WHERE table_schema = 'pms' AND table_type = 'BASE TABLE' \
           AND table_name NOT IN ('outbox', 'job_run', 'job_schedule') GROUP BY table_name ORDER BY 1",
    );
    let rows = queries.iter().flat_map(|query| system.column(query));
    rows.filter(|row| !but.iter().any(|id| row.contains(id)))
        .collect()
}

async fn partners(system: &System) -> Vec<Value> {
    let listed = system.api().get(&Who::admin(), PARTNERS).await;
    listed.response()["partners"].as_array().unwrap().clone()
}

async fn listed(system: &System, id: &str) -> Value {
    let all = partners(system).await;
    let found = all.into_iter().find(|row| row["partnerID"] == id);
    found.unwrap_or_else(|| panic!("no {id}"))
}

/// What the reference writes when it saves a partner: all its columns.
fn save_as_the_reference(system: &System, id: &str, address: &str) {
    system.sql(&format!(
        "UPDATE partner SET address = '{address}', approval_status = approval_status, \
           certificate_alias = certificate_alias, contact_no = contact_no, cr_by = cr_by, \
           cr_dtimes = cr_dtimes, del_dtimes = del_dtimes, email_id = email_id, \
           is_active = is_active, is_deleted = is_deleted, name = name, \
           partner_type_code = partner_type_code, policy_group_id = policy_group_id, \
           upd_by = 'reference', upd_dtimes = now() AT TIME ZONE 'UTC', user_id = user_id \
         WHERE id = '{id}'"
    ));
}

#[actix_web::test]
async fn we_serve_what_the_reference_wrote_and_change_nothing_else() {
    let system = reference();
    let before = rows(&system, &[]);
    let _process = system.start().await;

    let all = partners(&system).await;
    assert_eq!(all.len(), 4);
    let of = |id: &str| all.iter().find(|row| row["partnerID"] == id).unwrap();
    assert_eq!(of("clear")["emailId"], "info@mosip.io");
    assert_eq!(of("written-back")["emailId"], "back@example.org");
    // Sealed by a key that only the reference's key manager has.
    assert_eq!(of("cipher")["emailId"], "VkVSX1IyCCCC");
    // The doubled comma of old default rows.
    let policy = "/v1/policymanager/policies/mpolicy-default-mobile";
    let policy = system.api().get(&Who::admin(), policy).await.response();
    let attributes = &policy["policies"]["shareableAttributes"];
    assert_eq!(attributes[0]["format"], "YYYY");

    assert_eq!(rows(&system, &[]), before, "reading wrote nothing");
    let again = system.column("SELECT job_key AS found FROM pms.batch_job_instance");
    assert_eq!(again, ["d41d8cd98f00b204e9800998ecf8427e"]);
    let own = "to_regclass('pms.__diesel_schema_migrations') IS NULL \
               AND to_regclass('public.__diesel_schema_migrations') IS NOT NULL";
    assert_eq!(system.value(&format!("SELECT {own}")), "true");
}

#[actix_web::test]
async fn the_reference_writes_on_while_we_serve() {
    let system = reference();
    let _process = system.start().await;
    let api = system.api();
    let profile = |address: &str| json!({ "contactNumber": "9232121299", "address": address });
    let before = rows(&system, &["written-back", "clear"]);

    // Each sees at once what the other has written, and keeps it.
    for number in 0..5 {
        let address = format!("Reference {number}");
        save_as_the_reference(&system, "written-back", &address);
        assert_eq!(listed(&system, "written-back").await["address"], *address);
        let ours = format!("Ours {number}");
        let reply = api
            .ask(
                &Who::admin(),
                "PUT",
                &format!("{PARTNERS}/written-back"),
                profile(&ours),
            )
            .await;
        reply.unwrap().response();
        assert_eq!(listed(&system, "written-back").await["address"], *ours);
        let name = system.value("SELECT name FROM pms.partner WHERE id = 'written-back'");
        assert_eq!(name, "Back Ltd");
    }
    // One column sealed by us, the others in clear: as a row that is half done.
    system.sql(
        "UPDATE partner SET contact_no = '123', upd_by = 'reference' WHERE id = 'written-back'",
    );
    let half = listed(&system, "written-back").await;
    assert_eq!(
        (&half["contactNumber"], &half["address"]),
        (&json!("123"), &json!("Ours 4"))
    );
    let sealed = "SELECT address LIKE 'VkVSX1Iy%' FROM pms.partner WHERE id = 'written-back'";
    assert_eq!(system.value(sealed), "true");

    // A row that the reference has locked for a moment is waited for.
    let mut theirs = system.database.conn();
    theirs
        .batch_execute("BEGIN; UPDATE partner SET upd_by = 'reference' WHERE id = 'clear'")
        .unwrap();
    let path = format!("{PARTNERS}/clear");
    let admin = Who::admin();
    let update = api.ask(&admin, "PUT", &path, profile("Ours"));
    let commit = async {
        eventually("waiting", async || system.database.waits_for_lock()).await;
        theirs.batch_execute("COMMIT").unwrap();
    };
    let (updated, ()) = tokio::join!(update, commit);
    updated.unwrap().response();
    assert_eq!(listed(&system, "clear").await["address"], "Ours");

    // The test rig of the reference deletes by SQL; our tables don't mind.
    system.sql(
        "DELETE FROM device_detail_sbi WHERE cr_by = 'clear-too'; \
         DELETE FROM partner WHERE id = 'clear-too'",
    );
    assert_eq!(partners(&system).await.len(), 3);
    let after = rows(&system, &["written-back", "clear"]);
    assert_eq!(after, before, "nothing else was written");
}

#[actix_web::test]
async fn while_the_database_is_away_nothing_is_half_written() {
    let mut system = reference();
    let gate = system.gate_before_database();
    system.set("database.acquire_timeout_ms", "1000");
    system.set("limits.request_seconds", "3");
    let _process = system.start().await;
    let api = system.api();
    let register = |id: &str| {
        let request = json!({
            "partnerId": id, "organizationName": id, "address": "a", "contactNumber": "1",
            "emailId": format!("{id}@mail.example.org"), "partnerType": "Device_Provider",
        });
        let who = Who::user(id, &["DEVICE_PROVIDER"]);
        let api = api.clone();
        async move { api.ask(&who, "POST", PARTNERS, request).await.unwrap() }
    };
    let count = "SELECT count(*) FROM pms.partner WHERE id LIKE 'later-%'";
    register("warm-up").await.response();

    for (number, trouble) in [State::Shut, State::Stuck].into_iter().enumerate() {
        let id = format!("later-{number}");
        gate.turn(trouble);
        let refused = register(&id).await;
        let error = refused.status == 503
            || (refused.status == 200 && refused.json()["response"].is_null());
        assert!(error, "{trouble:?}: {} {}", refused.status, refused.text);
        gate.turn(State::Open);
        // What got stuck may come to its end now: all of it, or nothing.
        eventually("registered", async || {
            let reply = register(&id).await;
            reply.status == 200
                && (reply.json()["response"].is_object()
                    || ["PMS_PRT_032", "PMS_PRT_067"].contains(&&*reply.error().0)
                    || system.value(&format!(
                        "SELECT count(*) FROM pms.partner WHERE id = '{id}'"
                    )) == "1")
        })
        .await;
    }

    assert_eq!(system.value(count), "2");
    let mails = "SELECT count(*) FROM pms.outbox WHERE lane = 'mail' AND order_key LIKE 'later-%'";
    assert_eq!(system.value(mails), "2", "one for each");
}

#[actix_web::test]
async fn killed_between_two_statements_we_leave_no_half_of_a_change() {
    let system = reference();
    let process = system.start().await;
    let api = system.api();
    let mut theirs = system.database.conn();
    theirs
        .batch_execute("BEGIN; SELECT 1 FROM partner WHERE id = 'clear' FOR UPDATE")
        .unwrap();
    let before = rows(&system, &[]);

    let path = format!("{PARTNERS}/clear");
    let request = json!({ "status": "De-active" });
    let admin = Who::admin();
    let change = api.ask(&admin, "PATCH", &path, request);
    let kill = async {
        eventually("in the middle", async || system.database.waits_for_lock()).await;
        process.kill();
    };
    let (broken, ()) = tokio::join!(change, kill);
    assert!(broken.is_err());
    theirs.batch_execute("ROLLBACK").unwrap();
    eventually("the server noticed", async || {
        let ours = "SELECT count(*) FROM pg_stat_activity \
                    WHERE datname = current_database() AND application_name = 'pms'";
        system.value(ours) == "0"
    })
    .await;

    assert_eq!(rows(&system, &[]), before);
    assert_eq!(system.value("SELECT count(*) FROM pms.outbox"), "0");
    let _process = system.start().await;
    let request = json!({ "status": "De-active" });
    let reply = api.ask(&admin, "PATCH", &path, request).await;
    reply.unwrap().response();
    assert_eq!(listed(&system, "clear").await["status"], "De-active");
    let topics = system.column("SELECT topic AS found FROM pms.outbox WHERE lane = 'event'");
    assert_eq!(topics, ["APIKEY_UPDATED", "PARTNER_UPDATED"]);
}
