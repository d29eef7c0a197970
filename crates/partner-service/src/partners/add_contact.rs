//! `POST /partners/{partnerId}/contact/add`
//!
//! Adds a person to reach at a partner, or changes the one with the same
//! e-mail address (contract partner.md §4.6).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::partners::{
    self, ContactChange, NewPartnerContact, Partner, PartnerContact, insert_contact, lock_contact,
    update_contact,
};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_domain::audit::about_partner;
use pms_domain::partner::{audits, errors};
use pms_integrations::key_manager::is_sealed;
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields as rules;
use crate::Context;
use crate::context::Rules;
use crate::personal_data::email_hash;

/// The person.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AddContact {
    /// Postal address.
    pub address: Option<String>,
    /// Telephone number.
    pub contact_number: Option<String>,
    /// E-mail address.
    pub email_id: Option<String>,
    /// Whether the person may be written to; yes when it isn't said.
    #[serde(rename = "is_Active")]
    pub is_active: Option<bool>,
}

impl Request for AddContact {
    fn check(&self, fields: &mut Checks) {
        rules::check_person(
            fields,
            self.address.as_deref(),
            self.contact_number.as_deref(),
            self.email_id.as_deref(),
        );
    }
}

struct Command {
    caller: Caller,
    partner_id: String,
    address: String,
    contact_number: String,
    email: String,
    email_hash: String,
    is_active: bool,
    rules: Rules,
    stamp: Stamp,
}

/// The columns that hold cipher text.
struct Sealed {
    address: String,
    contact_number: String,
    email: String,
}

/// Adds or changes a contact.
///
/// # Errors
/// The rules of contract partner.md §4.6, in its order.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<AddContact>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let email = request.email_id.unwrap_or_default();
    let command = Command {
        partner_id: id.into_inner(),
        address: request.address.unwrap_or_default(),
        contact_number: request.contact_number.unwrap_or_default(),
        email_hash: email_hash(&email),
        email,
        is_active: request.is_active.unwrap_or(true),
        rules: context.rules.clone(),
        stamp: context.stamp(&caller),
        caller,
    };
    let seal = async |command: &Command, ()| -> ApiResult<Sealed> {
        let texts = [
            command.address.as_str(),
            &command.contact_number,
            &command.email,
        ];
        let [address, contact_number, email] = context.personal_data.seal(texts).await?;
        Ok(Sealed {
            address,
            contact_number,
            email,
        })
    };
    peer_command::run(&context.db, command, seal).await
}

impl PeerCommand for Command {
    type Question = ();
    type Prefetched = Sealed;
    type Done = &'static str;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        trail.note(audits::ADD_CONTACT, about_partner(&self.partner_id));
        self.check_form(trail)?;
        self.find(conn, trail).map(|_| ())
    }

    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        sealed: Sealed,
    ) -> Result<&'static str, DbError> {
        let (partner, contact) = self.find(conn, trail)?;
        let message = match contact {
            Some(contact) => {
                self.change(conn, &contact, &sealed)?;
                "Contacts details updated successfully."
            }
            None => {
                self.insert(conn, &partner.id, &sealed)?;
                "Contacts details added successfully."
            }
        };
        trail.note(audits::CONTACT_ADDED, about_partner(&partner.id));
        Ok(message)
    }
}

impl Command {
    fn check_form(&self, trail: &mut AuditTrail) -> Result<(), DbError> {
        let (failed, about) = (audits::ADD_CONTACT_FAILED, about_partner(&self.partner_id));
        if !self.rules.is_email(&self.email) {
            return Err(trail.refuse(failed, about, errors::INVALID_EMAIL));
        }
        let phone = self.rules.limits.check_phone(&self.contact_number);
        phone.map_err(|refusal| trail.refuse(failed, about, refusal))
    }

    /// The partner, locked, and its contact with this address; a partner that gets
    /// a new contact must be active, one whose contact changes may wait to be.
    fn find(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
    ) -> Result<(Partner, Option<PartnerContact>), DbError> {
        let (failed, about) = (audits::RETRIEVE_FAILED, about_partner(&self.partner_id));
        let Some(partner) = partners::lock(conn, &self.partner_id)? else {
            return Err(trail.refuse(failed, about, errors::PARTNER_UNKNOWN));
        };
        self.caller.require_owner(&partner.user_id, &partner.id)?;
        let contact = lock_contact(conn, &partner.id, &self.email_hash, &self.email)?;
        let standing = partner.standing();
        let admitted = match contact {
            Some(_) => standing.may_change(),
            None => standing.must_be_active(),
        };
        admitted.map_err(|error| trail.refuse(failed, about, error))?;
        Ok((partner, contact))
    }

    fn change(
        &self,
        conn: &mut Connection,
        contact: &PartnerContact,
        sealed: &Sealed,
    ) -> Result<(), DbError> {
        let sealed_before = contact.email_id.as_deref().is_some_and(is_sealed);
        let in_clear = contact.email_id_hash.is_none() || !sealed_before;
        let change = ContactChange {
            contact_no: Some(&sealed.contact_number),
            address: Some(&sealed.address),
            email_id: in_clear.then_some(sealed.email.as_str()),
            email_id_hash: in_clear.then_some(self.email_hash.as_str()),
            is_active: Some(self.is_active),
        };
        update_contact(conn, &contact.id, &change, &self.stamp)?;
        Ok(())
    }

    fn insert(
        &self,
        conn: &mut Connection,
        partner_id: &str,
        sealed: &Sealed,
    ) -> Result<(), DbError> {
        let contact = NewPartnerContact {
            id: &ids::decimal()?,
            partner_id,
            contact_no: &sealed.contact_number,
            email_id: &sealed.email,
            email_id_hash: &self.email_hash,
            address: &sealed.address,
            is_active: self.is_active,
        };
        insert_contact(conn, &contact, &self.stamp)?;
        Ok(())
    }
}
