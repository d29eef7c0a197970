//! GET /v1/partnermanager/partners/partner-certificates-details

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{App, HttpRequest, HttpResponse, web};
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::service::{KM, PARTNERS, Replica, Stage, error, zonal};

fn envelope(response: Value, errors: Value) -> Value {
    let mut body = json!({
        "id": "mosip.pms.partner.certificates.get", "version": "1.0", "responseTime": "<time>",
        "metadata": null,
    });
    body["response"] = response;
    body["errors"] = errors;
    body
}

fn refused(code: &str, message: &str) -> Value {
    envelope(
        Value::Null,
        json!([{ "errorCode": code, "message": message }]),
    )
}

async fn details(replica: &Replica, user: &str, query: &str) -> Value {
    let path = format!("{PARTNERS}/partner-certificates-details{query}");
    let reply = replica
        .get(&Who::user(user, &["AUTH_PARTNER"]), &path)
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn item(partner: &str, kind: &str, end: Option<&str>, active: bool) -> Value {
    json!({
        "partnerId": partner,
        "certificateIssuedTo": end.map(|_| "partner.example.org"),
        "certificateUploadDateTime": end.map(|_| "2026-11-24T10:00:00.000+00:00"),
        "certificateExpiryDateTime": end,
        "partnerType": kind,
        "isCertificateAvailable": end.is_some(),
        "isPartnerActive": active,
    })
}

/// The portal's first page asks for all but administrators (contract portal.md §5.2).
#[actix_web::test]
async fn partners_of_every_type_may_ask_for_their_own() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    stage.partner("adjudicator", "IITB", "Manual_Adjudication");
    stage.partner("other", "IITB", "Auth_Partner");

    for role in [
        "MISP_PARTNER",
        "MANUAL_ADJUDICATION",
        "PRINT_PARTNER",
        "INTERNAL_PARTNER",
        "BINDING_PARTNER",
        "POLICYMANAGER",
    ] {
        let path = format!("{PARTNERS}/partner-certificates-details");
        let who = Who::user("adjudicator", &[role]);
        let reply = replica.get(&who, &path).await;
        let own = item("adjudicator", "Manual_Adjudication", None, true);
        assert_eq!(
            reply.timeless(),
            envelope(json!([own]), json!([])),
            "{role}"
        );
    }
}

/// Partners of the user `owner`: two with certificates, two without.
async fn embedded() -> (Rc<Stage>, Replica) {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "DEVICE").await;
    for (id, kind) in [
        ("a", "Device_Provider"),
        ("b", "Device_Provider"),
        ("c", "FTM_Provider"),
        ("owner", "Auth_Partner"),
        ("other", "Auth_Partner"),
    ] {
        stage.partner(id, "Devices Ltd", kind);
    }
    stage.sql(
        "UPDATE pms.partner SET user_id = 'OWNER' WHERE id IN ('a', 'b', 'c'); \
         UPDATE pms.partner SET certificate_alias = '' WHERE id = 'c'",
    );
    for partner in ["a", "b"] {
        let request = json!({
            "partnerId": partner, "certificateData": root.leaf("Devices Ltd"),
            "partnerDomain": "DEVICE",
        });
        let path = format!("{PARTNERS}/certificate/upload");
        replica.post(&Who::admin(), &path, request).await.response();
    }
    stage.sql("UPDATE pms.partner SET is_active = false WHERE id = 'b'");
    (stage, replica)
}

const END: &str = "2027-11-24T10:00:00.000+00:00";

#[actix_web::test]
async fn all_own_partners_are_listed_with_and_without_certificates() {
    let (stage, replica) = embedded().await;

    let body = details(&replica, "Owner", "").await;

    let expected = json!([
        item("a", "Device_Provider", Some(END), true),
        item("b", "Device_Provider", Some(END), false),
        item("c", "FTM_Provider", None, true),
        item("owner", "Auth_Partner", None, true),
    ]);
    assert_eq!(body, envelope(expected.clone(), json!([])));
    // A certificate that nobody can read counts as none.
    stage.sql(
        "UPDATE keymgr.partner_cert_store SET signed_cert_data = 'x' WHERE cert_id = \
           (SELECT certificate_alias FROM pms.partner WHERE id = 'a')",
    );
    let body = details(&replica, "owner", "").await;
    assert_eq!(
        body["response"][0],
        item("a", "Device_Provider", None, true)
    );
    assert_eq!(body["response"][1], expected[1]);
}

#[actix_web::test]
async fn a_period_keeps_what_ends_in_it() {
    let (stage, replica) = embedded().await;
    let ids = async |query: &str| {
        let body = details(&replica, "owner", query).await;
        let items = body["response"].as_array().unwrap().clone();
        let ids = items
            .iter()
            .map(|item| item["partnerId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert!(ids("?expiryPeriod=30").await.is_empty());
    let ending = Authority::root("X").leaf_with("Y", ((2026, 1, 1), (2026, 12, 1)));
    let ended = Authority::root("X").leaf_with("Y", ((2026, 1, 1), (2026, 11, 24)));
    for (partner, pem) in [("a", ending), ("b", ended)] {
        stage.sql(&format!(
            "UPDATE keymgr.partner_cert_store SET signed_cert_data = '{pem}' WHERE cert_id = \
               (SELECT certificate_alias FROM pms.partner WHERE id = '{partner}')"
        ));
    }

    assert_eq!(ids("?expiryPeriod=7").await, ["a"]);
    assert!(ids("?expiryPeriod=6").await.is_empty());
    assert_eq!(ids("?expiryPeriod=").await.len(), 4);
    for (period, rule) in [
        ("0", "Expiry period must be at least 1 day."),
        ("31", "Expiry period cannot be more than 30 days."),
    ] {
        let path = format!("{PARTNERS}/partner-certificates-details?expiryPeriod={period}");
        let reply = replica.get(&Who::admin(), &path).await;
        let message = format!("Invalid request parameter - {rule} :expiryPeriod");
        assert_eq!(reply.status, 400);
        assert_eq!(reply.error(), error("PMS_COR_001", &message));
        // Before the role.
        let stranger = Who::user("owner", &["RESIDENT"]);
        assert_eq!(replica.get(&stranger, &path).await.status, 400);
        assert_eq!(replica.get(&Who::Nobody, &path).await.status, 401);
    }
}

#[actix_web::test]
async fn who_has_no_partner_learns_that_even_as_admin() {
    let (_stage, replica) = embedded().await;

    let nobody = refused("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
    assert_eq!(details(&replica, "nobody", "").await, nobody);
    let path = format!("{PARTNERS}/partner-certificates-details");
    let admin = replica.get(&Who::admin(), &path).await;
    assert_eq!(admin.timeless(), nobody);
    assert_eq!(replica.get(&Who::Nobody, &path).await.status, 401);
    let stranger = Who::user("owner", &["RESIDENT"]);
    assert_eq!(replica.get(&stranger, &path).await.status, 403);
}

#[actix_web::test]
async fn an_unknown_certificate_fails_the_call_with_the_key_managers_code() {
    let (stage, replica) = embedded().await;
    stage.sql("UPDATE pms.partner SET certificate_alias = 'lost' WHERE id = 'b'");

    let message = "Partner Certificate not found for the given ID.";
    assert_eq!(
        details(&replica, "owner", "").await,
        refused("KER-PCM-012", message)
    );
}

#[actix_web::test]
async fn our_batch_answers_for_each_id_or_not_at_all() {
    let (stage, replica) = embedded().await;
    let alias = |partner: &str| {
        stage.text(&format!(
            "SELECT certificate_alias FROM pms.partner WHERE id = '{partner}'"
        ))
    };
    let (a, b) = (alias("a"), alias("b"));
    let ask = async |ids: Value| {
        let request = json!({ "partnerCertIds": ids });
        replica.km("getPartnerCertificates", request).await
    };

    let both = ask(json!([b, a, b])).await.response();
    for (place, id) in [(0, &b), (1, &a), (2, &b)] {
        let path = format!("{KM}/getPartnerCertificate/{id}");
        let one = replica.get(&zonal(), &path).await.response();
        assert_eq!(both["certificates"][place], one);
    }
    assert_eq!(
        ask(json!([])).await.response(),
        json!({ "certificates": [] })
    );
    let unknown = error(
        "KER-PCM-012",
        "Partner Certificate not found for the given ID.",
    );
    assert_eq!(ask(json!([a, "x"])).await.error(), unknown);
    assert_eq!(ask(json!([a, "\0"])).await.error(), unknown);
    let blank = error("KER-PCM-010", "Invalid Partner Certificate ID.");
    assert_eq!(ask(json!([a, " "])).await.error(), blank);
    let many: Vec<String> = (0..1001).map(|number| number.to_string()).collect();
    assert_eq!(ask(json!(many)).await.error().0, "KER-KMS-005");
    assert_eq!(ask(Value::Null).await.error().0, "KER-KMS-005");
}

/// A remote key manager that counts how many calls it serves at once, and
/// waits until there are as many as it is told to expect.
#[derive(Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
    arrived: AtomicUsize,
    together: tokio::sync::Notify,
}

async fn certificate(busy: web::Data<Busy>, request: HttpRequest) -> HttpResponse {
    let now = busy.now.fetch_add(1, Ordering::SeqCst) + 1;
    busy.most.fetch_max(now, Ordering::SeqCst);
    let together = busy.together.notified();
    if busy.arrived.fetch_add(1, Ordering::SeqCst) + 1 >= 8 {
        busy.together.notify_waiters();
    } else {
        together.await;
    }
    busy.now.fetch_sub(1, Ordering::SeqCst);
    let id = request.match_info().query("id");
    HttpResponse::Ok().json(json!({
        "response": { "certificateData": id, "timestamp": null }, "errors": null,
    }))
}

#[actix_web::test]
async fn a_remote_key_manager_gets_eight_calls_at_once() {
    let busy = Arc::new(Busy::default());
    let shared = Arc::clone(&busy);
    let peer = actix_test::start(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&shared)))
            .route(
                "/v1/keymanager/getPartnerCertificate/{id}",
                web::get().to(certificate),
            )
    });
    let stage = Stage::new();
    let url = peer.url("/v1/keymanager");
    let settings = [
        ("key_manager.embedded", "false"),
        ("key_manager.url", &*url),
    ];
    let replica = stage.start(&settings).await;
    for number in 10..30 {
        let id = format!("p{number}");
        stage.partner(&id, "Org", "Device_Provider");
        stage.sql(&format!(
            "UPDATE pms.partner SET user_id = 'owner', certificate_alias = 'c{number}' \
             WHERE id = '{id}'"
        ));
    }

    let body = details(&replica, "owner", "").await;

    assert_eq!(body["response"].as_array().unwrap().len(), 20);
    assert_eq!(busy.arrived.load(Ordering::SeqCst), 20);
    assert_eq!(busy.most.load(Ordering::SeqCst), 8);
}
