//! The call that makes a client at eSignet, of which every outcome leaves a state that a
//! repetition ends right, and that gives no partner a client of another.
//!
//! It goes on when the client of the request hangs up, and a process that stops waits for
//! it: a refusal that is not noted would look like an answer that was lost.

mod answer;

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::time::{Instant, sleep, timeout};
use actix_web::web::Data;
use pms_database::locks::{self, Lock};
use pms_database::oidc_clients::intents::{self, Declared, Intent, Lease};
use pms_database::oidc_clients::{held as held_before, keys};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::BusinessError;
use pms_domain::oidc_clients::errors;
use pms_integrations::Esignet;
use pms_integrations::esignet::{ClientChange, ClientRecord, NewClient, Unregistered};
use pms_integrations::key_manager::UNREACHABLE;
use pms_web::{ApiError, ApiResult, Caller};

use super::held::{self, Verdict};
use crate::Context;
use answer::{Answer, Asked, Finding};

/// Pause between two looks whether another call about the same key has ended, and the first
/// one before an outcome is noted once more.
const PAUSE: Duration = Duration::from_millis(100);
/// What a call may take beyond eSignet's answer: the token, the way there.
const MARGIN: Duration = Duration::from_secs(2);
/// Longest that eSignet may take to tell whose a client is.
const RECORD: Duration = Duration::from_secs(2);
/// Longest pause before an outcome is noted once more.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What eSignet is to register, and for whom.
pub(super) struct Asking {
    pub(super) context: Data<Context>,
    /// With connections that the end of a worker does not touch.
    pub(super) esignet: Esignet,
    pub(super) wanted: NewClient,
    pub(super) intent: Intent,
    pub(super) stamp: Stamp,
    pub(super) caller: Caller,
}

/// What became of the note that eSignet had a client before it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeldNote {
    /// This call made it.
    Added,
    /// It is there already, or calls were made before that may have made the client.
    NotAdded,
    /// The time of the intent was over: another call may ask about the key.
    TooLate,
}

impl Asking {
    /// Asks eSignet for the client: until when no other call asks for it. The intent is
    /// committed before; when the outcome is not known it stays, and lets the same call take
    /// what eSignet has.
    ///
    /// # Errors
    /// A key that another call took meanwhile, eSignet's error.
    pub(super) async fn ask(self) -> ApiResult<Lease> {
        let until = Instant::now() + self.patience() + MARGIN;
        let detached = self.context.detached.clone();
        let asking = Arc::new(self);
        loop {
            let work = Arc::clone(&asking);
            let work = async move { work.declare_and_create().await };
            if let Some(lease) = detached.run(work).await? {
                return Ok(lease);
            }
            if Instant::now() >= until {
                return Err(ApiError::Busy("another call registers the same key"));
            }
            // Not within `work`, which goes on when this request is given up: it would wait
            // for the other call and then ask eSignet, for a request that is gone.
            sleep(PAUSE).await;
        }
    }

    /// Nothing is done while another call asks about the same key.
    async fn declare_and_create(&self) -> ApiResult<Option<Lease>> {
        let Some(mut asked) = self.declare().await? else {
            return Ok(None);
        };
        let Answer { outcome, finding } = self.create(&mut asked).await;
        let Asked {
            before,
            lease,
            until,
        } = asked;
        let Err(fault) = outcome else {
            return Ok(Some(lease));
        };
        let was_open = matches!(before, Declared::Unresolved | Declared::Doubtful);
        let is_unknown = matches!(fault, Unregistered::Unknown(_));
        let keep = is_unknown || (was_open && !matches!(finding, Finding::Foreign));
        let intent = self.intent.clone();
        self.note(until, move |conn| {
            let is_own = if keep {
                intents::leave_open(conn, &intent, lease)?
            } else {
                intents::withdraw(conn, &intent, lease)?
            };
            if !is_own {
                // A later call has the intent by now, and may have made the client: what this
                // one found is no longer true of it.
                return Ok(());
            }
            match finding {
                Finding::Nothing => {}
                Finding::Foreign => {
                    held_before::note(conn, &intent)?;
                }
                Finding::Absent => held_before::take_back(conn, &intent.client_id)?,
            }
            Ok(())
        })
        .await;
        Err(BusinessError::from(fault).into())
    }

    /// Commits the intent, unless another call asks about the same key.
    async fn declare(&self) -> ApiResult<Option<Asked>> {
        let patience = self.patience();
        let until = Instant::now() + patience;
        let ending = ClientChange::ending(&self.wanted);
        let ending = serde_json::to_value(ending).unwrap_or_default();
        let (wanted, stamp) = (self.intent.clone(), self.stamp.clone());
        let declared = self.context.db.transaction(move |conn| {
            locks::hold(conn, Lock::OidcClient(&wanted.client_id))?;
            if keys::is_taken(conn, &wanted.client_id)? {
                return Err(errors::KEY_TAKEN.into());
            }
            let ending = Some(&ending);
            Ok(intents::declare(conn, &wanted, ending, patience, &stamp)?)
        });
        let declared = declared.await?;
        Ok(declared.map(|(before, lease)| Asked {
            before,
            lease,
            until,
        }))
    }

    /// Has eSignet register the client, or takes up the one that it has, if that is the
    /// partner's. Each step has its own limit: from the refusal on, the outcome is known
    /// until an update is sent.
    async fn create(&self, asked: &mut Asked) -> Answer {
        let created = timeout(self.longest_call(), self.esignet.create(&self.wanted));
        let refused = match created.await.unwrap_or_else(|_elapsed| Err(lost())) {
            Err(refused) if refused.is_about_held() => refused,
            created => return created.into(),
        };
        // Before the record is read: were the process killed in between without it, the
        // intent would look as if its call had made the client, and the partner's next call
        // would take up a client that may be another's.
        let noted = self.note_held(asked).await;
        if noted == HeldNote::TooLate {
            return Err(refused).into();
        }
        let record = self.esignet.record(&self.wanted.client_id);
        let record = timeout(RECORD, record).await;
        let record = record.unwrap_or(ClientRecord::Unreachable);
        let verdict = match self.judge(&record, asked.before) {
            Verdict::TakeUp if !self.look_again(asked).await => Verdict::Refuse,
            Verdict::TakeUp => self.judge(&record, asked.before),
            decided => decided,
        };
        let finding = match verdict {
            Verdict::TakeUp => return self.take_up(refused, asked.before).await.into(),
            Verdict::Foreign => Finding::Foreign,
            Verdict::Refuse => {
                let is_missing = record == ClientRecord::Missing && refused.may_be_about_key();
                if noted == HeldNote::Added && is_missing {
                    Finding::Absent
                } else {
                    Finding::Nothing
                }
            }
        };
        Answer {
            outcome: Err(refused),
            finding,
        }
    }

    fn judge(&self, record: &ClientRecord, before: Declared) -> Verdict {
        let by_admin = self.caller.is_partner_admin();
        held::judge(record, &self.intent.rp_id, by_admin, before)
    }

    async fn take_up(&self, refused: Unregistered, before: Declared) -> Result<(), Unregistered> {
        tracing::warn!(
            client = self.wanted.client_id,
            partner = self.intent.rp_id,
            by = self.caller.user_id(),
            asked_before = before == Declared::Unresolved,
            "a client that only eSignet knew is taken up",
        );
        let taken = self.esignet.take_up(&self.wanted, refused);
        let taken = timeout(self.longest_call(), taken).await;
        taken.unwrap_or_else(|_elapsed| Err(lost()))
    }

    /// Notes that eSignet had the client before it was asked, and takes the time to read its
    /// record.
    async fn note_held(&self, asked: &mut Asked) -> HeldNote {
        let time = RECORD + self.noting();
        let (Asked { before, lease, .. }, intent) = (*asked, self.intent.clone());
        let noted = self.note(asked.until, move |conn| {
            // Also when the time can't be had any more: without the note, the next call of the
            // partner would take this one for the maker of the client.
            let is_noted = before == Declared::Fresh && held_before::note(conn, &intent)?;
            let until = Instant::now() + time;
            let prolonged = intents::prolong(conn, &intent, lease, time)?;
            Ok(prolonged.map(|lease| (is_noted, lease, until)))
        });
        let Some((is_noted, lease, until)) = noted.await.flatten() else {
            return HeldNote::TooLate;
        };
        (asked.lease, asked.until) = (lease, until);
        if is_noted {
            HeldNote::Added
        } else {
            HeldNote::NotAdded
        }
    }

    /// Takes the time for an update, and looks again whether eSignet refused the key before:
    /// a call that was slow may have noted it meanwhile. `false` when that time can't be had.
    async fn look_again(&self, asked: &mut Asked) -> bool {
        let time = self.longest_call() + self.noting();
        let (lease, intent) = (asked.lease, self.intent.clone());
        let looked = self.note(asked.until, move |conn| {
            let until = Instant::now() + time;
            let prolonged = intents::prolong(conn, &intent, lease, time)?;
            let is_held = held_before::is_noted(conn, &intent.client_id)?;
            Ok(prolonged.map(|lease| (is_held, lease, until)))
        });
        let Some((is_held, lease, until)) = looked.await.flatten() else {
            return false;
        };
        (asked.lease, asked.until) = (lease, until);
        if is_held && asked.before == Declared::Unresolved {
            asked.before = Declared::Doubtful;
        }
        true
    }

    /// Notes what is known of the outcome, `until` another call may ask about the key. It is
    /// tried again and again: a refusal that is not noted looks like an answer that was lost.
    async fn note<T: Send + 'static>(
        &self,
        until: Instant,
        note: impl Fn(&mut Connection) -> Result<T, DbError> + Clone + Send + 'static,
    ) -> Option<T> {
        let mut pause = PAUSE;
        loop {
            let note = note.clone();
            let error = match self.context.db.transaction(move |conn| note(conn)).await {
                Ok(noted) => return Some(noted),
                Err(error) => error,
            };
            if Instant::now() + pause >= until {
                tracing::warn!(%error, "the intent stays busy until its time is over");
                return None;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// How long a question is busy.
    fn patience(&self) -> Duration {
        self.longest_call() + self.noting()
    }

    /// What it may take to note an outcome.
    fn noting(&self) -> Duration {
        self.context.rules.oidc.connection + MARGIN
    }

    /// Longest that eSignet may take for a call, with the token and the way there.
    fn longest_call(&self) -> Duration {
        self.context.rules.oidc.timeout + MARGIN / 2
    }
}

fn lost() -> Unregistered {
    Unregistered::Unknown(UNREACHABLE.into())
}
