//! Users that can log in: the demo users, and those registered later, kept in a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::demo_users::DEMO_USERS;
use super::options::IdentityError;
use super::passwords::Credential;
use super::private_file;

/// Name of the file in the data directory.
const FILE: &str = "identity-users.json";

/// Users that can be registered before the file has to be deleted.
const MAX_USERS: usize = 10_000;

/// What the tokens say about a person (contract portal.md §2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Profile {
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) phone_number: String,
    pub(super) organization_name: String,
    pub(super) address: String,
    pub(super) partner_type: String,
    pub(super) lang_code: String,
}

/// A user who can log in.
#[derive(Clone)]
pub(super) struct User {
    /// The claim `sub`.
    pub(super) id: Uuid,
    /// Lower case, as Keycloak keeps it.
    pub(super) username: String,
    pub(super) profile: Profile,
    /// Realm roles.
    pub(super) roles: Vec<String>,
    pub(super) credential: Credential,
}

/// Why a user isn't added.
#[derive(Debug, thiserror::Error)]
pub(super) enum AddError {
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("the e-mail address is taken")]
    EmailTaken,
    #[error("no more than {MAX_USERS} users can be registered")]
    Full,
    #[error(transparent)]
    Store(IdentityError),
}

/// A registered user as the file keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredUser {
    id: Uuid,
    username: String,
    #[serde(flatten)]
    profile: Profile,
    roles: Vec<String>,
    password_hash: String,
}

/// All users, by user name.
type Users = BTreeMap<String, Arc<User>>;

/// The users and the file of the registered ones.
pub(super) struct Directory {
    file: PathBuf,
    users: RwLock<Users>,
    /// Held while the file is written, so that readers need not wait for the disk.
    writing: Mutex<()>,
}

impl Directory {
    /// Reads the registered users and adds the demo users.
    pub(super) fn open(data_dir: &Path) -> Result<Self, IdentityError> {
        let file = data_dir.join(FILE);
        let content = private_file::read(&file).map_err(|e| IdentityError::file(&file, e))?;
        let stored: Vec<StoredUser> = match content {
            Some(json) => serde_json::from_slice(&json)
                .map_err(|error| IdentityError::content(&file, &error))?,
            None => Vec::new(),
        };
        let registered = stored.into_iter().map(User::from);
        let users = registered
            .chain(DEMO_USERS.iter().map(super::demo_users::DemoUser::user))
            .map(|user| (user.username.clone(), Arc::new(user)))
            .collect();
        Ok(Self {
            file,
            users: RwLock::new(users),
            writing: Mutex::new(()),
        })
    }

    /// The user with this name or, failing that, this e-mail address; case doesn't count.
    pub(super) fn find(&self, login: &str) -> Option<Arc<User>> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        let login = login.trim().to_lowercase();
        users
            .get(&login)
            .or_else(|| users.values().find(|user| has_email(user, &login)))
            .cloned()
    }

    /// The user with this id.
    pub(super) fn by_id(&self, id: Uuid) -> Option<Arc<User>> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        users.values().find(|user| user.id == id).cloned()
    }

    /// Whether `user` could be added now.
    pub(super) fn check(&self, username: &str, email: &str) -> Result<(), AddError> {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        check(&users, username, email)
    }

    /// Adds a user and stores it. Writes to the disk: not for the async threads.
    pub(super) fn add(&self, user: User) -> Result<Arc<User>, AddError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut users = self
            .users
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        check(&users, &user.username, &user.profile.email)?;
        let user = Arc::new(user);
        users.insert(user.username.clone(), Arc::clone(&user));
        self.store(&users).map_err(AddError::Store)?;
        *self.users.write().unwrap_or_else(PoisonError::into_inner) = users;
        Ok(user)
    }

    fn store(&self, users: &Users) -> Result<(), IdentityError> {
        let stored: Vec<StoredUser> = users
            .values()
            .filter_map(|user| StoredUser::of(user))
            .collect();
        let json = serde_json::to_vec_pretty(&stored)
            .map_err(|error| IdentityError::content(&self.file, &error))?;
        private_file::replace(&self.file, &json).map_err(|e| IdentityError::file(&self.file, e))
    }
}

fn check(users: &Users, username: &str, email: &str) -> Result<(), AddError> {
    if users.contains_key(username) {
        return Err(AddError::UsernameTaken);
    }
    let email = email.to_lowercase();
    if users.values().any(|user| has_email(user, &email)) {
        return Err(AddError::EmailTaken);
    }
    if users.len() >= MAX_USERS.saturating_add(DEMO_USERS.len()) {
        return Err(AddError::Full);
    }
    Ok(())
}

fn has_email(user: &User, lower_case: &str) -> bool {
    user.profile.email.to_lowercase() == lower_case
}

impl StoredUser {
    /// Demo users are not stored.
    fn of(user: &User) -> Option<Self> {
        let Credential::Hashed(password_hash) = &user.credential else {
            return None;
        };
        Some(Self {
            id: user.id,
            username: user.username.clone(),
            profile: user.profile.clone(),
            roles: user.roles.clone(),
            password_hash: password_hash.clone(),
        })
    }
}

impl From<StoredUser> for User {
    fn from(stored: StoredUser) -> Self {
        Self {
            id: stored.id,
            username: stored.username,
            profile: stored.profile,
            roles: stored.roles,
            credential: Credential::Hashed(stored.password_hash),
        }
    }
}
