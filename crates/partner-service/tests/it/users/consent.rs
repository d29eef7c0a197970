use futures_util::future::join;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, refusal};
use crate::support::{BASE, Row, Stage, auth_partner};

const GET: &str = "mosip.pms.user.consent.get";
const POST: &str = "mosip.pms.user.consent.post";
const PATH: &str = "/users/user-consent";

async fn stage() -> Stage {
    with(&[]).await
}

async fn with(settings: &[(&str, &str)]) -> Stage {
    let stage = Stage::with(|builder| builder.settings(settings)).await;
    stage.partner(&Row {
        id: "acme",
        user: "anna",
        active: false,
        ..Row::default()
    });
    stage
}

async fn give(stage: &Stage, who: &Who) -> Reply {
    let path = format!("{BASE}{PATH}");
    stage.app.send(who, "POST", &path, None).await
}

fn consented(at: &str) -> Value {
    json!({ "userId": "anna", "consentGiven": true, "consentGivenDateTime": at })
}

fn refused() -> Value {
    json!({ "userId": "anna", "consentGiven": false, "consentGivenDateTime": null })
}

#[actix_web::test]
async fn consent_is_given_once_and_renewed_later() {
    let stage = stage().await;
    let anna = auth_partner("anna");

    let before = stage.get(&anna, PATH).await;
    assert_eq!(
        (before.status, before.timeless()),
        (200, answered(GET, &refused()))
    );
    let given = give(&stage, &anna).await;
    let at = "2026-11-24T10:00:00";
    assert_eq!(
        (given.status, given.timeless()),
        (200, answered(POST, &consented(at)))
    );
    let after = stage.get(&anna, PATH).await.timeless();
    assert_eq!(after, answered(GET, &consented(at)));
    let row = "SELECT id ~ '^id[0-9a-f]{32}$' AS id, user_id, consent_given, consent_given_dtimes,
                 cr_by, cr_dtimes, upd_by, upd_dtimes, notifications_seen_dtimes FROM user_details";
    assert_eq!(
        stage.rows(row),
        json!([{
            "id": true,
            "user_id": "anna",
            "consent_given": "YES",
            "consent_given_dtimes": at,
            "cr_by": "anna",
            "cr_dtimes": at,
            "upd_by": null,
            "upd_dtimes": null,
            "notifications_seen_dtimes": null,
        }])
    );

    stage.sql(
        "UPDATE user_details SET consent_given = 'NO', notifications_seen_dtimes = '2026-01-01'",
    );
    let withdrawn = stage.get(&anna, PATH).await.timeless();
    assert_eq!(withdrawn, answered(GET, &refused()));
    let later = "2026-11-24T10:00:01.5";
    stage
        .app
        .clock
        .set("2026-11-24T10:00:01.500Z".parse().unwrap());
    let again = give(&stage, &anna).await;
    assert_eq!(again.timeless(), answered(POST, &consented(later)));
    assert_eq!(
        stage.rows(row),
        json!([{
            "id": true,
            "user_id": "anna",
            "consent_given": "YES",
            "consent_given_dtimes": later,
            "cr_by": "anna",
            "cr_dtimes": at,
            "upd_by": "anna",
            "upd_dtimes": later,
            "notifications_seen_dtimes": "2026-01-01T00:00:00",
        }])
    );
}

#[actix_web::test]
async fn consent_given_twice_at_once_is_one_row() {
    let stage = stage().await;
    let anna = auth_partner("anna");

    let (first, second) = join(give(&stage, &anna), give(&stage, &anna)).await;

    assert_eq!(first.response(), second.response());
    assert_eq!(
        stage.text("SELECT count(*) FROM user_details").as_deref(),
        Some("1")
    );
}

#[actix_web::test]
async fn a_user_without_partners_is_unknown() {
    let stage = stage().await;
    let text = "User Id does not exists.";

    for who in [auth_partner("bert"), Who::admin(), Who::policy_manager()] {
        let requested = stage.get(&who, PATH).await.timeless();
        let given = give(&stage, &who).await.timeless();
        assert_eq!(requested, refusal(GET, "PMS_CERTIFICATE_ERROR_002", text));
        assert_eq!(given, refusal(POST, "PMS_CERTIFICATE_ERROR_002", text));
    }
    assert_eq!(stage.rows("SELECT id FROM user_details"), json!([]));
}

#[actix_web::test]
async fn faults_have_codes_of_their_own() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    stage.sql("DROP TABLE user_details");

    let requested = stage.get(&anna, PATH).await.timeless();
    let given = give(&stage, &anna).await.timeless();

    assert_eq!(
        requested,
        refusal(
            GET,
            "PMS_CONSENT_ERROR_001",
            "Error while fetching partner consent."
        )
    );
    assert_eq!(
        given,
        refusal(
            POST,
            "PMS_CONSENT_ERROR_002",
            "Error while saving partner consent."
        )
    );
}

#[actix_web::test]
async fn any_role_may_consent_unless_the_operator_lists_roles() {
    let stage = stage().await;
    for roles in [&["MISP_PARTNER"][..], &["PRINT_PARTNER"], &[]] {
        let anna = Who::user("anna", roles);
        let given = give(&stage, &anna).await.timeless();
        assert_eq!(given, answered(POST, &consented("2026-11-24T10:00:00")));
        assert_eq!(stage.get(&anna, PATH).await.status, 200);
    }

    let stage = with(&[("roles.userconsent", "AUTH_PARTNER")]).await;
    let unlisted = Who::user("anna", &["PARTNER"]);
    assert_eq!(give(&stage, &auth_partner("anna")).await.status, 200);
    for (who, status, code) in [
        (&unlisted, 403, "KER-ATH-403"),
        (&Who::Nobody, 401, "KER-ATH-401"),
    ] {
        for reply in [stage.get(who, PATH).await, give(&stage, who).await] {
            assert_eq!((reply.status, reply.error().0.as_str()), (status, code));
        }
    }
}
