//! `POST /oauth/client`, `POST /oidc-clients` and `POST /oidc/client`
//!
//! A partner gets a client at eSignet, and relying modules hear of it
//! (contract clients-users-notifications.md §1.7, §1.8). What happens in which
//! order, and what a call that breaks off leaves behind, is told in
//! `docs/clients.md`.

use actix_web::web;
use pms_database::locks::{self, Lock};
use pms_database::oidc_clients::intents::{self, Lease};
use pms_database::oidc_clients::{self, NewOidcClient, keys};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::policies::{self, PolicyFacts};
use pms_database::{Connection, DbError, Stamp, mapping_requests};
use pms_domain::audit::Subject;
use pms_domain::oidc_clients::{ClientName, audits, errors, joined};
use pms_domain::partner::errors::{PARTNER_INACTIVE, POLICY_UNKNOWN};
use pms_domain::partner::mapping;
use pms_domain::partner::types::AUTH_PARTNER;
use pms_integrations::esignet::{ClientChange, UnstoredClient};
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Body, Caller};

use super::fields::distinct;
use super::key::{self, ClientKey};
use super::new_client::{CreateClient, CreateOauthClient, CreateOidcClient};
use super::registration::{self, Derived};
use super::{CLIENT_ID, ClientState, Form, available, event, require_own};
use crate::Context;

/// The type of their policies.
const AUTH: &str = "Auth";

/// What is to be registered.
pub(super) struct Command {
    pub(super) caller: Caller,
    form: Form,
    pub(super) name: ClientName,
    pub(super) partner_id: String,
    policy_id: String,
    pub(super) key: ClientKey,
    pub(super) logo_uri: String,
    pub(super) redirect_uris: Vec<String>,
    pub(super) grant_types: Vec<String>,
    pub(super) auth_methods: Vec<String>,
    pub(super) stamp: Stamp,
}

/// Alias of the partner's certificate, and the policy.
pub(super) struct Question {
    pub(super) alias: String,
    pub(super) policy: PolicyFacts,
}

/// What eSignet has by now, and what that depends on.
pub(super) struct Registered {
    pub(super) question: Question,
    pub(super) derived: Derived,
    pub(super) certificate: String,
    /// Until when no other call asks for the client.
    pub(super) lease: Lease,
}

/// Creates a client with names in several languages.
///
/// # Errors
/// The rules of contract clients-users-notifications.md §1.7 in its order, with the
/// certificate looked for before eSignet is asked; the errors of eSignet and of the
/// key manager.
pub async fn oauth(
    caller: Caller,
    Body(CreateOauthClient(request)): Body<CreateOauthClient>,
    context: web::Data<Context>,
) -> ApiResult<ClientState> {
    create(caller, request, Form::Oauth, &context).await
}

/// Creates a client with one name.
///
/// # Errors
/// As [`oauth`].
pub async fn oidc(
    caller: Caller,
    Body(CreateOidcClient(request)): Body<CreateOidcClient>,
    context: web::Data<Context>,
) -> ApiResult<ClientState> {
    create(caller, request, Form::Oidc, &context).await
}

async fn create(
    caller: Caller,
    request: CreateClient,
    form: Form,
    context: &web::Data<Context>,
) -> ApiResult<ClientState> {
    available(context)?;
    let name = request.names(form);
    let given = request.public_key.unwrap_or_default();
    let command = Command {
        form,
        name,
        key: key::read(&given, context.rules.oidc.minimum_rsa_bits)?,
        partner_id: request.auth_partner_id.unwrap_or_default(),
        policy_id: request.policy_id.unwrap_or_default(),
        logo_uri: request.logo_uri.unwrap_or_default(),
        redirect_uris: distinct(request.redirect_uris.unwrap_or_default()),
        grant_types: distinct(request.grant_types.unwrap_or_default()),
        auth_methods: distinct(request.client_auth_methods.unwrap_or_default()),
        stamp: context.stamp(&caller),
        caller,
    };
    let noted = context
        .db
        .transaction(|conn| keys::note_missing(conn, key::derived_id));
    noted.await?;
    let intent = command.intent();
    let mut lease = None;
    let ask = async |command: &Command, question: Question| {
        let registered = registration::register(context, command, question, &intent).await?;
        lease = Some(registered.lease);
        Ok(registered)
    };
    let created = peer_command::run(&context.db, command, ask).await;
    if let (Some(lease), Err(_)) = (lease, &created) {
        // eSignet has the client. The next call of the same takes it up.
        let left = context
            .db
            .transaction(move |conn| Ok(intents::leave_open(conn, &intent, lease)?));
        if let Err(error) = left.await {
            tracing::warn!(%error, "the intent stays busy until its time is over");
        }
    }
    created
}

impl PeerCommand for Command {
    type Question = Question;
    type Prefetched = Registered;
    type Done = ClientState;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Question, DbError> {
        self.must_be_free(conn, trail)?;
        let partner = partners::find(conn, &self.partner_id)?;
        let (partner, policy) = self.permitted(conn, trail, partner)?;
        Ok(Question {
            alias: partner.certificate_alias.unwrap_or_default(),
            policy,
        })
    }

    /// Checks again, with the key, the policy and the partner locked, and stores
    /// what eSignet has.
    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        registered: Registered,
    ) -> Result<ClientState, DbError> {
        // eSignet has the client by now: it ends there if it can't be stored here.
        let unstored = UnstoredClient {
            intent: self.intent(),
            change: ClientChange::ending(&registration::wanted(self, &registered.derived)),
        };
        trail.undo_client(&self.key.client_id, unstored.payload());
        locks::hold(conn, Lock::OidcClient(&self.key.client_id))?;
        policies::keep(conn, &self.policy_id)?;
        let partner = partners::lock(conn, &self.partner_id)?;
        self.must_be_free(conn, trail)?;
        let (partner, policy) = self.permitted(conn, trail, partner)?;
        if partner.certificate_alias.as_deref() != Some(registered.question.alias.as_str()) {
            return Err(DbError::Busy(
                "the partner got another certificate meanwhile",
            ));
        }
        if policy.policy_file_id != registered.question.policy.policy_file_id {
            return Err(DbError::Busy("the policy changed meanwhile"));
        }
        let policy_data = policies::event_data(&policy)
            .map_err(|_fault| DbError::Internal("the policy's document is no object".to_owned()))?;
        let client = self.insert(conn, &registered.derived)?;
        keys::note(conn, &client.id, &self.key.client_id)?;
        intents::resolve(conn, &client.id)?;
        let event = event::created(&partner, registered.certificate, policy_data, &client);
        writer::event(conn, &event, self.stamp.at)?;
        match self.form {
            Form::Oauth => trail.note(audits::CREATED, self.about()),
            Form::Oidc => {
                let about = Some((self.name.plain.as_str(), CLIENT_ID));
                trail.note(audits::CREATED_OLDER, about);
            }
        }
        Ok(client.into())
    }
}

impl Command {
    fn must_be_free(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        if keys::is_taken(conn, &self.key.client_id)? {
            let taken = errors::KEY_TAKEN;
            return Err(trail.refuse(audits::CREATE_FAILED, self.about(), taken));
        }
        Ok(())
    }

    /// Partner and policy, if the one may have a client for the other.
    fn permitted(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        partner: Option<Partner>,
    ) -> Result<(Partner, PolicyFacts), DbError> {
        let checked = self.may_have_client(conn, partner);
        checked.map_err(|error| trail.refuse(audits::CREATE_FAILED, self.about(), error))
    }

    fn may_have_client(
        &self,
        conn: &mut Connection,
        partner: Option<Partner>,
    ) -> Result<(Partner, PolicyFacts), DbError> {
        let id = self.partner_id.as_str();
        require_own(conn, &self.caller, id, errors::NOT_OWN_TO_CREATE)?;
        let partner = partner.ok_or_else(|| errors::PARTNER_UNKNOWN.with(&[id]))?;
        if !partner.partner_type_code.eq_ignore_ascii_case(AUTH_PARTNER) {
            let refusal = errors::PARTNER_TYPE.with(&[&partner.partner_type_code]);
            return Err(refusal.into());
        }
        if !partner.is_active {
            return Err(PARTNER_INACTIVE.into());
        }
        let found = policies::find_with_group(conn, &self.policy_id)?;
        let policy = found.ok_or(POLICY_UNKNOWN)?.policy;
        if policy.policy_type != AUTH {
            return Err(errors::POLICY_TYPE.into());
        }
        let requests = mapping_requests::list(conn, id, &policy.id)?;
        if requests.is_empty() {
            return Err(errors::NOT_MAPPED.into());
        }
        // A policy may be asked for again after it was refused.
        if !requests
            .iter()
            .any(|request| request.status_code == mapping::APPROVED)
        {
            return Err(errors::MAPPING_NOT_APPROVED.into());
        }
        Ok((partner, policy))
    }

    fn insert(
        &self,
        conn: &mut Connection,
        derived: &Derived,
    ) -> Result<oidc_clients::OidcClient, DbError> {
        let new = NewOidcClient {
            id: &self.key.client_id,
            name: &self.name.stored(),
            rp_id: &self.partner_id,
            policy_id: &self.policy_id,
            logo_uri: &self.logo_uri,
            redirect_uris: &joined(&self.redirect_uris),
            claims: &joined(&derived.claims),
            acr_values: &joined(&derived.acr_values),
            public_key: &self.key.text,
            grant_types: &joined(&self.grant_types),
            auth_methods: &joined(&self.auth_methods),
        };
        Ok(oidc_clients::insert(conn, &new, &self.stamp)?)
    }

    /// What the caller asked for, as far as a repetition must ask for the same.
    fn intent(&self) -> intents::Intent {
        let repeated = (
            (&self.name.stored(), &self.policy_id, &self.logo_uri),
            (&self.redirect_uris, &self.grant_types, &self.auth_methods),
        );
        intents::Intent {
            client_id: self.key.client_id.clone(),
            rp_id: self.partner_id.clone(),
            digest: registration::digest(&repeated),
        }
    }

    /// What the records of the operation name. The reference has the client's name for its
    /// id, and the id for the kind (contract integrations.md §3.4 corrects that).
    pub(super) fn about(&self) -> Subject<'_> {
        Some((self.key.client_id.as_str(), CLIENT_ID))
    }
}
