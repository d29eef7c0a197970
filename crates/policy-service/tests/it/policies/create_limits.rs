//! `POST /policies`: what a request may hold.

use pms_domain::policy::naming::RESERVED_IDS;
use serde_json::json;

use crate::answers::*;
use crate::support::*;

const CREATE: &str = "/v1/policymanager/policies";

#[actix_web::test]
async fn what_does_not_fit_its_column_is_refused() {
    let app = start().await;
    app.group("group").await;
    let sizes = |length: usize| {
        let mut document = auth_document();
        let used = document.to_string().len() + r#","kycLanguages":[""]"#.len();
        document["kycLanguages"] = json!(["x".repeat(length - used)]);
        document
    };
    let request = draft("p", "group");

    for wrong in [
        with(&request, "policyId", json!("x".repeat(37))),
        with(&request, "policyId", json!("a\u{0}b")),
        with(&request, "version", json!("123456789")),
        with(&request, "policies", sizes(5121)),
        without(&request, "policies"),
    ] {
        let reply = app.post(&manager(), CREATE, &app.v1(&wrong)).await;
        assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    }
    let mut fitting = with(&request, "policies", sizes(5120));
    fitting["policyId"] = json!("x".repeat(36));
    fitting["version"] = json!("12345678");
    app.post(&manager(), CREATE, &app.v1(&fitting))
        .await
        .response();
}

#[actix_web::test]
async fn fields_have_limits() {
    let app = start().await;
    let type_missing = "value is empty or null. Allowed values Auth/DataShare/CredentialIssuance";
    let missing = "value is empty or null";
    let short = "Length should be in between 1 and 128 chars";
    let medium = "Length should be in between 1 and 256 chars";
    for (member, value, text) in [
        ("policyGroupName", json!(" "), missing),
        ("policyGroupName", json!("x".repeat(129)), short),
        ("policyType", json!(null), type_missing),
        ("policyType", json!("x".repeat(129)), short),
        ("name", json!(""), missing),
        ("name", json!("x".repeat(129)), short),
        ("desc", json!(""), missing),
        ("desc", json!("x".repeat(257)), medium),
        ("version", json!(" "), missing),
    ] {
        let body = app.v1(&with(&draft("p", "group"), member, value));
        let reply = app.post(&manager(), CREATE, &body).await;

        assert_field(&reply, &format!("{text} :request.{member}"));
    }
    assert_eq!(app.noted(), []);
}

#[actix_web::test]
async fn a_document_must_be_an_object() {
    let app = start().await;
    app.group("group").await;
    for document in [json!([1]), json!([]), json!("{}"), json!(1), json!(true)] {
        let body = app.v1(&with(&draft("p", "group"), "policies", document.clone()));
        let reply = app.post(&manager(), CREATE, &body).await;

        assert_refused(
            &reply,
            "PMS_PV_007",
            "Format Error: Expected format is object.",
        );
    }
    assert_eq!(app.rows_of("auth_policy").len(), 0);
}

#[actix_web::test]
async fn an_id_can_be_named_in_paths_and_both_id_and_name_read_as_they_are_stored() {
    let app = start().await;
    app.group("group").await;
    for (member, value) in [
        ("policyId", "a/b"),
        ("policyId", ".."),
        ("policyId", "ev;il"),
        ("policyId", "100%"),
        ("policyId", "v2"),
        ("policyId", "a\u{202e}b"),
        ("name", "a\u{202e}b"),
        ("name", "a\u{2066}b"),
        ("name", "a\u{feff}b"),
        ("name", "a\u{200b}b"),
        ("policyId", "a\u{ad}b"),
        ("name", "a\nb"),
    ] {
        let body = app.v1(&with(&draft("p", "group"), member, json!(value)));
        let reply = app.post(&manager(), CREATE, &body).await;

        let text = format!("Invalid Input Parameter - {member}");
        assert_refused(&reply, "PMS_COR_002", &text);
    }
    let mut request = with(
        &draft("p", "group"),
        "name",
        json!("a/b; 100% 👩\u{200d}🔬"),
    );
    request["policyId"] = json!("पी\u{200d}.1");
    app.post(&manager(), CREATE, &app.v1(&request))
        .await
        .response();
}

/// A policy with such an id could not be read.
#[test]
fn every_literal_segment_after_policies_is_reserved() {
    let mut literals = 0;
    for route in pms_policy_service::routes() {
        let rest = route.descriptor.path.strip_prefix(CREATE);
        let segment = rest.and_then(|rest| rest.split('/').nth(1));
        let Some(segment) = segment.filter(|segment| !segment.contains('{')) else {
            continue;
        };
        assert!(RESERVED_IDS.contains(&segment), "{segment} is not reserved");
        literals += 1;
    }
    assert!(literals >= RESERVED_IDS.len(), "{literals}");
}

#[actix_web::test]
async fn a_document_of_the_size_of_a_body_is_refused_with_its_fault() {
    let app = start().await;
    app.group("group").await;
    let mut types = vec![json!({ "authType": "otp", "mandatory": true }); 80_000];
    let mut request = draft("p", "group");
    request["policies"]["allowedAuthTypes"] = json!(types);
    let too_long = app.post(&manager(), CREATE, &app.v1(&request)).await;
    types.push(json!({ "authType": "otp" }));
    request["policies"]["allowedAuthTypes"] = json!(types);

    let wrong = app.post(&manager(), CREATE, &app.v1(&request)).await;

    assert_refused(&too_long, "PMS_COR_003", "Could not process the request");
    assert_refused(
        &wrong,
        "PMS_PV_006",
        "Missing input parameter - allowedAuthTypes/80000/mandatory in policy data",
    );
}
