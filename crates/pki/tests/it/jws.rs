//! Signed tokens: round trips, what must be refused, and what openssl says about them.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pms_pki::issue::{self, certificate_request};
use pms_pki::jws::{Algorithm, Header, Token, decode_payload, sign};
use pms_pki::{
    Certificate, EllipticCurve, EllipticKey, KeyManagerError, Pkcs8, Signer, SigningKey, errors,
};
use proptest::prelude::*;

use crate::support::{OurCa, other_key, params, profile, root};
use crate::tools::OpenSsl;

enum Key {
    Rsa(SigningKey),
    Elliptic(EllipticKey),
}

/// A key with its certificate.
struct Holder {
    key: Key,
    certificate: Certificate,
}

impl Holder {
    fn signer(&self) -> Signer<'_> {
        match &self.key {
            Key::Rsa(key) => key.into(),
            Key::Elliptic(key) => key.into(),
        }
    }

    fn sign(&self, payload: &[u8]) -> String {
        sign(&Header::default(), payload, false, self.signer()).unwrap()
    }
}

static OURS: LazyLock<OurCa> = LazyLock::new(OurCa::new);

/// One key of each kind that signs: RSA, P-256, secp256k1, Edwards.
static HOLDERS: LazyLock<Vec<Holder>> = LazyLock::new(|| {
    let rsa = SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap();
    let elliptic = EllipticCurve::ALL.map(|curve| {
        let key = Pkcs8::generate_elliptic(curve).unwrap();
        Key::Elliptic(EllipticKey::from_pkcs8(curve, &key).unwrap())
    });
    let keys = [Key::Rsa(rsa)].into_iter().chain(elliptic);
    keys.map(certified).collect()
});

fn certified(key: Key) -> Holder {
    let public_key = match &key {
        Key::Rsa(key) => key.public_key(),
        Key::Elliptic(key) => key.public_key(),
    };
    let root = OURS.root_issuer();
    let certificate = issue::issue_master(&profile("KERNEL", 365), public_key, false, &root);
    Holder {
        certificate: certificate.unwrap(),
        key,
    }
}

fn header_of(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap());
    String::from_utf8(header.unwrap()).unwrap()
}

/// A token with this header and no true signature.
fn forged(header: &str) -> String {
    format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(header))
}

fn refusal(token: &str) -> KeyManagerError {
    Token::parse(token).unwrap_err()
}

#[test]
fn each_kind_of_key_has_its_algorithm_and_verifies_only_its_own_tokens() {
    let names = ["RS256", "ES256", "ES256K", "EdDSA"];
    for (holder, name) in HOLDERS.iter().zip(names) {
        let text = holder.sign(b"{\"a\":1}");
        assert_eq!(header_of(&text), format!("{{\"alg\":\"{name}\"}}"));
        let token = Token::parse(&text).unwrap();
        for other in &*HOLDERS {
            let expected = if std::ptr::eq(holder, other) {
                Ok(true)
            } else {
                Err(errors::JWS_VERIFICATION_FAILED)
            };
            assert_eq!(token.verify(&other.certificate), expected, "{name}");
        }
    }
    let stranger = certified(Key::Rsa(
        SigningKey::from_pkcs8(&Pkcs8::generate_rsa().unwrap()).unwrap(),
    ));
    let token = Token::parse(&stranger.sign(b"{}")).unwrap();
    assert_eq!(token.verify(&HOLDERS[0].certificate), Ok(false));
}

#[test]
fn curves_are_recognised_by_their_public_keys() {
    for (holder, curve) in HOLDERS[1..].iter().zip(EllipticCurve::ALL) {
        let key = holder.certificate.public_key();
        assert_eq!(EllipticCurve::of(key), Some(curve));
        assert_eq!(key.info(), holder.signer().public_key().info());
    }
    let p384 = root().issue(params("P-384"), other_key(&rcgen::PKCS_ECDSA_P384_SHA384));
    assert_eq!(EllipticCurve::of(p384.certificate.public_key()), None);
    assert_eq!(EllipticCurve::of(HOLDERS[0].certificate.public_key()), None);
    let key = Pkcs8::generate_elliptic(EllipticCurve::P256).unwrap();
    assert!(EllipticKey::from_pkcs8(EllipticCurve::Secp256k1, &key).is_err());
    assert!(EllipticKey::from_pkcs8(EllipticCurve::Ed25519, &key).is_err());
}

#[test]
fn the_members_of_a_header_have_the_order_of_the_wire() {
    let Holder { certificate, .. } = &HOLDERS[1];
    let header = Header {
        certificate: Some(certificate),
        hash_of: Some(certificate),
        certificate_url: Some("https://example.org/c"),
        key_id: Some("kid="),
    };
    let text = sign(&header, b"{}", false, HOLDERS[1].signer()).unwrap();

    let expected = format!(
        "{{\"alg\":\"ES256\",\"x5c\":[\"{}\"],\"x5t#S256\":\"{}\",\
         \"x5u\":\"https://example.org/c\",\"kid\":\"kid=\"}}",
        STANDARD.encode(certificate.der()),
        URL_SAFE_NO_PAD.encode(certificate.sha256()),
    );
    assert_eq!(header_of(&text), expected);
    let token = Token::parse(&text).unwrap();
    assert_eq!(token.certificate(), Some(certificate));
    assert_eq!(token.certificate_hash(), Some(&certificate.sha256()[..]));
    assert_eq!(token.key_id(), Some("kid="));
    assert_eq!(token.verify(certificate), Ok(true));
    // The hash names one certificate, so no other one will do.
    assert_eq!(
        token.verify(&HOLDERS[2].certificate),
        Err(errors::JWS_SIGNATURE_INVALID)
    );
}

#[test]
fn a_payload_can_travel_apart() {
    let detached = sign(&Header::default(), b"{\"a\":1}", true, HOLDERS[1].signer()).unwrap();
    assert!(detached.contains(".."));
    let verify = |payload: &str| {
        let token = Token::parse(&detached).unwrap().with_payload(payload);
        token.unwrap().verify(&HOLDERS[1].certificate)
    };

    assert_eq!(verify("eyJhIjoxfQ"), Ok(true));
    assert_eq!(verify("eyJhIjoxfQ=="), Ok(true));
    assert_eq!(verify("eyJhIjoyfQ"), Ok(false));
    let alone = Token::parse(&detached).unwrap();
    assert_eq!(alone.verify(&HOLDERS[1].certificate), Ok(false));
    assert_eq!(alone.with_payload("a b").unwrap_err(), errors::NOT_BASE64);
    assert_eq!(decode_payload("YQ=="), Ok(b"a".to_vec()));
}

#[test]
fn what_is_no_token_is_refused() {
    let unreadable = errors::JWS_SIGNATURE_INVALID;
    for header in [
        "",
        "[]",
        "\"RS256\"",
        "{\"alg\":1}",
        "{\"alg\":\"RS256\",\"alg\":\"ES256\"}",
        "{\"alg\":\"RS256\",\"x5c\":[\"bm9uZQ==\"]}",
        "{\"alg\":\"RS256\",\"x5c\":\"bm9uZQ==\"}",
        "{\"alg\":\"RS256\",\"x5t#S256\":\"c2hvcnQ\"}",
    ] {
        assert_eq!(refusal(&forged(header)), unreadable, "{header}");
    }
    for text in ["", ".", "a b", "e30x", "\u{e9}.e30.e30"] {
        assert_eq!(refusal(text), unreadable, "{text}");
    }
    let structural = errors::JWS_VERIFICATION_FAILED;
    for header in [
        "{}",
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"rs256\"}",
        "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
    ] {
        assert_eq!(refusal(&forged(header)), structural, "{header}");
    }
    let good = HOLDERS[1].sign(b"{}");
    let header = good.split('.').next().unwrap();
    for text in [
        header.to_owned(),
        format!("{header}.e30"),
        format!("{good}.x"),
    ] {
        assert_eq!(refusal(&text), structural, "{text}");
    }
    assert_eq!(refusal(&format!("{header}.e30.*")), structural);
}

#[test]
fn a_certificate_in_the_header_must_have_the_hash_in_the_header() {
    let swapped = Header {
        certificate: Some(&HOLDERS[1].certificate),
        hash_of: Some(&HOLDERS[2].certificate),
        ..Header::default()
    };
    let text = sign(&swapped, b"{}", false, HOLDERS[1].signer()).unwrap();

    assert_eq!(refusal(&text), errors::JWS_SIGNATURE_INVALID);
}

#[test]
fn nothing_of_a_token_shows_in_its_debug_text() {
    let token = Token::parse(&HOLDERS[1].sign(b"secret")).unwrap();

    let text = format!("{token:?} {:?}", HOLDERS[1].signer());

    assert!(
        !text.contains("secret") && !text.contains("c2VjcmV0"),
        "{text}"
    );
}

#[test]
fn openssl_verifies_tokens_of_rsa_and_p256_and_requests_of_all_kinds() {
    let openssl = OpenSsl::new();
    for (holder, name) in HOLDERS.iter().zip(["rsa", "p256", "secp256k1", "ed25519"]) {
        let request = certificate_request(&profile("KERNEL", 1).subject, holder.signer()).unwrap();
        openssl.write(&format!("{name}.csr"), request);
        let output = openssl.try_run(&format!("req -in {name}.csr -verify -noout"));
        assert!(output.status.success(), "{name}: {output:?}");

        let certificate = pms_pki::pack::certificate_pem(&holder.certificate);
        openssl.write(&format!("{name}.pem"), certificate);
        let key = openssl.run(&format!("x509 -in {name}.pem -pubkey -noout"));
        openssl.write(&format!("{name}.pub"), key);
    }
    for (holder, name) in HOLDERS[..3].iter().zip(["rsa", "p256", "secp256k1"]) {
        let text = holder.sign(b"{\"a\":1}");
        let (message, signature) = text.rsplit_once('.').unwrap();
        let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        if name != "rsa" {
            signature = sequence(&signature);
        }
        openssl.write("message", message);
        openssl.write("signature", signature);
        openssl.run(&format!(
            "dgst -sha256 -verify {name}.pub -signature signature message"
        ));
    }
}

#[test]
fn tokens_signed_by_openssl_verify() {
    let openssl = OpenSsl::new();
    let kinds = [
        ("RS256", "rsa:2048", "-sha256"),
        ("RS512", "rsa:2048", "-sha512"),
        (
            "PS256",
            "rsa:2048",
            "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
        ),
    ];
    for (name, kind, options) in kinds {
        let certificate = openssl.root("holder", kind, "");
        let message = format!(
            "{}.e30",
            URL_SAFE_NO_PAD.encode(format!("{{\"typ\":\"JWT\",\"alg\":\"{name}\"}}"))
        );
        openssl.write("message", &message);
        openssl.run(&format!(
            "dgst {options} -sign holder.key -out signature message"
        ));
        let signature = URL_SAFE_NO_PAD.encode(std::fs::read(openssl.path("signature")).unwrap());

        let token = Token::parse(&format!("{message}.{signature}")).unwrap();

        assert_eq!(token.verify(&certificate), Ok(true), "{name}");
    }
}

#[test]
fn a_key_that_is_too_small_verifies_nothing() {
    let openssl = OpenSsl::new();
    let small = openssl.root("small", "rsa:1024", "");
    let token = Token::parse(&forged("{\"alg\":\"RS256\"}")).unwrap();

    assert_eq!(token.verify(&small), Err(errors::JWS_VERIFICATION_FAILED));
    assert_eq!(Algorithm::of_name("RS256"), Some(Algorithm::Rs256));
}

/// The two halves of an ECDSA signature as the SEQUENCE that openssl reads.
fn sequence(signature: &[u8]) -> Vec<u8> {
    let number = |half: &[u8]| {
        let digits: Vec<u8> = half.iter().copied().skip_while(|byte| *byte == 0).collect();
        let sign = if digits[0] >= 0x80 { vec![0] } else { vec![] };
        let content = [sign, digits].concat();
        [vec![2, u8::try_from(content.len()).unwrap()], content].concat()
    };
    let (first, second) = signature.split_at(signature.len() / 2);
    let content = [number(first), number(second)].concat();
    [vec![0x30, u8::try_from(content.len()).unwrap()], content].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), header in any::<String>()) {
        let _ = Token::parse(&text);
        let _ = Token::parse(&format!("{}.{text}.{text}", URL_SAFE_NO_PAD.encode(&header)));
        let known = forged(&format!("{{\"alg\":\"RS256\",\"kid\":{header:?}}}"));
        if let Ok(token) = Token::parse(&known) {
            let _ = token.verify(&HOLDERS[0].certificate);
        }
    }

    #[test]
    fn any_payload_comes_back_verified(payload in any::<Vec<u8>>(), holder in 1..4_usize) {
        let text = HOLDERS[holder].sign(&payload);

        let sent = text.split('.').nth(1).unwrap();
        prop_assert_eq!(URL_SAFE_NO_PAD.decode(sent).unwrap(), payload);
        let token = Token::parse(&text).unwrap();
        prop_assert_eq!(token.verify(&HOLDERS[holder].certificate), Ok(true));
    }

    #[test]
    fn no_changed_token_verifies(
        holder in 1..4_usize,
        place in any::<prop::sample::Index>(),
        with in "[A-Za-z0-9_.-]",
    ) {
        let text = HOLDERS[holder].sign(b"{\"sub\":\"alice\"}");
        let at = place.index(text.len());
        let (start, end) = (text.get(..at).unwrap(), text.get(at + 1..).unwrap());
        let changed = format!("{start}{with}{end}");
        prop_assume!(changed != text);

        if let Ok(token) = Token::parse(&changed) {
            prop_assert_ne!(token.verify(&HOLDERS[holder].certificate), Ok(true));
        }
    }
}
