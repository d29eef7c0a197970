//! Wire errors of the key manager, and failures that have none.

use std::borrow::Cow;
use std::fmt;

/// A business error of the key manager (contract keymanager.md §13), ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyManagerError {
    /// The `errorCode`.
    pub code: &'static str,
    /// The `message`.
    pub message: Cow<'static, str>,
}

impl KeyManagerError {
    /// Pairs a code with its text.
    pub const fn new(code: &'static str, message: &'static str) -> Self {
        Self {
            code,
            message: Cow::Borrowed(message),
        }
    }

    /// This error with `detail` behind its text, as a sentence of its own.
    #[must_use]
    pub fn with_detail(&self, detail: &str) -> Self {
        let text = self.message.trim_end();
        let between = match text.chars().next_back() {
            None => "",
            Some('.' | ':' | '!' | '?') => " ",
            Some(_) => ". ",
        };
        Self {
            code: self.code,
            message: Cow::Owned(format!("{text}{between}{}", detail.trim_start())),
        }
    }

    /// This error with the place-holder `%s` of its text replaced.
    #[must_use]
    pub fn filled(&self, argument: &str) -> Self {
        Self {
            code: self.code,
            message: Cow::Owned(self.message.replacen("%s", argument, 1)),
        }
    }
}

impl fmt::Display for KeyManagerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for KeyManagerError {}

/// Something that should not fail did; answered as `KER-KMS-500` and logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkiError {
    /// The operating system gave no random bytes.
    #[error("no random bytes available")]
    Random,
    /// A key pair could not be made.
    #[error("key generation failed")]
    KeyGeneration,
    /// A stored or imported private key is not a usable RSA key.
    #[error("private key rejected")]
    KeyRejected,
    /// A certificate and a private key do not belong together.
    #[error("private key does not match the certificate")]
    KeyMismatch,
    /// The signature operation failed.
    #[error("signing failed")]
    Signing,
    /// What was just issued can not be read back.
    #[error("issued certificate is not readable")]
    Issuing,
    /// Encryption failed.
    #[error("encryption failed")]
    Encryption,
    /// The key of a certificate that others chose can't encrypt: it is not RSA, or not of 2048 to
    /// 8192 bits.
    #[error("the recipient's key can't encrypt")]
    Recipient,
    /// A secret at rest does not open: wrong key, wrong key id or damaged bytes.
    #[error("secret at rest can not be opened")]
    Unsealing,
    /// The key encryption key has the wrong length or encoding.
    #[error("key encryption key is not 32 bytes in hex or base64")]
    KekMalformed,
    /// A date can not be represented.
    #[error("date out of range")]
    DateRange,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_stands_behind_the_text_as_a_sentence_of_its_own() {
        for (text, detail, whole) in [
            ("Parsing Error.", "not DER", "Parsing Error. not DER"),
            ("Parsing Error.", " Not DER.", "Parsing Error. Not DER."),
            (
                "While processing: ",
                "not valid",
                "While processing: not valid",
            ),
            (
                " is not base64",
                "This is a key.",
                " is not base64. This is a key.",
            ),
            ("", "Alone.", "Alone."),
        ] {
            let error = KeyManagerError::new("KER-KMS-013", text).with_detail(detail);

            assert_eq!(error.message, whole);
        }
    }
}
