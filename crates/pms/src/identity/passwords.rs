//! How a user's password is kept and compared.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};

/// What a password is compared with.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A demo user's password, which is printed at every start anyway.
    Public(&'static str),
    /// Argon2id in PHC notation.
    Hashed(String),
}

impl Credential {
    /// Hashes a password. Takes some 20 ms of a core on purpose.
    pub(super) fn hash(password: &str) -> Result<Self, argon2::password_hash::Error> {
        let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
        Ok(Self::Hashed(hash.to_string()))
    }

    /// Whether comparing takes as long as hashing.
    pub(super) const fn is_slow(&self) -> bool {
        matches!(self, Self::Hashed(_))
    }

    /// Whether this is the password. See [`Credential::is_slow`].
    pub(super) fn matches(&self, password: &str) -> bool {
        match self {
            Self::Public(expected) => same(expected, password),
            Self::Hashed(hash) => PasswordHash::new(hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            }),
        }
    }
}

/// Compares two secrets in a time that doesn't depend on where they differ.
pub(super) fn same(left: &str, right: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}

/// A secret that can't be guessed: 256 random bits, safe in URLs, cookies and forms.
pub(super) fn random_secret() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
