//! What an update checks and stores.

use std::time::Duration;

use pms_database::oidc_clients::intents::Intent;
use pms_database::oidc_clients::{self, ClientChange, OidcClient, unfinished};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::Subject;
use pms_domain::oidc_clients::{ClientName, ClientStatus, audits, errors};
use pms_domain::partner::errors::PARTNER_INACTIVE;
use pms_integrations::esignet;
use pms_runtime::peer_command::PeerCommand;
use pms_web::Caller;
use serde_json::Value;

use crate::oidc_clients::{CLIENT_ID, ClientState, Form, key, require_own};

/// A change of a client.
pub(super) struct Command {
    pub(super) caller: Caller,
    pub(super) form: Form,
    pub(super) client_id: String,
    pub(super) name: ClientName,
    pub(super) status: ClientStatus,
    /// Everything but name and status.
    pub(super) details: ClientChange,
    pub(super) public_key: Option<Value>,
    /// Id of this call among the questions to eSignet.
    pub(super) call: String,
    /// How long eSignet may take.
    pub(super) lease: Duration,
    pub(super) stamp: Stamp,
}

/// Whether eSignet is to be asked: not about a client that ended with its partner, and is
/// only sent to it again.
pub(super) type Question = bool;

impl PeerCommand for Command {
    type Question = Question;
    /// The client before the change that eSignet took; nothing when it was not asked.
    type Prefetched = Option<OidcClient>;
    type Done = ClientState;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Question, DbError> {
        let client = oidc_clients::find(conn, &self.client_id)?;
        let partner = match &client {
            Some(client) => partners::find(conn, &client.rp_id)?,
            None => None,
        };
        let client = self.permitted(conn, trail, client, partner)?;
        Ok(!client.is_deactivated())
    }

    /// Checks again, with the partner and the client locked, and stores what
    /// eSignet took.
    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        before: Option<OidcClient>,
    ) -> Result<ClientState, DbError> {
        if before.is_some() {
            // eSignet has the change: it is given what is stored if that fails.
            trail.undo_client_change(&self.client_id);
        }
        let found = oidc_clients::find(conn, &self.client_id)?;
        let partner = match &found {
            Some(client) => partners::lock(conn, &client.rp_id)?,
            None => None,
        };
        let client = oidc_clients::lock(conn, &self.client_id)?;
        let client = self.permitted(conn, trail, client, partner)?;
        let Some(before) = before else {
            writer::client_update(conn, &client.id)?;
            self.note_success(trail);
            return Ok(client.into());
        };
        if client != before {
            return Err(DbError::Busy("the client changed meanwhile"));
        }
        let change = self.change_of(&client);
        let client = oidc_clients::update(conn, &client.id, &change, &self.stamp)?;
        oidc_clients::tell(conn, &client, self.stamp.at)?;
        unfinished::withdraw_update(conn, &self.question(&client))?;
        self.note_success(trail);
        Ok(client.into())
    }
}

impl Command {
    /// What eSignet is given: the client as it will be.
    pub(super) fn sent(&self, client: &OidcClient) -> esignet::ClientChange {
        let mut after = client.clone();
        self.change_of(client).apply(&mut after);
        let mut change = esignet::ClientChange::stored(&after);
        if self.form == Form::Oidc {
            change.client_name_lang_map = None;
        }
        change
    }

    /// What eSignet is about to be asked, and the outcome is not stored yet.
    pub(super) fn question(&self, client: &OidcClient) -> Intent {
        Intent {
            client_id: client.id.clone(),
            rp_id: client.rp_id.clone(),
            digest: self.call.clone(),
        }
    }

    /// The client, if the caller may change it.
    fn permitted(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        client: Option<OidcClient>,
        partner: Option<Partner>,
    ) -> Result<OidcClient, DbError> {
        let failed = audits::UPDATE_FAILED;
        let Some(client) = client else {
            return Err(trail.refuse(failed, None, errors::CLIENT_UNKNOWN));
        };
        if client.is_deactivated() && !self.repeats_the_end(conn, &client, partner.as_ref())? {
            let about = Some((client.id.as_str(), client.status.as_str()));
            return Err(trail.refuse(failed, about, errors::CLIENT_DEACTIVATED));
        }
        let Some(partner) = partner else {
            let refusal = errors::PARTNER_UNKNOWN.with(&[&client.rp_id]);
            return Err(trail.refuse(failed, None, refusal));
        };
        require_own(conn, &self.caller, &partner.id, errors::NOT_OWN_TO_UPDATE)
            .map_err(|error| trail.refuse(failed, None, error))?;
        // An administrator may end what a deactivated partner has, and end it again.
        let ended_by_admin = self.caller.is_partner_admin()
            && (self.changes_status(&client) || client.is_deactivated());
        if !partner.is_active && !ended_by_admin {
            return Err(trail.refuse(failed, self.about(), PARTNER_INACTIVE));
        }
        self.same_key(&client)
            .map_err(|error| trail.refuse(failed, self.about(), error))?;
        Ok(client)
    }

    /// Whether an administrator ends a client again that ended with its partner:
    /// eSignet may not have got it.
    fn repeats_the_end(
        &self,
        conn: &mut Connection,
        client: &OidcClient,
        partner: Option<&Partner>,
    ) -> Result<bool, DbError> {
        let ends = self.status == ClientStatus::Inactive && self.caller.is_partner_admin();
        let Some(partner) = partner.filter(|_| ends) else {
            return Ok(false);
        };
        let change = (client.upd_by.as_deref(), client.upd_dtimes);
        Ok(partners::ended_with(conn, partner, [change])?)
    }

    fn changes_status(&self, client: &OidcClient) -> bool {
        !client.status.eq_ignore_ascii_case(self.status.name())
    }

    /// eSignet can't give a client another key. The same one, in any spelling, is
    /// fine.
    fn same_key(&self, client: &OidcClient) -> Result<(), DbError> {
        let Some(given) = &self.public_key else {
            return Ok(());
        };
        let given = key::id_of_given(given)?;
        let own = key::derived_id(&client.public_key).unwrap_or_else(|| client.id.clone());
        if given == own {
            Ok(())
        } else {
            Err(errors::KEY_FIXED.into())
        }
    }

    /// What changes: the status alone with the names of the newer form, or all the
    /// rest.
    fn change_of(&self, client: &OidcClient) -> ClientChange {
        if !self.changes_status(client) {
            return ClientChange {
                name: Some(self.name.stored()),
                ..self.details.clone()
            };
        }
        ClientChange {
            name: (self.form == Form::Oauth).then(|| self.name.stored()),
            status: Some(self.status.name().to_owned()),
            ..ClientChange::default()
        }
    }

    /// What the records of the operation name.
    pub(super) fn about(&self) -> Subject<'_> {
        Some((self.client_id.as_str(), CLIENT_ID))
    }

    fn note_success(&self, trail: &mut AuditTrail) {
        let success = match self.form {
            Form::Oauth => audits::UPDATED,
            Form::Oidc => audits::UPDATED_OLDER,
        };
        trail.note(success, self.about());
    }
}
