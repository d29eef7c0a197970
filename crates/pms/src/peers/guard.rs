//! Tokens of the development identity provider, for the stand-ins.

use pms_peers::{Claims, Guard};

use crate::identity::Identity;

/// Takes the tokens that the development identity provider made, and no others.
pub(super) struct OwnTokens(pub(super) Identity);

impl Guard for OwnTokens {
    fn claims(&self, token: &str) -> Option<Claims> {
        let grants = self.0.grants_of(token)?;
        let roles = grants.roles.into_iter().chain(grants.admin_roles);
        Some(Claims {
            roles: roles.collect(),
            scopes: grants.scopes,
        })
    }
}
