//! Logins that are still good.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::bounded::Bounded;
use super::passwords::{random_secret, same};

/// Logins remembered.
const MAX_SESSIONS: usize = 10_000;

/// One login of one user in one browser (or by one password grant).
#[derive(Clone)]
pub(super) struct Session {
    /// The claims `sid` and `session_state`.
    pub(super) id: Uuid,
    /// The user's id.
    pub(super) user: Uuid,
    /// The claim `auth_time`.
    pub(super) began: DateTime<Utc>,
    /// From then on a new login is needed.
    pub(super) ends: DateTime<Utc>,
    secret: String,
}

impl Session {
    /// What the browser's cookie holds.
    pub(super) fn cookie_value(&self) -> String {
        format!("{}.{}", self.id, self.secret)
    }
}

/// The logins, and the ids of those that were ended before their time.
pub(super) struct Sessions {
    lifetime: TimeDelta,
    live: Bounded<Uuid, Session>,
    ended: Bounded<Uuid, ()>,
}

impl Sessions {
    pub(super) fn new(lifetime: TimeDelta) -> Self {
        Self {
            lifetime,
            live: Bounded::new(MAX_SESSIONS),
            ended: Bounded::new(MAX_SESSIONS),
        }
    }

    /// Begins a login.
    pub(super) fn begin(&self, user: Uuid, now: DateTime<Utc>) -> Session {
        let session = self.unlisted(user, now);
        self.live.with(|live| live.put(session.id, session.clone()));
        session
    }

    /// A login that can't be resumed: it takes no room in the list.
    pub(super) fn unlisted(&self, user: Uuid, now: DateTime<Utc>) -> Session {
        Session {
            id: Uuid::new_v4(),
            user,
            began: now,
            ends: now + self.lifetime,
            secret: random_secret(),
        }
    }

    /// The login with this id, unless it is over.
    pub(super) fn find(&self, id: Uuid, now: DateTime<Utc>) -> Option<Session> {
        self.live
            .with(|live| live.get(&id).filter(|session| now < session.ends).cloned())
    }

    /// The login a browser's cookie stands for, unless it is over.
    pub(super) fn of_cookie(&self, value: &str, now: DateTime<Utc>) -> Option<Session> {
        let (id, secret) = value.split_once('.')?;
        let session = self.find(id.parse().ok()?, now)?;
        same(&session.secret, secret).then_some(session)
    }

    /// Ends a login. Works for one that is unknown too, e.g. from before a restart.
    pub(super) fn end(&self, id: Uuid) {
        self.live.with(|live| live.pop(&id));
        self.ended.with(|ended| ended.put(id, ()));
    }

    /// Whether a login was ended before its time.
    pub(super) fn was_ended(&self, id: Uuid) -> bool {
        self.ended.with(|ended| ended.contains(&id))
    }
}
