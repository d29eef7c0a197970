//! `PUT /oauth/client/{client_id}` and `PUT /oidc/client/{client_id}`
//!
//! Changes a client, or ends it for good
//! (contract clients-users-notifications.md §1.9). eSignet decides: what it
//! refuses is not stored.

mod command;

use std::time::Duration;

use actix_web::rt::time::{Instant, sleep};
use actix_web::{HttpRequest, web};
use pms_database::Db;
use pms_database::oidc_clients::intents::Intent;
use pms_database::oidc_clients::unfinished::{self, Begun};
use pms_database::oidc_clients::{ClientChange, OidcClient};
use pms_database::outbox::AuditTrail;
use pms_domain::BusinessError;
use pms_domain::oidc_clients::{ClientStatus, audits, errors, joined};
use pms_integrations::esignet::Unregistered;
use pms_runtime::peer_command;
use pms_web::{ApiError, ApiResult, Body, Caller, Envelope};
use tokio::runtime::Handle;
use uuid::Uuid;

use super::changed_client::{UpdateClient, UpdateOauthClient, UpdateOidcClient};
use super::fields::{Items, distinct};
use super::{ClientState, Form, available};
use crate::Context;
use command::{Command, Question};

/// Longest client id that is looked for.
const LONGEST_ID: usize = 100;
/// Calls that an update may take: a repetition, the supported claims, fewer claims.
const CALLS: u32 = 4;
/// What they may take beyond the answers: tokens, the way there.
const MARGIN: Duration = Duration::from_secs(2);
/// Pause between two looks whether another call about the client has ended.
const PAUSE: Duration = Duration::from_millis(50);

/// Changes a client and its names in several languages.
///
/// # Errors
/// The rules of contract clients-users-notifications.md §1.9 in its order, behind
/// them another public key; eSignet's error.
pub async fn oauth(
    caller: Caller,
    client_id: web::Path<String>,
    Body(UpdateOauthClient(request)): Body<UpdateOauthClient>,
    http: HttpRequest,
    context: web::Data<Context>,
) -> ApiResult<ClientState> {
    available(&context)?;
    let client_id = well_formed(client_id.into_inner())?;
    Envelope::of(&http).must_be_of_today(context.clock.now())?;
    update(caller, client_id, request, Form::Oauth, &context).await
}

/// Changes a client and its name.
///
/// # Errors
/// As [`oauth`].
pub async fn oidc(
    caller: Caller,
    client_id: web::Path<String>,
    Body(UpdateOidcClient(request)): Body<UpdateOidcClient>,
    context: web::Data<Context>,
) -> ApiResult<ClientState> {
    available(&context)?;
    let client_id = well_formed(client_id.into_inner())?;
    update(caller, client_id, request, Form::Oidc, &context).await
}

fn well_formed(client_id: String) -> ApiResult<String> {
    let fine = (1..=LONGEST_ID).contains(&client_id.len())
        && client_id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if fine {
        Ok(client_id)
    } else {
        Err(errors::CLIENT_ID_MALFORMED.into())
    }
}

async fn update(
    caller: Caller,
    client_id: String,
    request: UpdateClient,
    form: Form,
    context: &Context,
) -> ApiResult<ClientState> {
    request.check_new_names(&client_id, form, context).await?;
    let status = request.status.as_deref().and_then(ClientStatus::named);
    let list = |items: Option<Items>| Some(joined(&distinct(items.unwrap_or_default())));
    let command = Command {
        form,
        client_id,
        name: request.names(form),
        status: status.unwrap_or(ClientStatus::Active),
        details: ClientChange {
            logo_uri: request.logo_uri,
            redirect_uris: list(request.redirect_uris),
            grant_types: list(request.grant_types),
            auth_methods: list(request.client_auth_methods),
            ..ClientChange::default()
        },
        public_key: request.public_key,
        call: Uuid::new_v4().simple().to_string(),
        lease: context.rules.oidc.timeout * CALLS + MARGIN,
        stamp: context.stamp(&caller),
        caller,
    };
    let mut requested = None;
    let ask = async |command: &Command, is_asked: Question| {
        if !is_asked {
            return Ok(None);
        }
        let Some(before) = begin(context, command).await? else {
            return Ok(None);
        };
        let given_up = GivenUp::new(context, command.question(&before));
        let change = command.sent(&before);
        let changed = context.esignet.change(&before.id, &change).await;
        if let Err(fault) = changed {
            refused(context, command, given_up.disarm(), &fault).await;
            return Err(BusinessError::from(fault).into());
        }
        requested = Some(given_up);
        Ok(Some(before))
    };
    let updated = peer_command::run(&context.db, command, ask).await;
    let requested = requested.map(GivenUp::disarm);
    if let (Some(update), Err(_)) = (requested, &updated) {
        // eSignet has the change, and is given what is stored.
        done_with(&context.db, update, Over::Unstored).await;
    }
    updated
}

/// Notes what eSignet is about to be asked, behind the calls that change the same client: the
/// client as they left it; nothing when they ended it.
async fn begin(context: &Context, command: &Command) -> ApiResult<Option<OidcClient>> {
    let until = Instant::now() + command.lease;
    loop {
        let (client_id, call) = (command.client_id.clone(), command.call.clone());
        let (lease, stamp) = (command.lease, command.stamp.clone());
        let begun = context.db.transaction(move |conn| {
            let update = (client_id.as_str(), call.as_str());
            Ok(unfinished::begin_update(conn, update, lease, &stamp)?)
        });
        match begun.await? {
            Begun::Noted(client) => return Ok(Some(*client)),
            Begun::Over => return Ok(None),
            Begun::Busy if Instant::now() >= until => {
                return Err(ApiError::Busy("another call changes the client"));
            }
            Begun::Busy => sleep(PAUSE).await,
        }
    }
}

/// Notes that eSignet did not take an update, or that it is not known.
async fn refused(context: &Context, command: &Command, update: Intent, fault: &Unregistered) {
    let note = |trail: &mut AuditTrail| {
        trail.note(audits::UPDATE_FAILED, command.about());
    };
    context.db.note(command.stamp.clone(), note).await;
    let over = match fault {
        Unregistered::Refused(_) => Over::Refused,
        Unregistered::Unknown(_) => Over::Lost,
    };
    done_with(&context.db, update, over).await;
}

/// The request may be given up before its update is stored: then the update is noted as lost,
/// or the next one would wait for it.
struct GivenUp {
    db: Db,
    update: Intent,
    armed: bool,
}

impl GivenUp {
    fn new(context: &Context, update: Intent) -> Self {
        Self {
            db: context.db.clone(),
            update,
            armed: true,
        }
    }

    fn disarm(mut self) -> Intent {
        self.armed = false;
        self.update.clone()
    }
}

impl Drop for GivenUp {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        let (db, update) = (self.db.clone(), self.update.clone());
        // Without a runtime the process ends; the update is unfinished until its time is over.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { done_with(&db, update, Over::Lost).await });
        }
    }
}

/// How a call is over that stored no update.
#[derive(Clone, Copy)]
enum Over {
    /// eSignet did not take the update.
    Refused,
    /// eSignet has it, and is to be given what is stored.
    Unstored,
    /// eSignet may take it.
    Lost,
}

/// Notes how a call is over. Where that fails, the job `unfinished-clients` gives eSignet what
/// is stored.
async fn done_with(db: &Db, update: Intent, over: Over) {
    let noted = db.transaction(move |conn| {
        match over {
            Over::Refused => unfinished::withdraw_update(conn, &update)?,
            Over::Unstored => unfinished::leave_update(conn, &update)?,
            Over::Lost => unfinished::lose_update(conn, &update)?,
        }
        Ok(())
    });
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the update stays unfinished until its time is over");
    }
}
