//! Nothing about a private key leaves through a report, an error or `Debug`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pms_certificate_service::admin::{self, Keystore};
use pms_pki::Kek;

use super::foreign::{Foreign, KEYSTORE, PASSWORD, Version};
use super::rotating::{NEW, safe};
use crate::support::service::{KEK, Stage};

/// Texts that betray a key: a piece from its middle, in every usual form.
pub fn traces(secret: &[u8]) -> Vec<String> {
    let middle = secret.len() / 2;
    let mut traces = vec![hex::encode(&secret[middle..middle + 12])];
    traces.push(
        format!("{:?}", &secret[middle..middle + 12])
            .trim_matches(['[', ']'])
            .to_owned(),
    );
    for shift in 0..3 {
        let piece = &secret[middle + shift..middle + shift + 12];
        traces.push(STANDARD.encode(piece));
        traces.push(URL_SAFE.encode(piece));
    }
    traces
}

fn private_keys(stage: &Stage, kek: &str) -> Vec<Vec<u8>> {
    let kek = Kek::from_text(kek).unwrap();
    let mut conn = stage.database.conn();
    let masters = pms_database::keys::list_masters(&mut conn).unwrap();
    let bases = pms_database::keys::list_base_keys(&mut conn).unwrap();
    let masters = masters
        .iter()
        .map(|row| kek.open(&row.id, &row.private_key));
    let bases = bases
        .iter()
        .map(|row| kek.open(&row.id, &STANDARD.decode(&row.private_key).unwrap()));
    masters
        .chain(bases)
        .map(|key| key.unwrap().expose().to_vec())
        .collect()
}

#[actix_web::test]
async fn reports_errors_and_debug_hold_no_key() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    let mut output = String::new();
    let keystore = Keystore::open(KEYSTORE, PASSWORD).unwrap();
    output += &format!("{keystore:?}");
    output += &format!("{:?}", foreign.import(&stage, false, false).unwrap());
    let keys = private_keys(&stage, KEK);
    let first = safe(&stage, &[]);
    output += &format!(
        "{first:?} {:?}",
        admin::list(&mut stage.database.conn(), Some(&first), stage.clock.now()).unwrap()
    );
    let both = safe(
        &stage,
        &[("key_manager.kek", NEW), ("key_manager.second_kek", KEK)],
    );
    output += &format!(
        "{both:?} {:?}",
        admin::rotate(&mut stage.database.conn(), &both, stage.clock.now_naive()).unwrap()
    );
    output += &format!(
        "{:?}",
        admin::rotate(&mut stage.database.conn(), &first, stage.clock.now_naive()).unwrap_err()
    );
    stage.sql("UPDATE keymgr.key_store SET private_key = 'not base64!'");
    output += &format!(
        "{:?}",
        stage
            .module(&[("key_manager.kek", NEW)])
            .await
            .err()
            .unwrap()
    );

    assert_eq!(keys.len(), 6);
    for key in keys
        .iter()
        .chain([&hex::decode(KEK).unwrap(), &hex::decode(NEW).unwrap()])
    {
        for trace in traces(key) {
            assert!(!output.contains(&trace), "{output}");
        }
    }
    assert!(
        !output.contains("not base64!") && !output.contains(PASSWORD),
        "{output}"
    );
}
