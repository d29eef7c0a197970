//! The check of tokens.

/// What a good token gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Realm roles, and the roles of the client `realm-management`.
    pub roles: Vec<String>,
    /// The words of `scope`.
    pub scopes: Vec<String>,
}

impl Claims {
    /// Whether the token gives this role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|given| given == role)
    }

    /// Whether the token gives this scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|given| given == scope)
    }
}

/// Checks the tokens that a stand-in is shown.
pub trait Guard: Send + Sync + 'static {
    /// What the token gives; `None` when it is not good.
    fn claims(&self, token: &str) -> Option<Claims>;
}
