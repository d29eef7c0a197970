//! What is fuzzed: each function takes any bytes, and panics when something is wrong.

mod bytes;
mod constrained;
pub(crate) mod forge;
mod graph;
mod sealed;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pms_pki::certificate::{Attribute, PublicKey};
use pms_pki::issue::{self, Issuer, PartnerProfile, Profile, Subject};
use pms_pki::reading::{MAX_CERTIFICATES, read_authorities, read_certificate, read_chain};
use pms_pki::rules::{Domain, UploadRules, admit_authorities, check_partner, partner_concerns};
use pms_pki::trust::{Authority, TrustStore};
use pms_pki::{Certificate, Pkcs8, SigningKey, pack};

pub(crate) use bytes::Bytes;
pub(crate) use constrained::name_constraints;
pub(crate) use forge::Plan;
pub(crate) use graph::trust_path;
pub(crate) use sealed::envelope;

/// Most certificates of a chain.
const LIMIT: usize = 50;

/// Takes any bytes.
type Target = fn(&[u8]);

/// All targets by name, for the test that replays the corpus.
pub(crate) const ALL: [(&str, Target); 9] = [
    ("certificate", certificate),
    ("facts", facts),
    ("pem", pem),
    ("authorities", authorities),
    ("chain", chain),
    ("ber", ber),
    ("trust_path", trust_path),
    ("name_constraints", name_constraints),
    ("envelope", envelope),
];

/// The DER of a certificate, and of a public key.
pub(crate) fn certificate(data: &[u8]) {
    if let Some(key) = PublicKey::from_der(data) {
        let _ = (key.is_usable(), key.has_small_exponent());
    }
    if let Ok(certificate) = Certificate::from_der(data) {
        assert!(data.starts_with(certificate.der()));
        exercise(&certificate);
    }
}

/// A certificate that is well-formed, around names and extensions that need not be.
pub(crate) fn facts(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut plan = Plan::leaf("Leaf", 1, "Root", 0);
    plan.serial = forge::element(0x02, bytes.part());
    let (kind, tag) = (bytes.take(3), bytes.byte());
    let odd = forge::relative(kind, tag, bytes.part());
    let plain = forge::relative(forge::ORGANIZATION, forge::UTF8_STRING, b"Acme Ltd");
    let common = forge::relative(forge::COMMON_NAME, bytes.byte(), bytes.part());
    plan.subject = forge::sequence(&[&odd, &plain, &common]);
    while !bytes.is_empty() {
        let kind = [0x55, 0x1d, bytes.up_to(64)];
        let critical = bytes.byte() % 2 == 1;
        plan.extensions
            .push(forge::extension(&kind, critical, bytes.part()));
    }
    if let Ok(certificate) = Certificate::from_der(&plan.sign()) {
        exercise(&certificate);
        reissue(&certificate);
    }
}

/// A text with a PEM block.
pub(crate) fn pem(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for text in [
        text.as_ref(),
        &format!("-----BEGIN C-----\n{text}\n-----END C-----"),
    ] {
        if let Ok(certificate) = read_certificate(text) {
            exercise(&certificate);
        }
    }
}

/// The data of a CA upload: as it is, as base64url, and in an armour.
pub(crate) fn authorities(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for text in [text.as_ref(), &URL_SAFE.encode(data), &armoured(data)] {
        for bundles in [true, false] {
            let found = read_authorities(text, bundles).unwrap_or_default();
            assert!(found.len() <= MAX_CERTIFICATES);
            let mut store = TRUSTED.clone();
            let _ = admit_authorities(found, &mut store, &rules(), forge::now(), String::new);
        }
    }
}

/// What a key manager answers to a partner upload.
pub(crate) fn chain(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for text in [text.as_ref(), &URL_SAFE.encode(data), &armoured(data)] {
        check_chain(text, None);
    }
}

/// The elements of a bundle: bytes where its certificates should be, and in the place of all of it.
pub(crate) fn ber(data: &[u8]) {
    let frame = pack::bundle(&[&FRAMED]);
    let place = frame.len() - FRAMED.der().len() - END_OF_BUNDLE;
    let mut bundle = frame[..place].to_vec();
    bundle.extend_from_slice(data);
    bundle.extend_from_slice(&frame[place..]);
    check_chain(&URL_SAFE.encode(&bundle), Some(&bundle));
    check_chain(&URL_SAFE.encode(data), Some(data));
}

/// Bytes of a bundle behind its certificates.
const END_OF_BUNDLE: usize = 10;
static FRAMED: LazyLock<Certificate> = LazyLock::new(|| read(&Plan::root("Root", 0)));
static TRUSTED: LazyLock<TrustStore> = LazyLock::new(|| store(std::slice::from_ref(&FRAMED)));
static ISSUER: LazyLock<(Certificate, SigningKey)> = LazyLock::new(|| {
    let key = SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap();
    let common_name = Some("Issuer".to_owned());
    let subject = Subject {
        common_name,
        ..Subject::default()
    };
    let (from, days) = (forge::now(), 1000);
    let profile = Profile {
        subject,
        from,
        days,
    };
    (issue::issue_root(&profile, &key).unwrap(), key)
});

fn check_chain(text: &str, source: Option<&[u8]>) {
    let Ok(chain) = read_chain(text) else { return };
    assert!((1..=LIMIT).contains(&chain.len()));
    if let Some(source) = source {
        // In their order, and nothing that is not there.
        let mut rest = source;
        for one in &chain {
            let der = one.der();
            let place = rest.windows(der.len()).position(|window| window == der);
            rest = &rest[place.expect("an invented certificate") + der.len()..];
        }
    }
    let chain: Vec<_> = chain.iter().collect();
    let again = read_chain(&pack::signed_certificate_data(&chain)).expect("its own bundle");
    assert_eq!(again.iter().collect::<Vec<_>>(), chain);
}

/// Everything that is asked about a certificate from outside.
fn exercise(certificate: &Certificate) {
    let _ = (
        certificate.serial(),
        certificate.subject().text(),
        certificate.thumbprint(),
    );
    let _ = (certificate.version(), format!("{certificate:?}"));
    let _ = (certificate.is_self_issued(), certificate.may_issue());
    assert_eq!(
        read_certificate(&pack::certificate_pem(certificate)).as_ref(),
        Ok(certificate)
    );
    assert_eq!(
        Certificate::from_der(certificate.der()).as_ref(),
        Ok(certificate)
    );
    let store = &*TRUSTED;
    let judged = check_partner(certificate, "Acme Ltd", store, &rules(), forge::now());
    let _ = (judged.is_ok(), partner_concerns(certificate, &auth()));
    let _ = store.known_issuers(certificate);
    let several = vec![certificate.clone(), FRAMED.clone()];
    let _ = admit_authorities(
        several,
        &mut store.clone(),
        &rules(),
        forge::now(),
        String::new,
    );
}

/// Whatever has a common name can be re-issued.
fn reissue(certificate: &Certificate) {
    let (issuer, key) = &*ISSUER;
    let domain = auth();
    let profile = PartnerProfile {
        domain: &domain,
        organization: "Acme Ltd",
        years: 1,
        strict: false,
    };
    let issuer = Issuer::new(issuer, key).unwrap();
    let issued = issue::issue_partner(certificate, &profile, &issuer, forge::now());
    let issued = issued.expect("what was read can be issued");
    let common_name = |one: &Certificate| {
        one.subject()
            .first(Attribute::CommonName)
            .map(str::to_owned)
    };
    let wanted = common_name(certificate).filter(|name| !name.is_empty());
    assert_eq!(common_name(&issued), wanted);
}

fn auth() -> Domain {
    Domain::parse("AUTH", &rules()).unwrap()
}

pub(crate) fn rules() -> UploadRules {
    UploadRules::default()
}

pub(crate) fn read(plan: &Plan) -> Certificate {
    Certificate::from_der(&plan.sign()).expect("a plan of our own")
}

pub(crate) fn store(certificates: &[Certificate]) -> TrustStore {
    let mut store = TrustStore::new();
    for (id, certificate) in certificates.iter().enumerate() {
        store.insert(Authority::new(id.to_string(), certificate.clone()).into());
    }
    store
}

fn armoured(data: &[u8]) -> String {
    let body = STANDARD.encode(data);
    format!("-----BEGIN PKCS7-----\n{body}\n-----END PKCS7-----")
}
