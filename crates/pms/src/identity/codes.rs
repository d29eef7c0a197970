//! Authorization codes: good for a minute, once.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::bounded::{Bounded, SecretHash, hash_of};
use super::passwords::random_secret;

/// How long a code is good.
const LIFETIME: TimeDelta = TimeDelta::seconds(60);

/// Codes remembered, used ones included.
const MAX_CODES: usize = 1_000;

/// What a code was given for.
#[derive(Clone)]
pub(super) struct CodeGrant {
    pub(super) client_id: &'static str,
    /// Exactly as the authorization request had it.
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) nonce: Option<String>,
    /// The S256 challenge of PKCE.
    pub(super) challenge: Option<String>,
    /// The login behind it.
    pub(super) session: Uuid,
}

/// Why a code isn't honoured.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CodeError {
    /// Never given, forgotten or too old.
    Unknown,
    /// Shown a second time; the login behind it should end, for it may have been stolen.
    Reused(Uuid),
}

struct Code {
    grant: CodeGrant,
    good_until: DateTime<Utc>,
    used: bool,
}

/// The codes given lately.
pub(super) struct Codes(Bounded<SecretHash, Code>);

impl Codes {
    pub(super) fn new() -> Self {
        Self(Bounded::new(MAX_CODES))
    }

    /// Gives a code.
    pub(super) fn give(&self, grant: CodeGrant, now: DateTime<Utc>) -> String {
        let code = random_secret();
        let entry = Code {
            grant,
            good_until: now + LIFETIME,
            used: false,
        };
        self.0.with(|codes| codes.put(hash_of(&code), entry));
        code
    }

    /// Takes a code back for what it was given for. It is used up, whatever follows.
    pub(super) fn redeem(&self, code: &str, now: DateTime<Utc>) -> Result<CodeGrant, CodeError> {
        self.0.with(|codes| {
            let entry = codes.get_mut(&hash_of(code)).ok_or(CodeError::Unknown)?;
            if std::mem::replace(&mut entry.used, true) {
                return Err(CodeError::Reused(entry.grant.session));
            }
            if now >= entry.good_until {
                return Err(CodeError::Unknown);
            }
            Ok(entry.grant.clone())
        })
    }
}
