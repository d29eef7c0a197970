//! `pms keys rotate`: another key encryption key without downtime.

use pms_certificate_service::admin::{self, KeySafe, Resealed, Rotation};
use pms_database::DbError;
use serde_json::json;

use crate::support::service::{KEK, Stage};

pub const NEW: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

/// The keys of these settings.
pub fn safe(stage: &Stage, overrides: &[(&str, &str)]) -> KeySafe {
    let runtime = stage.runtime("http://127.0.0.1:9", overrides);
    KeySafe::open(&runtime.settings.key_manager, &mut stage.database.conn()).unwrap()
}

fn rotate(stage: &Stage, overrides: &[(&str, &str)]) -> Result<Rotation, DbError> {
    let now = stage.clock.now_naive();
    admin::rotate(&mut stage.database.conn(), &safe(stage, overrides), now)
}

const BOTH: [(&str, &str); 2] = [("key_manager.kek", NEW), ("key_manager.second_kek", KEK)];
const ALONE: [(&str, &str); 1] = [("key_manager.kek", NEW)];

#[actix_web::test]
async fn all_keys_are_sealed_again_while_replicas_run_with_either_key() {
    let stage = Stage::new();
    let data = |data: &serde_json::Value| json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "timeStamp": "x", "data": data });
    // First every replica accepts the next key, then every replica uses it.
    let first = stage.start(&[("key_manager.second_kek", NEW)]).await;
    let sealed = first.km("encrypt", data(&json!("YWNtZQ"))).await.response()["data"].clone();
    let second = stage.start(&BOTH).await;
    let root = first.certificate("ROOT", "").await;
    assert_eq!(second.certificate("ROOT", "").await, root);

    let done = rotate(&stage, &BOTH).unwrap();

    assert_eq!((done.masters.changed, done.bases.changed), (2, 1));
    assert_eq!(
        done.kek_id,
        stage.text("SELECT max(kek_id) FROM keymgr.master_key")
    );
    assert_eq!(
        stage.text("SELECT count(DISTINCT kek_id) FROM keymgr.master_key"),
        "1"
    );
    // A replica with the old first key still starts, since it accepts both.
    stage
        .module(&[("key_manager.second_kek", NEW)])
        .await
        .unwrap();
    // Then the old key goes.
    let third = stage.start(&ALONE).await;
    assert_eq!(third.certificate("ROOT", "").await, root);
    for replica in [&first, &second, &third] {
        assert_eq!(
            replica.km("decrypt", data(&sealed)).await.response()["data"],
            "YWNtZQ=="
        );
    }
    let error = stage.module(&[]).await.err().unwrap().to_string();
    assert!(
        error.starts_with("key_manager.kek is not the key"),
        "{error}"
    );
}

#[actix_web::test]
async fn rotating_twice_changes_nothing_more() {
    let stage = Stage::new();
    stage.module(&[]).await.unwrap();
    rotate(&stage, &BOTH).unwrap();
    let rows =
        "SELECT string_agg(encode(private_key, 'hex'), ' ' ORDER BY id) FROM keymgr.master_key";
    let before = stage.text(rows);

    let again = rotate(&stage, &ALONE).unwrap();

    let already = |count| Resealed {
        changed: 0,
        already: count,
    };
    assert_eq!((again.masters, again.bases), (already(2), already(1)));
    assert_eq!(stage.text(rows), before);
}

#[actix_web::test]
async fn a_key_that_was_sealed_with_neither_stops_it_and_nothing_is_changed() {
    let stage = Stage::new();
    stage.module(&[]).await.unwrap();
    let rows = "SELECT string_agg(kek_id || encode(private_key, 'hex'), ' ' ORDER BY id) FROM keymgr.master_key";
    // A base key comes last: what was done before it must be undone.
    stage.sql(
        "UPDATE keymgr.key_store SET private_key = 'AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA='",
    );
    let before = stage.text(rows);

    let error = rotate(&stage, &BOTH).unwrap_err().to_string();

    assert!(
        error.contains("neither with key_manager.kek (") && error.contains("nothing was changed"),
        "{error}"
    );
    assert!(
        !error.contains('\n') && !error.contains(KEK) && !error.contains(NEW),
        "{error}"
    );
    assert_eq!(stage.text(rows), before);

    let error = rotate(&stage, &[("key_manager.kek", &"77".repeat(32))])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("key_manager.second_kek is not set"),
        "{error}"
    );
}

#[actix_web::test]
async fn keys_that_are_made_meanwhile_wait_and_are_not_lost() {
    let stage = Stage::new();
    let replica = stage.start(&[("key_manager.second_kek", NEW)]).await;
    let made = (0..4).map(|number| {
        let request = json!({ "applicationId": "PMS", "referenceId": format!("R{number}"), "timeStamp": "x", "data": "YWNtZQ" });
        replica.km("encrypt", request)
    });
    let url = stage.database.url();
    let both = safe(&stage, &BOTH);
    let now = stage.clock.now_naive();
    let rotating = tokio::task::spawn_blocking(move || {
        admin::rotate(&mut pms_database::connect(&url).unwrap(), &both, now).unwrap()
    });

    let (answers, done) = tokio::join!(futures_util::future::join_all(made), rotating);

    for answer in answers {
        answer.response();
    }
    done.unwrap();
    // Whatever came after the first run was sealed with the old key.
    let rest = rotate(&stage, &BOTH).unwrap();
    assert_eq!(rest.bases.changed + rest.bases.already, 5);
    stage.module(&ALONE).await.unwrap();
}

#[actix_web::test]
async fn the_second_key_is_checked_like_the_first_and_never_made() {
    let stage = Stage::new();
    let refused =
        async |overrides: &[(&str, &str)]| stage.module(overrides).await.err().unwrap().to_string();

    assert!(
        refused(&[("key_manager.second_kek", "short")])
            .await
            .contains("key_manager.second_kek: key encryption key is not 32 bytes")
    );
    assert!(
        refused(&[("key_manager.second_kek_file", "/nowhere/kek")])
            .await
            .contains("key_manager.second_kek_file /nowhere/kek: does not exist")
    );
    let two = [
        ("key_manager.second_kek", NEW),
        ("key_manager.second_kek_file", "/x"),
    ];
    assert!(
        refused(&two)
            .await
            .contains("set key_manager.second_kek or key_manager.second_kek_file, not both")
    );
}
