//! Keys of the key manager as others see them: certificates, tokens, requests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_pki::{Certificate, EllipticCurve, reading};
use rcgen::{DnType, PublicKeyData, SignatureAlgorithm};
use serde_json::{Value, json};

use super::ca::{Authority, openssl};
use super::service::{KM, Replica, zonal};

/// The public key of a certificate, whose private key another party has.
pub struct KeyOf(pub Certificate);

impl PublicKeyData for KeyOf {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().bits()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match EllipticCurve::of(self.0.public_key()) {
            Some(EllipticCurve::P256) => &rcgen::PKCS_ECDSA_P256_SHA256,
            _ => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

/// The key that a request is about.
pub fn named(app_id: &str, ref_id: &str) -> Value {
    json!({ "applicationId": app_id, "referenceId": ref_id })
}

/// The current certificate of a key.
pub async fn certificate(replica: &Replica, app_id: &str, ref_id: &str) -> Certificate {
    reading::read_certificate(&replica.certificate(app_id, ref_id).await).unwrap()
}

/// Makes a key that signs.
pub async fn generate(replica: &Replica, operation: &str, app_id: &str, ref_id: &str) -> Value {
    let operation = format!("{operation}/CERTIFICATE");
    replica
        .km(&operation, named(app_id, ref_id))
        .await
        .response()
}

/// What `GET` of an operation answers about a key.
pub async fn about(replica: &Replica, operation: &str, app_id: &str, ref_id: &str) -> Value {
    let path = format!("{KM}/{operation}?applicationId={app_id}&referenceId={ref_id}");
    replica.get(&zonal(), &path).await.response()
}

/// Gives the current key a certificate of an authority, and returns its PEM.
pub async fn recertify(
    replica: &Replica,
    authority: &Authority,
    (app_id, ref_id): (&str, &str),
) -> String {
    let key = KeyOf(certificate(replica, app_id, ref_id).await);
    let pem = authority.certify(&[(DnType::CommonName, "Recertified")], &key);
    let mut request = named(app_id, ref_id);
    request["certificateData"] = json!(pem);
    let reply = replica.km("uploadCertificate", request).await.response();
    assert_eq!(reply["status"], "Upload Success");
    pem
}

/// base64url of a text, as `dataToSign` wants it.
pub fn data(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Header and payload of a token.
pub fn parts(token: &str) -> (Value, String) {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let text = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (
        serde_json::from_str(&text(parts[0])).unwrap(),
        text(parts[1]),
    )
}

/// What openssl says about a certificate request, after checking its signature.
pub fn request_text(pem: &str) -> String {
    assert!(
        pem.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"),
        "{pem}"
    );
    let command = "req -in r.csr -verify -noout -subject -nameopt RFC2253 -out r.txt";
    openssl(&[("r.csr", pem)], &[command], "r.txt")
}

/// The public key in a request or a certificate (`kind` is `req` or `x509`).
pub fn public_key(kind: &str, pem: &str) -> String {
    let command = format!("{kind} -in in.pem -pubkey -noout -out out.pem");
    openssl(&[("in.pem", pem)], &[&command], "out.pem")
}

/// Lets openssl check an RS256 or ES256 token.
pub fn openssl_verifies(token: &str, certificate: &str) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    if signature.len() == 64 {
        signature = sequence(&signature);
    }
    let signature = base64::engine::general_purpose::STANDARD.encode(signature);
    openssl(
        &[
            ("m", message),
            ("s.b64", &signature),
            ("c.pem", certificate),
        ],
        &[
            "base64 -d -A -in s.b64 -out s",
            "x509 -in c.pem -pubkey -noout -out k.pem",
            "dgst -sha256 -verify k.pem -signature s -out verdict m",
        ],
        "verdict",
    );
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
