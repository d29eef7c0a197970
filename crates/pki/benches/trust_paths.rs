//! Trust verifications per second against 1000 CA certificates, one core.
//!
//! `cargo bench -p pms-pki`; the budget is 2,000 per second.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a measurement, run by hand"
)]

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use pms_pki::certificate::SignatureCheck;
use pms_pki::issue::{self, Issuer, Profile, Subject};
use pms_pki::rules::UploadRules;
use pms_pki::trust::{Authority, TrustStore};
use pms_pki::{Certificate, Pkcs8, SigningKey};

const ROOTS: usize = 100;
const SUBS_PER_ROOT: usize = 9;
const LEAFS: usize = 200;

fn main() {
    let now: DateTime<Utc> = SystemTime::now().into();
    let keys: [SigningKey; 3] =
        std::array::from_fn(|_| SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap());
    let profile = |name: String| Profile {
        subject: Subject {
            common_name: Some(name),
            ..Subject::default()
        },
        from: now - TimeDelta::days(1),
        days: 1000,
    };
    let mut store = TrustStore::new();
    let mut insert = |certificate: &Certificate| {
        let authority = Authority::new(String::new(), certificate.clone());
        store.insert(Arc::new(authority));
    };
    let mut leafs = Vec::new();
    for root in 0..ROOTS {
        let root = issue::issue_root(&profile(format!("Root {root}")), &keys[0]).unwrap();
        insert(&root);
        for sub in 0..SUBS_PER_ROOT {
            let name = format!("Sub {sub} of {}", root.subject().text());
            let issuer = Issuer::new(&root, &keys[0]).unwrap();
            let sub = issue::issue_master(&profile(name), keys[1].public_key(), false, &issuer);
            let sub = sub.unwrap();
            insert(&sub);
            if leafs.len() < LEAFS {
                let issuer = Issuer::new(&sub, &keys[1]).unwrap();
                let leaf = profile(format!("Leaf {}", leafs.len()));
                let leaf = issue::issue_base(&leaf, keys[2].public_key(), &issuer).unwrap();
                leafs.push(leaf.der().to_vec());
            }
        }
    }
    measure(&store, &leafs, now);
}

fn measure(store: &TrustStore, leafs: &[Vec<u8>], now: DateTime<Utc>) {
    let rules = UploadRules::default();
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < Duration::from_secs(3) {
        for leaf in leafs {
            let leaf = Certificate::from_der(leaf).unwrap();
            assert_eq!(store.path(&leaf, now, &rules).unwrap().issuers().len(), 2);
            count += 1;
        }
    }
    let each = start.elapsed() / count;
    let per_second = Duration::from_secs(1).as_nanos() / each.as_nanos();
    let leaf = Certificate::from_der(&leafs[0]).unwrap();
    let path = store.path(&leaf, now, &rules).unwrap();
    let key = path.issuers()[0].certificate().public_key();
    let (start, mut bare) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_secs(1) {
        assert_eq!(leaf.check_signature(key), SignatureCheck::Valid);
        bare += 1;
    }
    println!("bare: {bare} RSA-2048 signatures verified in a second");
    println!(
        "{} authorities: {per_second} verifications per second",
        store.members().len()
    );
}
