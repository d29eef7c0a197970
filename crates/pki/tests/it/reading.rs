use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pms_pki::reading::{read_authorities, read_certificate, read_chain};
use pms_pki::{Certificate, errors, pack};

use crate::support::{Party, RSA, ca_params, params, root};

fn chain() -> [Party; 3] {
    let root = root();
    let sub = root.issue(ca_params("Sub"), &RSA[1]);
    let leaf = sub.issue(params("Leaf"), &RSA[2]);
    [leaf, sub, root]
}

fn certificates(chain: &[Party; 3]) -> [&Certificate; 3] {
    [
        &chain[0].certificate,
        &chain[1].certificate,
        &chain[2].certificate,
    ]
}

#[test]
fn text_around_the_armour_label_and_line_ends_do_not_matter() {
    let root = root();
    let body = STANDARD.encode(root.certificate.der());
    let texts = [
        format!("subject=...\n{}trailing text", root.pem),
        root.pem.replace('\n', "\r\n"),
        root.pem.replace("CERTIFICATE", "TRUSTED THING"),
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"),
        format!("-----BEGIN CERTIFICATE-----\nkey: value\n{body}\n-----END CERTIFICATE-----"),
    ];

    for text in texts {
        assert_eq!(read_certificate(&text).unwrap(), root.certificate, "{text}");
    }
}

#[test]
fn only_the_first_block_of_a_partner_upload_counts() {
    let [leaf, sub, _] = chain();

    let read = read_certificate(&format!("{}{}", leaf.pem, sub.pem)).unwrap();

    assert_eq!(read, leaf.certificate);
}

#[test]
fn without_a_complete_block_there_is_no_certificate() {
    let pem = root().pem;
    let texts = [
        String::new(),
        STANDARD.encode(root().certificate.der()),
        pem.replace("BEGIN", "BEGUN"),
    ];

    for text in texts {
        let refusal = read_certificate(&text).unwrap_err();
        assert_eq!(refusal.code, "KER-KMS-013", "{text}");
        assert!(
            refusal.message.starts_with("Certificate Parsing Error."),
            "{refusal}"
        );
    }
}

#[test]
fn a_block_without_end_body_or_certificate_says_so() {
    let message = |text: &str| {
        let refusal = read_certificate(text).unwrap_err();
        assert_eq!(refusal.code, "KER-KMS-013");
        refusal.message
    };
    let (begin, end) = (
        "-----BEGIN CERTIFICATE-----\n",
        "\n-----END CERTIFICATE-----",
    );

    assert_eq!(
        message(&format!("{begin}AAAA")),
        "Certificate Parsing Error.-----END CERTIFICATE not found"
    );
    assert!(message(&format!("{begin}%%%{end}")).contains("base64"));
    assert_eq!(
        message(&format!("{begin}AAAA{end}")),
        "Certificate Parsing Error. Not a DER encoded X.509 certificate."
    );
}

#[test]
fn a_ca_upload_may_be_base64url_of_a_bundle_or_of_plain_certificates() {
    let chain = chain();
    let [leaf, sub, root] = certificates(&chain);
    let der: Vec<u8> = [leaf, sub, root]
        .iter()
        .flat_map(|one| one.der().to_vec())
        .collect();
    let pem = format!("{}{}{}", chain[0].pem, chain[1].pem, chain[2].pem);
    let uploads = [
        pack::signed_certificate_data(&[leaf, sub, root]),
        pack::signed_certificate_data(&[leaf, sub, root])
            .trim_end_matches('=')
            .to_owned(),
        URL_SAFE.encode(der),
        URL_SAFE.encode(&pem),
    ];

    for upload in uploads {
        let read = read_authorities(&upload, false).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), [root, sub, leaf]);
    }
}

#[test]
fn issuers_come_first_however_a_bundle_is_ordered() {
    let chain = chain();
    let [leaf, sub, root] = certificates(&chain);

    for order in [
        [leaf, sub, root],
        [root, sub, leaf],
        [sub, leaf, root],
        [sub, root, leaf],
    ] {
        let read = read_authorities(&pack::signed_certificate_data(&order), false).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), [root, sub, leaf]);
    }
}

#[test]
fn a_leaf_that_bears_its_roots_name_keeps_its_place() {
    let root = root();
    let twin = root.issue(params("Root"), &RSA[1]);

    let upload = pack::signed_certificate_data(&[&twin.certificate, &root.certificate]);

    assert_eq!(
        read_authorities(&upload, false).unwrap(),
        [root.certificate, twin.certificate]
    );
}

#[test]
fn armoured_bundles_are_an_extension_that_can_be_switched_off() {
    let chain = chain();
    let [leaf, sub, root] = certificates(&chain);
    let pem = format!("{}{}{}", chain[0].pem, chain[1].pem, chain[2].pem);
    let p7b = pack::p7b_file(&[leaf, sub, root]);

    assert_eq!(read_authorities(&pem, true).unwrap().len(), 3);
    assert_eq!(read_authorities(&p7b, true).unwrap().len(), 3);
    assert_eq!(
        read_authorities(&pem, false).unwrap().as_slice(),
        std::slice::from_ref(leaf)
    );
    assert_eq!(
        read_authorities(&p7b, false).unwrap_err().code,
        errors::NOT_BASE64.code
    );
}

#[test]
fn a_text_that_is_neither_pem_nor_base64url_is_no_empty_bundle() {
    let read = |text: &str| read_authorities(text, true);

    assert_eq!(read("dgdhshj@hhdeege"), Err(errors::NOT_BASE64));
    assert_eq!(read("ab+/"), Err(errors::NOT_BASE64));
    assert_eq!(read("AAAA\n"), Err(errors::NOT_BASE64));
    assert_eq!(read("AAAAA"), Err(errors::ENVELOPE_INVALID));
    assert_eq!(read("AAAA"), Err(errors::INVALID_CERTIFICATE));
    assert_eq!(read(&pack::signed_certificate_data(&[])), Ok(vec![]));
}

#[test]
fn answers_of_a_key_manager_are_read_leaf_first() {
    let chain = chain();
    let [leaf, sub, root] = certificates(&chain);

    let bundle = read_chain(&pack::signed_certificate_data(&[leaf, sub, root])).unwrap();
    let pem = read_chain(&chain[0].pem).unwrap();

    assert_eq!(bundle.iter().collect::<Vec<_>>(), [leaf, sub, root]);
    assert_eq!(pem, std::slice::from_ref(leaf));
    assert!(read_chain(&pack::signed_certificate_data(&[])).is_err());
}
