//! No input makes the readers or the rules panic.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pms_pki::envelope::Envelope;
use pms_pki::issue::{self, PartnerProfile};
use pms_pki::reading::{read_authorities, read_certificate, read_chain};
use pms_pki::rules::{Domain, admit_authorities, check_partner};
use pms_pki::trust::TrustStore;
use pms_pki::{Certificate, certificate, pack};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{NOW, OurCa, Party, RSA, ca_params, other_key, params, root, rules, store};

/// Certificates with as many features as there are: names, constraints, keys.
static SAMPLES: LazyLock<Vec<Certificate>> = LazyLock::new(|| {
    let mut constrained = ca_params("Sub");
    constrained.name_constraints = Some(rcgen::NameConstraints {
        permitted_subtrees: vec![
            rcgen::GeneralSubtree::DnsName("example.com".into()),
            rcgen::GeneralSubtree::Rfc822Name("example.com".into()),
        ],
        excluded_subtrees: vec![rcgen::GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4(
            [10, 0, 0, 0],
            [255, 0, 0, 0],
        ))],
    });
    let mut named = params("Leaf");
    named.use_authority_key_identifier_extension = true;
    named.subject_alt_names = vec![
        rcgen::SanType::DnsName("example.com".try_into().unwrap()),
        rcgen::SanType::IpAddress([192, 168, 0, 1].into()),
    ];
    let root = root();
    let sub = root.issue(constrained, &RSA[1]);
    let leaf = sub.issue(named, &RSA[2]);
    let curve = Party::root(
        ca_params("Curve"),
        other_key(&rcgen::PKCS_ECDSA_P256_SHA256),
    );
    vec![
        root.certificate,
        sub.certificate,
        leaf.certificate,
        curve.certificate,
    ]
});
static CA: LazyLock<OurCa> = LazyLock::new(OurCa::new);

/// Everything that can be done with a certificate that was read.
fn exercise(certificate: &Certificate) {
    let _ = (
        certificate.serial(),
        certificate.subject().text(),
        certificate.thumbprint(),
    );
    let _ = (certificate.version(), format!("{certificate:?}"));
    let mut store = store(SAMPLES.iter());
    let _ = check_partner(certificate, "Acme Ltd", &store, &rules(), *NOW);
    let _ = store.known_issuers(certificate);
    let several = vec![certificate.clone(), SAMPLES[0].clone()];
    let _ = admit_authorities(several, &mut store, &rules(), *NOW, String::new);
    let domain = Domain::parse("AUTH", &rules()).unwrap();
    let profile = PartnerProfile {
        domain: &domain,
        organization: "Acme Ltd",
        years: 1,
        strict: false,
    };
    let _ = issue::issue_partner(certificate, &profile, &CA.issuer(), *NOW);
}

fn read_all(text: &str) {
    let _ = read_certificate(text);
    let _ = read_chain(text);
    let _ = Envelope::parse(text).map(|envelope| envelope.thumbprint().is_some());
    for bundles in [true, false] {
        for certificate in read_authorities(text, bundles)
            .unwrap_or_default()
            .iter()
            .take(3)
        {
            exercise(certificate);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        read_all(&text);
        read_all(&format!("-----BEGIN {text}"));
        read_all(&format!("-----BEGIN C-----\n{text}\n-----END C-----"));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..600)) {
        let _ = Certificate::from_der(&bytes);
        let _ = certificate::PublicKey::from_der(&bytes);
        read_all(&URL_SAFE.encode(&bytes));
        let body = STANDARD.encode(&bytes);
        read_all(&format!("-----BEGIN PKCS7-----\n{body}\n-----END PKCS7-----"));
    }

    #[test]
    fn mutated_certificates_are_read_without_panic(
        sample in 0..4_usize,
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut der = SAMPLES[sample].der().to_vec();
        for (place, value) in changes {
            let place = place.index(der.len());
            der[place] = value;
        }
        if let Ok(certificate) = Certificate::from_der(&der) {
            exercise(&certificate);
        }
    }

    #[test]
    fn cut_and_stretched_certificates_are_read_without_panic(
        sample in 0..4_usize,
        place in any::<prop::sample::Index>(),
        removed in 0..40_usize,
        inserted in vec(any::<u8>(), 0..40),
    ) {
        let mut der = SAMPLES[sample].der().to_vec();
        let start = place.index(der.len());
        let end = (start + removed).min(der.len());
        der.splice(start..end, inserted);
        if let Ok(certificate) = Certificate::from_der(&der) {
            exercise(&certificate);
        }
    }

    #[test]
    fn mutated_bundles_are_read_without_panic(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let chain: Vec<_> = SAMPLES.iter().collect();
        let mut bytes = pack::bundle(&chain);
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        read_all(&URL_SAFE.encode(&bytes));
        bytes.truncate(cut.index(bytes.len()));
        read_all(&URL_SAFE.encode(&bytes));
    }

    #[test]
    fn a_mutated_certificate_is_never_trusted(
        place in any::<prop::sample::Index>(),
        change in 1..=255_u8,
    ) {
        let trusted = store(&SAMPLES[..2]);
        let mut der = SAMPLES[2].der().to_vec();
        let place = place.index(der.len());
        der[place] ^= change;
        if let Ok(certificate) = Certificate::from_der(&der) {
            prop_assert!(trusted.path(&certificate, *NOW, &rules()).is_err());
        }
    }
}

#[test]
fn what_is_too_large_is_not_even_parsed() {
    let mut bytes = vec![0x30, 0x83, 0x01, 0x86, 0xa0];
    bytes.resize(5 + 100_000, 0);

    assert_eq!(
        Certificate::from_der(&bytes),
        Err(certificate::CertificateFault::TooLarge)
    );
}

#[test]
fn the_unmutated_certificate_is_trusted() {
    let trusted: TrustStore = store(&SAMPLES[..2]);

    assert!(trusted.path(&SAMPLES[2], *NOW, &rules()).is_ok());
}
