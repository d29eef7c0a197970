//! Writes certificates and bundles to start from: `seeds <folder>`, one folder below it per target.
//! They are made anew each time, so that none is kept that may expire.

#[allow(dead_code, reason = "a part of it is used here")]
#[path = "../src/forge.rs"]
mod forge;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use forge::Plan;
use pms_pki::issue::{self, Profile, Subject};
use pms_pki::{Certificate, Pkcs8, SigningKey, pack};

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let folder = Path::new(&folder);
    let certificates = certificates();
    for (number, certificate) in certificates.iter().enumerate() {
        let number = number.to_string();
        write(folder, "certificate", &number, certificate.der());
        write(folder, "ber", &number, certificate.der());
        let pem = pack::certificate_pem(certificate);
        write(folder, "pem", &number, pem.as_bytes());
        write(folder, "authorities", &number, pem.as_bytes());
    }
    let chain: Vec<_> = certificates.iter().collect();
    for target in ["authorities", "chain"] {
        write(folder, target, "bundle", &pack::bundle(&chain));
        let text = URL_SAFE.encode(pack::bundle(&chain));
        write(folder, target, "text", text.as_bytes());
        write(folder, target, "file", pack::p7b_file(&chain).as_bytes());
    }
}

fn certificates() -> Vec<Certificate> {
    let host = forge::element(0x82, b"a.example.com");
    let mut sub = Plan::authority("Sub", 1, "Root", 0);
    let subtree = forge::sequence(&[&forge::element(0x82, b"example.com")]);
    let constraints = forge::sequence(&[&forge::element(0xa0, &subtree)]);
    sub.extensions.push(forge::extension(
        forge::NAME_CONSTRAINTS,
        true,
        &constraints,
    ));
    let mut leaf = Plan::leaf("Leaf", 2, "Sub", 1);
    let names = forge::sequence(&[&host]);
    leaf.extensions
        .push(forge::extension(forge::ALTERNATIVE_NAME, false, &names));
    let plans = [leaf, sub, Plan::root("Root", 0)];
    let mut certificates: Vec<_> = plans
        .iter()
        .map(|plan| Certificate::from_der(&plan.sign()).expect("a certificate"))
        .collect();
    certificates.push(rsa());
    certificates
}

fn rsa() -> Certificate {
    let key = Pkcs8::generate_rsa().and_then(|key| SigningKey::from_pkcs8(&key));
    let key = key.expect("a key");
    let common_name = Some("RSA".to_owned());
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
    issue::issue_root(&profile, &key).expect("a certificate")
}

fn write(folder: &Path, target: &str, name: &str, content: &[u8]) {
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(name), content).expect("a file");
}
