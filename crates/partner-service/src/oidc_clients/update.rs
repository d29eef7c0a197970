//! `PUT /oauth/client/{client_id}` and `PUT /oidc/client/{client_id}`
//!
//! Changes a client, or ends it for good
//! (contract clients-users-notifications.md §1.9). eSignet decides: what it
//! refuses is not stored.

mod command;

use std::time::Duration;

use actix_web::{HttpRequest, web};
use pms_database::oidc_clients::intents::Intent;
use pms_database::oidc_clients::{ClientChange, unfinished};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError};
use pms_domain::BusinessError;
use pms_domain::oidc_clients::{ClientStatus, audits, errors, joined};
use pms_integrations::esignet::Unregistered;
use pms_runtime::peer_command;
use pms_web::{ApiResult, Body, Caller, Envelope};
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
    let ask = async |command: &Command, question: Question| {
        let Some((before, change)) = question else {
            return Ok(None);
        };
        let update = command.question(&before);
        begin(context, command, update.clone()).await?;
        if let Err(fault) = context.esignet.change(&before.id, &change).await {
            let note = |trail: &mut AuditTrail| {
                trail.note(audits::UPDATE_FAILED, command.about());
            };
            context.db.note(command.stamp.clone(), note).await;
            if matches!(fault, Unregistered::Refused(_)) {
                done_with(context, update, |conn, update| {
                    Ok(unfinished::withdraw_update(conn, update)?)
                })
                .await;
            }
            return Err(BusinessError::from(fault).into());
        }
        requested = Some(update);
        Ok(Some(before))
    };
    let updated = peer_command::run(&context.db, command, ask).await;
    if let (Some(update), Err(_)) = (requested, &updated) {
        // eSignet has the change, and is given what is stored.
        done_with(context, update, |conn, update| {
            Ok(unfinished::leave_update(conn, update)?)
        })
        .await;
    }
    updated
}

/// Notes what eSignet is about to be asked.
async fn begin(context: &Context, command: &Command, update: Intent) -> Result<(), DbError> {
    let (lease, stamp) = (command.lease, command.stamp.clone());
    let begun = context
        .db
        .transaction(move |conn| Ok(unfinished::begin_update(conn, &update, lease, &stamp)?));
    begun.await
}

/// Notes that a call is over, in one way or the other. Where that fails, the job
/// `unfinished-clients` gives eSignet what is stored.
async fn done_with(
    context: &Context,
    update: Intent,
    note: fn(&mut Connection, &Intent) -> Result<(), DbError>,
) {
    let noted = context.db.transaction(move |conn| note(conn, &update));
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the update stays unfinished until its time is over");
    }
}
