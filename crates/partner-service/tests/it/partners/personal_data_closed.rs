//! What the key manager refuses to decrypt.

use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::json;

use super::personal_data::{address, profile, sealed};
use crate::support::{Row, Stage};

/// How many rows were not opened for this reason.
async fn not_opened(stage: &Stage, reason: &str) -> String {
    let page = stage.get(&Who::Nobody, "/actuator/prometheus").await.text;
    let label = format!("reason=\"{reason}\"");
    let mut lines = page.lines();
    let line = lines
        .find(|line| line.starts_with("personal_data_rows_closed_total") && line.contains(&label));
    let value = line.and_then(|line| line.rsplit_once(' '));
    value.map(|(_, value)| value.to_owned()).unwrap_or_default()
}

#[actix_web::test]
async fn a_refusal_that_is_about_no_text_answers_what_is_stored_and_is_not_believed_later() {
    let stage = Stage::start().await;
    let email = stage.keys.seal("info@acme.org");
    stage.partner(&Row {
        email: &email,
        ..Row::default()
    });
    let error = |code: &str| PeerFailure::Error(code.to_owned(), "Why not".to_owned());
    let passing = [
        error("KER-CRY-012"),
        error("KER-KMS-500"),
        PeerFailure::Body(json!({ "id": null })),
        PeerFailure::Body(json!({ "response": null, "errors": [] })),
    ];

    for failure in passing {
        stage.keys.fail("decrypt", failure.clone());
        let read = profile(&stage, "acme").await;
        assert_eq!(read["emailId"], json!(email), "{failure:?}");
    }
    stage.keys.recover();
    assert_eq!(profile(&stage, "acme").await["emailId"], "info@acme.org");

    assert_eq!(stage.keys.calls("decrypt"), 5);
    assert_eq!(not_opened(&stage, "refused").await, "4");
}

#[actix_web::test]
async fn a_column_that_is_refused_alone_is_asked_for_alone() {
    let stage = Stage::start().await;
    sealed(&stage, "acme");
    let refused = PeerFailure::Error("KER-CRY-012".to_owned(), "Why not".to_owned());
    let stored = address(&stage, "acme");
    stage.keys.fail_for(&stored, refused);

    let part = profile(&stage, "acme").await;
    stage.keys.recover();
    let whole = profile(&stage, "acme").await;

    assert_eq!(part["address"], json!(stored));
    assert_eq!(part["contactNumber"], "700-1");
    assert_eq!(whole["address"], "Street of acme");
    assert_eq!(stage.keys.calls("decrypt"), 4);
}

#[actix_web::test]
async fn what_no_key_opens_is_believed_for_a_minute_whichever_code_says_so() {
    let codes = [
        "KER-KMS-018",
        "KER-KMS-019",
        "KER-KMS-023",
        "KER-KMS-024",
        "KER-KMS-025",
        "KER-CRY-003",
        "KER-FSE-003",
    ];
    let stage = Stage::start().await;
    for (number, code) in codes.iter().enumerate() {
        let id = format!("p{number}");
        stage.partner(&Row {
            id: &id,
            email: &stage.keys.seal("info@acme.org"),
            email_hash: Some(&id),
            ..Row::default()
        });
        let error = PeerFailure::Error((*code).to_owned(), "Why not".to_owned());
        stage.keys.fail("decrypt", error);
        profile(&stage, &id).await;
        stage.keys.recover();
        let read = profile(&stage, &id).await;
        assert_ne!(read["emailId"], "info@acme.org", "{code}");
        assert_eq!(stage.keys.calls("decrypt"), number + 1, "{code}");
    }
    assert_eq!(
        not_opened(&stage, "unreadable").await,
        codes.len().to_string()
    );
}
