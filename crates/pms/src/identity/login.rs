//! Checks passwords and registers users, without holding up the async threads.

use std::sync::Arc;

use super::Provider;
use super::options::IdentityError;
use super::registration::{NewUser, Problem, normal_username};
use super::users::{AddError, User};

/// Longest user name or e-mail address in a login, in bytes.
const MAX_LOGIN: usize = 1024;

/// Why a user isn't let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoginError {
    /// No such user, or another password.
    Wrong,
    /// Too many wrong passwords in the last minute.
    TooMany,
}

/// Why a user isn't registered.
#[derive(Debug)]
pub(super) enum RegisterError {
    /// These fields must be changed.
    Invalid(Vec<Problem>),
    /// Another user has this name or e-mail address.
    Taken(Problem),
    /// There are too many users already.
    Full,
    /// Hashing or storing failed.
    Failed(String),
}

impl Provider {
    /// The user, if this is the password. `login` may be the e-mail address.
    pub(super) async fn log_in(
        &self,
        login: &str,
        password: String,
    ) -> Result<Arc<User>, LoginError> {
        // Failed attempts are remembered by name: a long one would be a waste of memory.
        if login.len() > MAX_LOGIN {
            return Err(LoginError::Wrong);
        }
        let user = self.users.find(login);
        let name = user
            .as_ref()
            .map_or_else(|| normal_username(login), |u| u.username.clone());
        let hashed = user.as_ref().is_some_and(|user| user.credential.is_slow());
        // Attempts are counted behind the queue, lest many at once all find the count low.
        let _slot = match hashed {
            true => Some(
                self.hashing
                    .acquire()
                    .await
                    .map_err(|_closed| LoginError::TooMany)?,
            ),
            false => None,
        };
        if !self.attempts.allowed(&name, self.tokens.clock.now()) {
            return Err(LoginError::TooMany);
        }
        if let Some(user) = user
            && is_password(&user, password).await
        {
            self.attempts.succeeded(&name);
            return Ok(user);
        }
        self.attempts.failed(&name, self.tokens.clock.now());
        Err(LoginError::Wrong)
    }

    /// Adds a user for good.
    pub(super) async fn register(
        self: &Arc<Self>,
        new: NewUser,
    ) -> Result<Arc<User>, RegisterError> {
        let problems = new.problems();
        if !problems.is_empty() {
            return Err(RegisterError::Invalid(problems));
        }
        let username = normal_username(&new.username);
        self.users
            .check(&username, new.email.trim())
            .map_err(RegisterError::from)?;
        let failed = |error: String| RegisterError::Failed(error);
        let _slot = self
            .hashing
            .acquire()
            .await
            .map_err(|error| failed(error.to_string()))?;
        let provider = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let user = new
                .into_user()
                .map_err(|error| RegisterError::Failed(error.to_string()))?;
            provider.users.add(user).map_err(RegisterError::from)
        });
        work.await.map_err(|error| failed(error.to_string()))?
    }
}

async fn is_password(user: &User, password: String) -> bool {
    if !user.credential.is_slow() {
        return user.credential.matches(&password);
    }
    let credential = user.credential.clone();
    let check = tokio::task::spawn_blocking(move || credential.matches(&password));
    check.await.unwrap_or(false)
}

impl From<AddError> for RegisterError {
    fn from(error: AddError) -> Self {
        let taken = |field, text| Self::Taken(Problem { field, text });
        match error {
            AddError::UsernameTaken => taken("username", "This user name is taken."),
            AddError::EmailTaken => taken("email", "This e-mail address is taken."),
            AddError::Full => Self::Full,
            AddError::Store(error) => Self::from(error),
        }
    }
}

impl From<IdentityError> for RegisterError {
    fn from(error: IdentityError) -> Self {
        Self::Failed(error.to_string())
    }
}
