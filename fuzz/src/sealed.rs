//! Encrypted data: any text, and good data that was changed.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use pms_pki::envelope::{self, Envelope, Salted};
use pms_pki::issue::{self, Profile, Subject};
use pms_pki::{Certificate, DecryptingKey, Pkcs8, SigningKey};

use super::{Bytes, forge};

static RECIPIENT: LazyLock<(Certificate, DecryptingKey)> = LazyLock::new(|| {
    let key = Pkcs8::generate_rsa().unwrap();
    let common_name = Some("Recipient".to_owned());
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
    let certificate = issue::issue_root(&profile, &SigningKey::from_pkcs8(&key).unwrap());
    (
        certificate.unwrap(),
        DecryptingKey::from_pkcs8(&key).unwrap(),
    )
});

/// What is opened is what was sealed, or is not opened.
pub(crate) fn envelope(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for text in [text.as_ref(), &URL_SAFE.encode(data)] {
        if let Ok(envelope) = Envelope::parse(text) {
            let _ = envelope.thumbprint();
            let _ = envelope.open(&RECIPIENT.1, None);
        }
    }
    changed(&mut Bytes::new(data));
}

fn changed(bytes: &mut Bytes<'_>) {
    let (recipient, key) = &*RECIPIENT;
    let salt = [bytes.byte(); 12];
    let salted = (bytes.byte() % 2 == 1).then_some(Salted {
        salt: &salt,
        aad: &[],
    });
    let plain = bytes.part();
    let sealed = envelope::encrypt(recipient, plain, salted).unwrap();
    let mut sealed = URL_SAFE.decode(sealed).unwrap();
    let original = sealed.clone();
    while !bytes.is_empty() {
        let place = usize::from(u16::from_be_bytes([bytes.byte(), bytes.byte()])) % sealed.len();
        sealed[place] ^= bytes.byte();
    }
    let opened = Envelope::parse(&URL_SAFE.encode(&sealed));
    let opened = opened.and_then(|envelope| envelope.open(key, salted));
    match opened {
        Ok(opened) => assert_eq!(opened.as_slice(), plain),
        Err(_) => assert_ne!(sealed, original, "good data was refused"),
    }
}
