//! Encrypted data and keys at rest.

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use pms_pki::envelope::{Envelope, Salted, SessionKey, encrypt};
use pms_pki::issue::issue_root;
use pms_pki::{Certificate, DecryptingKey, Kek, Pkcs8, PkiError, SigningKey, errors};

use crate::support::{Party, ca_params, other_key, profile};
use crate::tools::OpenSsl;

const SPLITTER: &[u8] = b"#KEY_SPLITTER#";

fn recipient() -> (Certificate, Pkcs8) {
    let key = Pkcs8::generate_rsa().unwrap();
    let certificate = issue_root(&profile("PMS", 1), &SigningKey::from_pkcs8(&key).unwrap());
    (certificate.unwrap(), key)
}

#[test]
fn what_is_encrypted_can_be_decrypted() {
    let (certificate, key) = recipient();
    let key = DecryptingKey::from_pkcs8(&key).unwrap();

    for plain in [&b""[..], b"a@example.com", &[7; 10_000]] {
        let envelope = Envelope::parse(&encrypt(&certificate, plain, None).unwrap()).unwrap();

        assert_eq!(envelope.thumbprint(), Some(&certificate.sha256()));
        assert_eq!(*envelope.open(&key, None).unwrap(), plain);
    }
}

#[test]
fn texts_of_one_session_key_open_like_any_other_and_share_its_wrapped_form_alone() {
    let (certificate, key) = recipient();
    let key = DecryptingKey::from_pkcs8(&key).unwrap();
    let session = SessionKey::generate(&certificate).unwrap();
    let other = SessionKey::generate(&certificate).unwrap();

    let texts = [
        session.seal(b"one"),
        session.seal(b"one"),
        other.seal(b"one"),
    ];
    let texts = texts.map(Result::unwrap);
    let envelopes = texts.each_ref().map(|text| Envelope::parse(text).unwrap());

    for (text, envelope) in texts.iter().zip(&envelopes) {
        let bytes = URL_SAFE.decode(text).unwrap();
        assert_eq!(&bytes[294..308], SPLITTER);
        assert_eq!(bytes.len(), 308 + 32 + 3 + 16);
        assert_eq!(*envelope.open(&key, None).unwrap(), b"one");
    }
    let [one, two, three] = &envelopes;
    assert_eq!(session.thumbprint(), &certificate.sha256());
    assert_eq!(one.wrapped_key(), two.wrapped_key());
    assert_ne!(one.wrapped_key(), three.wrapped_key());
    let nonce = |text: &String| URL_SAFE.decode(text).unwrap()[308..320].to_vec();
    assert_ne!(nonce(&texts[0]), nonce(&texts[1]));
    let shared = one.unwrap_key(&key).unwrap();
    assert_eq!(*two.open_with(&shared, None).unwrap(), b"one");
    assert_eq!(
        three.open_with(&shared, None).unwrap_err(),
        errors::ENVELOPE_INVALID
    );
}

#[test]
fn the_envelope_has_the_layout_of_a_key_manager() {
    let (certificate, key) = recipient();

    let bytes = URL_SAFE
        .decode(encrypt(&certificate, b"12345", None).unwrap())
        .unwrap();

    assert_eq!(&bytes[..6], b"VER_R2");
    assert_eq!(bytes[6..38], certificate.sha256());
    assert_eq!(&bytes[294..308], SPLITTER);
    assert_eq!(bytes.len(), 308 + 32 + 5 + 16);

    let openssl = OpenSsl::new();
    openssl.write("key.der", key.expose());
    openssl.write("wrapped", &bytes[38..294]);
    openssl.run(
        "pkeyutl -decrypt -inkey key.der -keyform DER -in wrapped -out aes -pkeyopt \
         rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256",
    );
    assert_eq!(std::fs::read(openssl.path("aes")).unwrap().len(), 32);
}

#[test]
fn with_a_salt_there_is_neither_header_nor_prefix() {
    let (certificate, key) = recipient();
    let key = DecryptingKey::from_pkcs8(&key).unwrap();
    let salted = Some(Salted {
        salt: b"twelve bytes",
        aad: b"aad",
    });

    let text = encrypt(&certificate, b"12345", salted).unwrap();
    let envelope = Envelope::parse(&text).unwrap();

    assert_eq!(URL_SAFE.decode(&text).unwrap().len(), 288 + 14 + 5 + 16);
    assert_eq!(envelope.thumbprint(), Some(&certificate.sha256()));
    assert_eq!(*envelope.open(&key, salted).unwrap(), b"12345");
    assert_eq!(
        envelope.open(&key, None).unwrap_err(),
        errors::ENVELOPE_INVALID
    );
    let short = Some(Salted {
        salt: b"short",
        aad: b"",
    });
    assert_eq!(
        encrypt(&certificate, b"1", short),
        Err(PkiError::Encryption)
    );
}

/// What a key manager of 1.1.5 makes: no header, and a nonce of 16 bytes at the end.
fn encrypt_as_1_1_5(recipient: &Certificate, plain: &[u8]) -> Vec<u8> {
    let (key, nonce) = ([5; 32], [6; 16]);
    let public = PublicEncryptingKey::from_der(recipient.public_key().info()).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let mut wrapped = [0; 256];
    public
        .encrypt(&OAEP_SHA256_MGF1SHA256, &key, &mut wrapped, None)
        .unwrap();
    let cipher = AesGcm::<Aes256, U16>::new_from_slice(&key).unwrap();
    let mut data = plain.to_vec();
    cipher
        .encrypt_in_place(&Nonce::<U16>::from(nonce), &[], &mut data)
        .unwrap();
    let thumbprint = recipient.sha256();
    [&thumbprint[..], &wrapped, SPLITTER, &data, &nonce].concat()
}

#[test]
fn data_of_1_1_5_without_a_header_opens() {
    let (certificate, key) = recipient();
    let key = DecryptingKey::from_pkcs8(&key).unwrap();

    for plain in [&b""[..], b"a@example.com", &[7; 10_000]] {
        let bytes = encrypt_as_1_1_5(&certificate, plain);
        for text in [URL_SAFE.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            let envelope = Envelope::parse(&text).unwrap();

            assert_eq!(envelope.thumbprint(), Some(&certificate.sha256()));
            assert_eq!(*envelope.open(&key, None).unwrap(), plain);
        }
    }
    let mut damaged = encrypt_as_1_1_5(&certificate, b"a@example.com");
    *damaged.last_mut().unwrap() ^= 1;
    let salted = Salted {
        salt: b"twelve bytes",
        aad: b"",
    };
    for (bytes, salted) in [
        (damaged, None),
        (encrypt_as_1_1_5(&certificate, b"x"), Some(salted)),
        (encrypt_as_1_1_5(&certificate, b"")[..302].to_vec(), None),
    ] {
        let envelope = Envelope::parse(&URL_SAFE.encode(bytes)).unwrap();
        assert_eq!(
            envelope.open(&key, salted).unwrap_err(),
            errors::ENVELOPE_INVALID
        );
    }
}

#[test]
fn a_key_without_thumbprint_is_meant_for_the_current_key() {
    let (certificate, key) = recipient();
    let key = DecryptingKey::from_pkcs8(&key).unwrap();
    let salted = Some(Salted {
        salt: b"twelve bytes",
        aad: b"",
    });
    let bytes = URL_SAFE
        .decode(encrypt(&certificate, b"old", salted).unwrap())
        .unwrap();

    let envelope = Envelope::parse(&URL_SAFE.encode(&bytes[32..])).unwrap();

    assert_eq!(envelope.thumbprint(), None);
    assert_eq!(*envelope.open(&key, salted).unwrap(), b"old");
}

#[test]
fn damaged_and_misdirected_data_is_refused() {
    let ((certificate, key), (_, stranger)) = (recipient(), recipient());
    let key = DecryptingKey::from_pkcs8(&key).unwrap();
    let stranger = DecryptingKey::from_pkcs8(&stranger).unwrap();
    let mut bytes = URL_SAFE
        .decode(encrypt(&certificate, b"12345", None).unwrap())
        .unwrap();
    let good = Envelope::parse(&URL_SAFE.encode(&bytes)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let damaged = Envelope::parse(&URL_SAFE.encode(&bytes)).unwrap();

    assert_eq!(
        good.open(&stranger, None).unwrap_err(),
        errors::SYMMETRIC_KEY_UNREADABLE
    );
    assert_eq!(
        damaged.open(&key, None).unwrap_err(),
        errors::ENVELOPE_INVALID
    );
}

#[test]
fn plain_text_does_not_look_like_an_envelope() {
    let (certificate, _) = recipient();

    let sealed = encrypt(&certificate, b"x", None).unwrap();
    assert!(Envelope::parse(&sealed).is_ok());
    for plain in ["", "9876543210", "a@example.com", "aGVsbG8="] {
        assert!(Envelope::parse(plain).is_err(), "{plain}");
    }
    assert_eq!(
        Envelope::parse("aGVsbG8=").unwrap_err(),
        errors::ENVELOPE_INVALID
    );
    assert_eq!(Envelope::parse("a@b").unwrap_err(), errors::NOT_BASE64);
}

#[test]
fn only_rsa_keys_can_receive() {
    let root = Party::root(ca_params("Root"), other_key(&rcgen::PKCS_ECDSA_P256_SHA256));

    assert_eq!(
        encrypt(&root.certificate, b"x", None),
        Err(PkiError::Recipient)
    );
}

#[test]
fn a_key_at_rest_opens_only_under_its_id_and_its_key() {
    let kek = Kek::from_text(&"0f".repeat(32)).unwrap();
    let other = Kek::from_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
    let key = Pkcs8::generate_rsa().unwrap();

    let sealed = kek.seal("id-1", &key).unwrap();

    assert_eq!(kek.open("id-1", &sealed).unwrap().expose(), key.expose());
    assert_eq!(kek.open("id-2", &sealed).unwrap_err(), PkiError::Unsealing);
    assert_eq!(
        other.open("id-1", &sealed).unwrap_err(),
        PkiError::Unsealing
    );
    for cut in [0, 1, 12, 13, 20] {
        assert_eq!(
            kek.open("id-1", &sealed[..cut]).unwrap_err(),
            PkiError::Unsealing
        );
    }
    assert_ne!(kek.seal("id-1", &key).unwrap(), sealed);
}

#[test]
fn a_key_encryption_key_has_32_bytes() {
    for text in ["", "00", "not a key", &"00".repeat(31), &"00".repeat(33)] {
        assert_eq!(Kek::from_text(text).unwrap_err(), PkiError::KekMalformed);
    }
}

#[test]
fn secrets_are_never_printed() {
    let key = Pkcs8::generate_rsa().unwrap();
    let kek = Kek::from_text(&"0f".repeat(32)).unwrap();

    let printed = format!(
        "{key:?} {:?} {:?} {kek:?}",
        SigningKey::from_pkcs8(&key).unwrap(),
        DecryptingKey::from_pkcs8(&key).unwrap()
    );

    assert_eq!(
        printed,
        "Pkcs8(..) SigningKey(..) DecryptingKey(..) Kek(..)"
    );
}
