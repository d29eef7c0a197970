//! `pms keys list`.

use pms_certificate_service::admin::{self, KeyKind, KeyList};

use super::rotating::{NEW, safe};
use crate::support::service::{KEK, Stage, at};

fn list(stage: &Stage, overrides: &[(&str, &str)]) -> KeyList {
    let safe = safe(stage, overrides);
    admin::list(&mut stage.database.conn(), Some(&safe), stage.clock.now()).unwrap()
}

#[actix_web::test]
async fn every_key_tells_what_it_is_for_how_long_and_under_which_key() {
    let stage = Stage::new();
    stage.module(&[]).await.unwrap();

    let found = list(&stage, &[]);

    let kek_id = safe(&stage, &[]);
    let lines: Vec<_> = found
        .keys
        .iter()
        .map(|key| {
            let days = (key.current_until - key.from).num_days();
            (
                key.app_id.as_str(),
                key.ref_id.as_str(),
                key.kind,
                key.current,
                days,
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("PMS", "", KeyKind::Master, true, 1460 - 395),
            ("PMS", "PII-DATA", KeyKind::Base, true, 730 - 30),
            ("ROOT", "", KeyKind::Master, true, 2920 - 1125),
        ]
    );
    for key in &found.keys {
        assert!(format!("{kek_id:?}").contains(key.kek_id.as_ref().unwrap()));
    }
    assert_eq!(found.other_domains, 0);
}

#[actix_web::test]
async fn a_key_that_gets_old_is_not_current_and_a_base_key_shows_its_own_key() {
    let stage = Stage::new();
    stage.module(&[]).await.unwrap();
    let old = list(&stage, &[]).keys[0].kek_id.clone();
    // A process with another key alone gets no wrong name.
    let text = "UPDATE keymgr.master_key SET kek_id = 'another'";
    stage.sql(text);
    let others = list(&stage, &[("key_manager.kek", NEW)]);
    assert_eq!(others.keys[0].kek_id.as_deref(), Some("another"));
    assert_eq!(others.keys[1].kek_id, None);

    stage.clock.set(at("2029-11-24T10:00:00Z"));
    let found = list(
        &stage,
        &[("key_manager.kek", NEW), ("key_manager.second_kek", KEK)],
    );

    assert!(!found.keys[0].current && !found.keys[1].current && found.keys[2].current);
    assert_eq!(found.keys[1].kek_id, old);
}
