//! Whom notices go to: administrators and partners
//! (contract clients-users-notifications.md §4.2).

use std::collections::{BTreeMap, HashSet};

use pms_database::ends::Owner;
use pms_database::{Connection, DbError, notifications, partners};
use pms_domain::notification::Kind;
use pms_integrations::{RoleUser, RoleUsers};

use super::notice::Recipient;
use crate::jobs::{JobContext, JobError};

/// The role of those who get notices of what all partners have.
const PARTNER_ADMIN: &str = "PARTNER_ADMIN";

/// Which partners get notices of their own things.
pub(super) struct Partners {
    /// In lower case.
    admins: HashSet<String>,
    skipped: HashSet<String>,
    default_language: String,
}

impl Partners {
    /// All but those that jobs pass over, and the administrators. When the identity
    /// provider does not say who these are, those who had notices for administrators
    /// before still are.
    pub(super) async fn of(context: &JobContext) -> Result<Self, JobError> {
        let admins = match role_users(context).list(PARTNER_ADMIN).await {
            Ok(users) => usernames(users.unwrap_or_default()),
            Err(error) => {
                tracing::warn!(%error, "administrators are those who had notices for administrators before");
                let kinds = Kind::OF_ADMINS.map(Kind::code);
                let known = context
                    .db
                    .read(move |conn| Ok(notifications::list_recipients(conn, &kinds)?));
                known.await?.iter().map(|id| id.to_lowercase()).collect()
            }
        };
        let settings = context.job_settings();
        Ok(Self {
            admins,
            skipped: settings.skip_partners.iter().cloned().collect(),
            default_language: settings.default_language.clone(),
        })
    }

    /// The partner as a recipient; `None` for those that get none.
    pub(super) fn recipient(&self, owner: &Owner) -> Option<Recipient> {
        if self.skipped.contains(&owner.id) || self.admins.contains(&owner.id.to_lowercase()) {
            return None;
        }
        Some(Recipient {
            id: owner.id.clone(),
            email: given(owner.email_id.as_ref()),
            language: given(owner.lang_code.as_ref())
                .unwrap_or_else(|| self.default_language.clone()),
        })
    }
}

/// The administrators, each once, by id: as partners where they are some, ignoring
/// case, else as users of the identity provider.
///
/// # Errors
/// When the identity provider does not say who they are: that is not an empty list.
pub(super) async fn admins(context: &JobContext) -> Result<Vec<Recipient>, JobError> {
    let users = role_users(context).list(PARTNER_ADMIN).await;
    let users = users.map_err(|error| JobError::Failed(error.to_string()))?;
    let Some(users) = users else {
        tracing::warn!("keycloak.role_users_url is not set: no administrator gets notices");
        return Ok(Vec::new());
    };
    let mut named: BTreeMap<String, RoleUser> = BTreeMap::new();
    for user in users {
        let name = user.username.as_deref().unwrap_or_default().to_lowercase();
        // A disabled user can't log in, and so administers nothing.
        if !name.is_empty() && user.enabled != Some(false) {
            named.insert(name, user);
        }
    }
    let names: Vec<String> = named.keys().cloned().collect();
    let find = move |conn: &mut Connection| -> Result<_, DbError> {
        Ok(partners::owners_named(conn, &names)?)
    };
    let mut rows: BTreeMap<String, Owner> = BTreeMap::new();
    for row in context.db.read(find).await? {
        rows.insert(row.id.to_lowercase(), row);
    }
    let settings = context.job_settings();
    let recipients = named.into_iter().map(|(name, user)| {
        let row = rows.remove(&name);
        recipient((name, &user), row, &settings.default_language)
    });
    let notified: Vec<Recipient> = recipients
        .filter(|admin| !context.skips(&admin.id))
        .collect();
    if notified.is_empty() {
        tracing::warn!("no user has the role {PARTNER_ADMIN}: no administrator gets notices");
    }
    Ok(notified)
}

fn recipient(
    (name, user): (String, &RoleUser),
    row: Option<Owner>,
    default_language: &str,
) -> Recipient {
    let language = |own: Option<&String>| {
        given(own)
            .or_else(|| user.language().map(str::to_owned))
            .unwrap_or_else(|| default_language.to_owned())
    };
    match row {
        Some(row) => Recipient {
            email: given(row.email_id.as_ref()).or_else(|| given(user.email.as_ref())),
            language: language(row.lang_code.as_ref()),
            id: row.id,
        },
        None => Recipient {
            email: given(user.email.as_ref()),
            language: language(None),
            id: name,
        },
    }
}

fn role_users(context: &JobContext) -> RoleUsers {
    let (runtime, settings) = (&context.runtime, context.settings());
    let url = settings.keycloak.role_users_url.to_string();
    let client = RoleUsers::new(runtime.client.clone(), url, runtime.token.clone());
    client.observed(runtime.observer.clone())
}

fn usernames(users: Vec<RoleUser>) -> HashSet<String> {
    let names = users.into_iter().filter_map(|user| user.username);
    names.map(|name| name.to_lowercase()).collect()
}

fn given(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}
