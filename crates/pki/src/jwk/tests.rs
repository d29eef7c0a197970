//! The vectors of the contract, and keys that are none.

use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;

const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn read(jwk: &Value) -> Result<PublicJwk, JwkFault> {
    PublicJwk::from_members(jwk.as_object().unwrap())
}

fn rsa() -> Value {
    json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB" })
}

fn ec() -> Value {
    json!({ "kty": "EC", "crv": "P-256", "x": X, "y": Y })
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

#[test]
fn client_ids_are_those_of_the_contract() {
    let okp = json!({ "kty": "OKP", "crv": "Ed25519", "x": ED25519_X });

    for (jwk, id) in [
        (rsa(), "OWQ8wnuNvjjbAuMzrSQk-ApB-uQA7NmlTccD0uNIIkc"),
        (ec(), "Kz9UYDdgbg-CwQfGA4lAlep1two-V-cLr0NdLY5HGj0"),
        (okp, "yfwvFfIkAWVfmyYiqKN2UcniC3TcMFzI35W6AF4dZPk"),
    ] {
        assert_eq!(read(&jwk).unwrap().client_id(), id);
    }
}

#[test]
fn metadata_is_kept_and_does_not_change_the_id_and_strange_members_are_dropped() {
    let rich = json!({
        "x-own": 1, "kid": "k1", "alg": "RS256", "use": "sig", "key_ops": ["verify"],
        "kty": "RSA", "e": "AQAB", "n": MODULUS, "iat": 1_700_000_000,
        "x5u": "https://example.org/k.pem", "x5t": "AAAA", "x5t#S256": "AAAA",
    });

    let found = read(&rich).unwrap();

    assert_eq!(found.client_id(), read(&rsa()).unwrap().client_id());
    let mut expected = rich;
    expected.as_object_mut().unwrap().remove("x-own");
    assert_eq!(Value::Object(found.members().clone()), expected);
}

#[test]
fn other_spellings_of_the_same_numbers_are_the_same_key() {
    let mut digits = vec![0_u8];
    digits.extend(URL_SAFE_NO_PAD.decode(MODULUS).unwrap());
    let spelled = with(rsa(), "n", json!(STANDARD.encode(digits)));

    let (found, plain) = (read(&spelled).unwrap(), read(&rsa()).unwrap());

    assert_eq!(found, plain);
    assert_eq!(found.members()["n"], MODULUS);
}

#[test]
fn keys_on_the_other_curves_are_read() {
    let generator_of_p384 = json!({
        "kty": "EC", "crv": "P-384",
        "x": "qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3",
        "y": "NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f",
    });
    let generator_of_secp256k1 = json!({
        "kty": "EC", "crv": "secp256k1",
        "x": "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
        "y": "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg",
    });

    for jwk in [generator_of_p384, generator_of_secp256k1] {
        let found = read(&jwk).unwrap();

        assert_eq!(found.client_id().len(), 43);
        assert_eq!(Value::Object(found.members().clone()), jwk);
    }
}

#[test]
fn what_is_no_public_key_is_refused() {
    let symmetric = json!({ "kty": "oct", "k": "AAAA" });
    assert_eq!(read(&symmetric), Err(JwkFault::Private));
    assert_eq!(read(&json!({ "kty": "oct" })), Err(JwkFault::Kind));
    assert_eq!(read(&json!({})), Err(JwkFault::Member("kty")));
    assert_eq!(
        read(&with(rsa(), "d", json!("AQAB"))),
        Err(JwkFault::Private)
    );
    for (name, value) in [
        ("n", json!(null)),
        ("n", json!("ä")),
        ("e", json!("")),
        ("e", json!(65537)),
        ("e", json!("A".repeat(5000))),
    ] {
        let refused = read(&with(rsa(), name, value.clone()));
        assert!(
            matches!(refused, Err(JwkFault::Member(_))),
            "{name} {value}"
        );
    }
    // Even, one, and longer than the modulus: eSignet's to judge.
    for exponent in ["AQAA", "AQ", MODULUS] {
        assert!(read(&with(rsa(), "e", json!(exponent))).is_ok());
    }
    assert!(read(&with(rsa(), "n", json!("AQAB"))).is_ok());
    let longest = format!("f{}", "f".repeat(2731));
    assert_eq!(
        read(&with(rsa(), "n", json!(longest))),
        Err(JwkFault::NotAKey)
    );
}

#[test]
fn a_point_must_be_on_its_curve() {
    assert_eq!(read(&with(ec(), "y", json!(X))), Err(JwkFault::NotAKey));
    assert_eq!(
        read(&with(ec(), "crv", json!("secp256k1"))),
        Err(JwkFault::NotAKey)
    );
    assert_eq!(
        read(&with(ec(), "crv", json!("P-192"))),
        Err(JwkFault::Kind)
    );
    assert_eq!(
        read(&with(ec(), "x", json!(MODULUS))),
        Err(JwkFault::Member("x"))
    );
    let short = json!({ "kty": "OKP", "crv": "Ed448", "x": ED25519_X });
    assert_eq!(read(&short), Err(JwkFault::Member("x")));
}

#[test]
fn metadata_must_be_well_formed_and_consistent() {
    for (name, value) in [
        ("alg", json!(null)),
        ("kid", json!(7)),
        ("key_ops", json!(["fly"])),
        ("key_ops", json!("sign")),
        ("x5u", json!("not a uri")),
        ("kid", json!("k".repeat(2049))),
        ("alg", json!("a".repeat(2049))),
        (
            "x5u",
            json!(format!("https://acme.org/{}", "x".repeat(2048))),
        ),
        ("x5t", json!("A".repeat(2052))),
        ("x5t", json!("?")),
        ("x5t#S256", json!("?")),
        ("x5c", json!([])),
        ("x5c", json!(["AAAA"])),
        ("exp", json!("tomorrow")),
    ] {
        let refused = read(&with(rsa(), name, value.clone()));
        assert!(
            matches!(refused, Err(JwkFault::Member(_))),
            "{name} {value}"
        );
    }
    let signing = with(rsa(), "use", json!("sig"));
    assert_eq!(
        read(&with(signing, "key_ops", json!(["encrypt"]))),
        Err(JwkFault::Contradiction)
    );
}

#[test]
fn a_chain_must_begin_with_the_certificate_of_the_key() {
    let pair = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])
        .unwrap()
        .self_signed(&pair)
        .unwrap();
    let chain = json!([STANDARD.encode(certificate.der())]);
    // Behind the octet that says how the point is written.
    let point = pair.public_key_raw().split_at(1).1;
    let (x, y) = point.split_at(32);
    let own = json!({
        "kty": "EC", "crv": "P-256", "x5c": chain,
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
    });

    assert_eq!(read(&own).unwrap().members()["x5c"], chain);
    assert_eq!(
        read(&with(ec(), "x5c", chain)),
        Err(JwkFault::OtherCertificate)
    );
}
