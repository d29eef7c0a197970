//! Refresh tokens: opaque, and as good as the login they belong to.
//!
//! As with Keycloak's default, a refresh token may be used any number of times.

use uuid::Uuid;

use super::bounded::{Bounded, SecretHash, hash_of};
use super::passwords::random_secret;

/// Tokens remembered.
const MAX_TOKENS: usize = 20_000;

/// What a refresh token allows.
#[derive(Clone)]
pub(super) struct RefreshGrant {
    pub(super) client_id: &'static str,
    pub(super) scope: String,
    /// The login behind it.
    pub(super) session: Uuid,
}

/// The refresh tokens given.
pub(super) struct RefreshTokens(Bounded<SecretHash, RefreshGrant>);

impl RefreshTokens {
    pub(super) fn new() -> Self {
        Self(Bounded::new(MAX_TOKENS))
    }

    /// Gives a token.
    pub(super) fn give(&self, grant: RefreshGrant) -> String {
        let token = random_secret();
        self.0.with(|tokens| tokens.put(hash_of(&token), grant));
        token
    }

    /// What a token allows, if it is one of ours.
    pub(super) fn find(&self, token: &str) -> Option<RefreshGrant> {
        self.0.with(|tokens| tokens.get(&hash_of(token)).cloned())
    }
}
