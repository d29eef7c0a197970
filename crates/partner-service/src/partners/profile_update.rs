//! What both profile endpoints do (contract partner.md §4.4 and §4.5).

use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, Partner, PartnerDetails};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::about_partner;
use pms_domain::partner::{audits, errors};
use pms_integrations::key_manager::is_sealed;
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::context::Rules;
use crate::personal_data::{PersonalData, email_hash};

/// The partner after the change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Updated {
    /// Its id.
    pub partner_id: String,
    /// Its approval status.
    pub status: String,
}

/// Logo and additional information.
pub(super) struct Branding {
    pub(super) logo_url: Option<String>,
    /// JSON text.
    pub(super) additional_info: String,
}

/// New values of a profile.
pub(super) struct ProfileUpdate {
    pub(super) partner_id: String,
    pub(super) address: String,
    pub(super) contact_number: String,
    /// `None` leaves them as they are.
    pub(super) branding: Option<Branding>,
}

/// An update with what its checks look at.
struct Command {
    update: ProfileUpdate,
    caller: Caller,
    rules: Rules,
    stamp: Stamp,
}

/// The columns that hold cipher text.
struct Sealed {
    address: String,
    contact_number: String,
    /// What replaces an e-mail that is not encrypted yet.
    email: Option<SealedEmail>,
}

struct SealedEmail {
    /// The column that it replaces.
    before: String,
    column: String,
    hash: String,
}

impl ProfileUpdate {
    /// Checks, encrypts, then checks again under lock and writes.
    pub(super) async fn run(self, caller: Caller, context: &Context) -> ApiResult<Updated> {
        let command = Command {
            stamp: context.stamp(&caller),
            update: self,
            caller,
            rules: context.rules.clone(),
        };
        let seal = async |command: &Command, email: Option<String>| -> ApiResult<Sealed> {
            let update = &command.update;
            let texts = [update.address.as_str(), &update.contact_number];
            let [address, contact_number] = context.personal_data.seal(texts).await?;
            let email = match email {
                Some(before) => seal_email(&context.personal_data, before).await?,
                None => None,
            };
            Ok(Sealed {
                address,
                contact_number,
                email,
            })
        };
        peer_command::run(&context.db, command, seal).await
    }
}

/// The e-mail column of a row from before encryption, or written back in clear.
fn clear_email(partner: &Partner) -> Option<String> {
    let email = partner
        .email_id
        .as_ref()
        .filter(|email| !email.is_empty())?;
    (partner.email_id_hash.is_none() || !is_sealed(email)).then(|| email.clone())
}

/// `None` for a cipher text that the key manager does not open: encrypted once
/// more, it would be lost for good.
async fn seal_email(
    personal_data: &PersonalData,
    before: String,
) -> ApiResult<Option<SealedEmail>> {
    let [clear] = personal_data.open([Some(before.clone())]).await?;
    let clear = clear.unwrap_or_default();
    if clear == before && is_sealed(&before) {
        tracing::warn!("an e-mail address can't be decrypted and stays as it is");
        return Ok(None);
    }
    let [column] = personal_data.seal([&clear]).await?;
    Ok(Some(SealedEmail {
        before,
        column,
        hash: email_hash(&clear),
    }))
}

impl PeerCommand for Command {
    /// An e-mail address that is not encrypted yet.
    type Question = Option<String>;
    type Prefetched = Sealed;
    type Done = Updated;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
    ) -> Result<Option<String>, DbError> {
        trail.note(audits::UPDATE, about_partner(&self.update.partner_id));
        let partner = partners::find(conn, &self.update.partner_id)?;
        Ok(clear_email(&self.admit(partner, trail)?))
    }

    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        sealed: Sealed,
    ) -> Result<Updated, DbError> {
        let found = partners::lock(conn, &self.update.partner_id)?;
        let partner = self.admit(found, trail)?;
        // Another process may have encrypted it meanwhile.
        let email = sealed
            .email
            .as_ref()
            .filter(|email| partner.email_id.as_ref() == Some(&email.before));
        let branding = self.update.branding.as_ref();
        let details = PartnerDetails {
            address: Some(&sealed.address),
            contact_no: Some(&sealed.contact_number),
            email_id: email.map(|email| email.column.as_str()),
            email_id_hash: email.map(|email| email.hash.as_str()),
            logo_url: branding.map(|branding| branding.logo_url.as_deref()),
            addl_info: branding.map(|branding| branding.additional_info.as_str()),
        };
        let partner = partners::update_details(conn, &partner.id, &details, &self.stamp)?;
        trail.note(audits::UPDATED, about_partner(&partner.id));
        Ok(Updated {
            partner_id: partner.id,
            status: partner.approval_status,
        })
    }
}

impl Command {
    fn admit(&self, found: Option<Partner>, trail: &mut AuditTrail) -> Result<Partner, DbError> {
        let about = about_partner(&self.update.partner_id);
        self.rules
            .limits
            .check_phone(&self.update.contact_number)
            .map_err(|refusal| trail.refuse(audits::UPDATE_FAILED, about, refusal))?;
        let Some(partner) = found else {
            return Err(trail.refuse(audits::RETRIEVE_FAILED, about, errors::PARTNER_UNKNOWN));
        };
        self.caller.require_owner(&partner.user_id, &partner.id)?;
        partner
            .standing()
            .may_change()
            .map_err(|error| trail.refuse(audits::UPDATE_FAILED, about, error))?;
        Ok(partner)
    }
}
