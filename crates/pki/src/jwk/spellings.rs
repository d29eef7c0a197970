//! One key, as people write it: every spelling gives the client id of the contract.

use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use serde_json::json;

use super::*;

const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RSA_ID: &str = "OWQ8wnuNvjjbAuMzrSQk-ApB-uQA7NmlTccD0uNIIkc";
const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const EC_ID: &str = "Kz9UYDdgbg-CwQfGA4lAlep1two-V-cLr0NdLY5HGj0";
const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const OKP_ID: &str = "yfwvFfIkAWVfmyYiqKN2UcniC3TcMFzI35W6AF4dZPk";

/// Spellings of the same bytes, each with what it shows. `zeros` in front change
/// nothing where the bytes are a number.
fn spellings(canonical: &str, is_number: bool) -> Vec<(&'static str, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(canonical).unwrap();
    let lines = |text: &str, width: usize, between: &str| {
        let characters: Vec<char> = text.chars().collect();
        let lines: Vec<String> = characters.chunks(width).map(String::from_iter).collect();
        lines.join(between)
    };
    let mut all = vec![
        ("canonical", canonical.to_owned()),
        ("padded", URL_SAFE.encode(&bytes)),
        ("standard alphabet", STANDARD_NO_PAD.encode(&bytes)),
        ("standard alphabet, padded", STANDARD.encode(&bytes)),
        ("lines of PEM", lines(&STANDARD.encode(&bytes), 64, "\n")),
        ("lines of MIME", lines(&STANDARD.encode(&bytes), 76, "\r\n")),
        ("line feeds", lines(canonical, 32, "\n")),
        ("carriage returns", lines(canonical, 32, "\r")),
        ("blanks", lines(canonical, 10, " ")),
        ("tabs", lines(canonical, 10, "\t")),
        ("commas", lines(canonical, 32, ",")),
        ("commas and line feeds", lines(canonical, 32, ",\n")),
        ("a comma behind", format!("{canonical},")),
        ("blanks around", format!("  {canonical}  ")),
        ("a line feed behind", format!("{canonical}\n")),
        ("no-break spaces", lines(canonical, 20, "\u{a0}")),
        ("zero-width spaces", lines(canonical, 20, "\u{200b}")),
        ("a byte order mark", format!("\u{feff}{canonical}")),
        ("every character alone", lines(canonical, 1, " ")),
    ];
    if is_number {
        for (name, zeros) in [("a zero in front", 1), ("four zeros in front", 4)] {
            let longer = [vec![0; zeros], bytes.clone()].concat();
            all.push((name, URL_SAFE_NO_PAD.encode(&longer)));
            all.push((name, STANDARD.encode(&longer)));
        }
    }
    all
}

/// Members that say nothing of the numbers.
fn metadata() -> Vec<(&'static str, Value)> {
    vec![
        ("kid", json!("")),
        ("kid", json!("key-1")),
        ("kid", json!("  ")),
        ("alg", json!("")),
        ("use", json!("")),
        ("use", json!("sig")),
        ("key_ops", json!(["verify"])),
        ("key_ops", json!([])),
        ("x5u", json!("https://example.org/key.pem")),
        ("x5u", json!("")),
        ("x5t", json!("")),
        ("exp", json!(4_102_444_800_u64)),
        ("nbf", json!(0)),
        ("iat", json!(1_700_000_000)),
        ("name", json!("a member that no standard knows")),
    ]
}

fn assert_same(key: &Value, id: &str, what: &str) {
    let found = PublicJwk::from_members(key.as_object().unwrap());
    let found = found.unwrap_or_else(|fault| panic!("{what}: {fault}: {key}"));

    assert_eq!(found.client_id(), id, "{what}: {key}");
    let registered = found.registered();
    assert!(
        registered
            .values()
            .all(|value| value.as_str().is_some_and(|text| !text.trim().is_empty())),
        "{what}: {registered:?}"
    );
    assert!(registered.contains_key("kid"), "{what}");
}

#[test]
fn every_spelling_of_a_key_gives_the_client_id_of_the_contract() {
    let mut count = 0;
    let mut check = |key: &Value, id: &str, what: &str| {
        count += 1;
        assert_same(key, id, what);
    };
    for (what, n) in spellings(MODULUS, true) {
        check(&json!({ "kty": "RSA", "n": n, "e": "AQAB" }), RSA_ID, what);
    }
    for (what, e) in spellings("AQAB", true) {
        check(&json!({ "kty": "RSA", "n": MODULUS, "e": e }), RSA_ID, what);
    }
    for (what, x) in spellings(X, true) {
        check(
            &json!({ "kty": "EC", "crv": "P-256", "x": x, "y": Y }),
            EC_ID,
            what,
        );
    }
    for (what, y) in spellings(Y, true) {
        check(
            &json!({ "kty": "EC", "crv": "P-256", "x": X, "y": y }),
            EC_ID,
            what,
        );
    }
    for (what, x) in spellings(ED25519_X, false) {
        check(
            &json!({ "kty": "OKP", "crv": "Ed25519", "x": x }),
            OKP_ID,
            what,
        );
    }
    for (name, value) in metadata() {
        let mut key = json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB" });
        key[name] = value;
        check(&key, RSA_ID, name);
    }
    assert!(count >= 100, "{count}");
}

#[test]
fn certificates_of_a_key_may_be_wrapped_or_url_safe() {
    let pair = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])
        .unwrap()
        .self_signed(&pair)
        .unwrap();
    let (x, y) = pair.public_key_raw().split_at(1).1.split_at(32);
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let key = |chain: Value| json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "x5c": chain });
    let plain = key(json!([STANDARD.encode(certificate.der())]));
    let id = PublicJwk::from_members(plain.as_object().unwrap());
    let id = id.unwrap().client_id();

    for (what, first) in [
        ("URL-safe", URL_SAFE_NO_PAD.encode(certificate.der())),
        ("PEM", certificate.pem()),
        (
            "lines",
            certificate
                .pem()
                .lines()
                .filter(|line| !line.starts_with('-'))
                .fold(String::new(), |text, line| text + line + "\r\n"),
        ),
    ] {
        assert_same(&key(json!([first])), &id, what);
    }
}

#[test]
fn characters_that_belong_to_no_base64_make_no_key() {
    let short = MODULUS.get(..300).unwrap();
    for n in [
        format!("{short}\\n{short}"),
        format!("{short}=={short}"),
        format!("{short}.{short}"),
        format!("0x{short}"),
        format!("{short}é"),
        String::from(" , "),
    ] {
        let key = json!({ "kty": "RSA", "n": n, "e": "AQAB" });
        let read = PublicJwk::from_members(key.as_object().unwrap());
        if n.starts_with("0x") {
            // Characters of base64, and so another number.
            assert_ne!(read.unwrap().client_id(), RSA_ID);
        } else {
            assert_eq!(read, Err(JwkFault::Member("n")), "{n}");
        }
    }
}

#[test]
fn a_key_without_id_is_registered_with_its_thumbprint() {
    // The example of RFC 7638 §3.1.
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "x5c": "", "iat": 1 });

    let key = PublicJwk::from_members(key.as_object().unwrap()).unwrap();

    let kid = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    assert_eq!(key.thumbprint(), kid);
    assert_eq!(
        Value::Object(key.registered()),
        json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": kid })
    );
    assert_eq!(key.modulus_bits(), Some(2048));
}
