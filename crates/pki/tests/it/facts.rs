use pms_pki::certificate::{Attribute, Curve, Hash, KeyAlgorithm, SignatureAlgorithm};
use rcgen::DnType;

use crate::support::{NOW, Party, RSA, days, other_key, params, root};
use crate::tools::OpenSsl;

#[test]
fn names_are_written_in_the_order_of_the_key_manager() {
    let mut params = params("Leaf");
    params
        .distinguished_name
        .push(DnType::OrganizationalUnitName, "R&D");
    params
        .distinguished_name
        .push(DnType::StateOrProvinceName, "KA");
    params
        .distinguished_name
        .push(DnType::LocalityName, "Bangalore");

    let leaf = root().issue(params, &RSA[1]).certificate;

    assert_eq!(
        leaf.subject().text(),
        "CN=Leaf,OU=R&D,O=Acme Ltd,L=Bangalore,ST=KA,C=IN"
    );
    assert_eq!(leaf.issuer().text(), "CN=Root,O=Acme Ltd,C=IN");
}

#[test]
fn unknown_attributes_are_left_out_and_the_last_of_equal_ones_counts() {
    let openssl = OpenSsl::new();
    openssl.write("names.cnf", NAMES);

    openssl.run("req -x509 -newkey rsa:2048 -nodes -keyout k -out c.pem -config names.cnf");
    let subject = openssl.certificate("c.pem").subject().clone();

    assert_eq!(
        subject.text(),
        r"CN=a+b\=c,OU=second,O=Acme\, Inc.".replace('+', "\\+")
    );
    assert_eq!(subject.first(Attribute::Organization), Some("Acme, Inc."));
    let units: Vec<_> = subject.all(Attribute::OrganizationalUnit).collect();
    assert_eq!(units, ["first", "second"]);
}

const NAMES: &str = "
[req]
prompt = no
distinguished_name = name
x509_extensions = none
[name]
0.OU = first
1.OU = second
O = \"Acme, Inc.\"
emailAddress = a@example.com
CN = a+b=c
[none]
";

#[test]
fn string_types_do_not_matter_to_names() {
    let mut bmp = params("Ünïcode");
    let text = rcgen::string::BmpString::try_from("Acme Ltd").unwrap();
    bmp.distinguished_name
        .push(DnType::OrganizationName, rcgen::DnValue::BmpString(text));

    let [plain, bmp] = [params("Ünïcode"), bmp].map(|one| Party::root(one, &RSA[0]).certificate);

    assert_ne!(plain.subject().der(), bmp.subject().der());
    assert_eq!(plain.subject().key(), bmp.subject().key());
    assert_eq!(plain.subject().text(), bmp.subject().text());
}

#[test]
fn dates_are_utc_and_to_the_second() {
    let validity = root().certificate.validity();

    assert_eq!(
        (validity.not_before, validity.not_after),
        (days(-1), days(730))
    );
    assert!(validity.contains(*NOW) && !validity.contains(days(731)));
}

#[test]
fn serial_numbers_are_signed_decimals() {
    let openssl = OpenSsl::new();
    let serial = |number: &str| {
        openssl
            .root("s", "rsa:2048", &format!("-set_serial {number}"))
            .serial()
    };

    assert_eq!(serial("-4624122285538980837"), "-4624122285538980837");
    assert_eq!(serial("255"), "255");
    assert_eq!(
        serial("0x7fffffffffffffffffffffffffffffffffffffff").len(),
        48
    );
}

#[test]
fn thumbprints_are_those_that_openssl_prints() {
    let openssl = OpenSsl::new();
    let root = openssl.root("t", "rsa:2048", "");
    let printed = |hash: &str| {
        let text = openssl.run(&format!("x509 -in t.pem -noout -fingerprint -{hash}"));
        text.trim().split_once('=').unwrap().1.replace(':', "")
    };

    assert_eq!(root.thumbprint(), printed("sha1").to_lowercase());
    assert_eq!(root.key_thumbprint(), printed("sha256"));
}

#[test]
fn keys_and_signatures_are_recognised() {
    let root = root();
    let kind = |algorithm| {
        let leaf = root.issue(params("Leaf"), other_key(algorithm)).certificate;
        leaf.public_key().algorithm
    };

    assert_eq!(
        root.certificate.public_key().algorithm,
        KeyAlgorithm::Rsa { bits: 2048 }
    );
    assert_eq!(
        kind(&rcgen::PKCS_ECDSA_P256_SHA256),
        KeyAlgorithm::Ec(Curve::P256)
    );
    assert_eq!(
        kind(&rcgen::PKCS_ECDSA_P384_SHA384),
        KeyAlgorithm::Ec(Curve::P384)
    );
    assert_eq!(
        kind(&rcgen::PKCS_ECDSA_P521_SHA512),
        KeyAlgorithm::Ec(Curve::P521)
    );
    assert_eq!(kind(&rcgen::PKCS_ED25519), KeyAlgorithm::Ed25519);
    let signature = root.certificate.signature_algorithm();
    assert_eq!(signature, SignatureAlgorithm::Rsa(Hash::Sha256));
}

#[test]
fn self_signed_is_a_matter_of_the_signature_not_of_the_names() {
    let root = root();
    let twin = root.issue(params("Root"), &RSA[1]);

    assert!(root.certificate.is_self_signed() && root.certificate.is_self_issued());
    assert!(!twin.certificate.is_self_signed() && twin.certificate.is_self_issued());
}

#[test]
fn extensions_are_read() {
    let leaf = root().issue(params("Leaf"), &RSA[1]).certificate;
    let root = root().certificate;

    assert!(root.may_issue() && !leaf.may_issue());
    assert!(root.extensions().key_usage.unwrap().key_cert_sign);
    assert_eq!(root.extensions().subject_key_id.as_ref().unwrap().len(), 20);
    assert_eq!(root.version(), 3);
}
