//! Rows and queries of `pms.partner`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;
use pms_domain::event::{PartnerData, Status};
use pms_domain::partner::standing::Standing;

use crate::rows::by_id;
use crate::schema::partner;

mod changes;
mod contacts;
mod details;
mod history;
mod listed;
mod owned;
mod profile;
mod taken;
mod types;
mod with_certificate;

pub use changes::{
    NewPartner, PartnerDetails, insert, set_active, set_certificate, set_policy_group,
    update_details,
};
pub use contacts::{
    ContactChange, NewPartnerContact, PartnerContact, insert_contact, lock_contact, update_contact,
};
pub use details::{PartnerWithGroup, find_with_group};
pub use history::{LastChange, PartnerHistory, ended_with};
pub use listed::{
    Age, DescribedPartner, ListedPartner, Part, Share, additional_info, list_described,
    list_of_type, more_than,
};
pub(crate) use owned::own_of;
pub use owned::{OwnedPartner, activity_of_owned, list_owned, owned_by, owners_named, owns_any};
pub(crate) use profile::group_name;
pub use profile::{PartnerProfile, ProfileById, find_profile};
pub use taken::{HashedEmail, Taken, Wanted, exists_with_email, taken};
pub use types::{
    NamedGroup, PartnerType, find_type, find_type_and_group, list_types, policy_required_types,
};
pub use with_certificate::{CertifiedPartner, list_owned_with_certificate};

/// A partner.
///
/// Address, phone and e-mail are cipher texts when `email_id_hash` is set, and
/// clear texts otherwise; a few migrated rows have a hash and clear text. So
/// `Debug` shows the id alone. Additional information is left out: it may be long, and
/// only [`list_described`] shows it.
#[derive(Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner)]
pub struct Partner {
    pub id: String,
    pub policy_group_id: Option<String>,
    pub name: String,
    pub address: Option<String>,
    pub contact_no: Option<String>,
    pub email_id: Option<String>,
    pub email_id_hash: Option<String>,
    pub certificate_alias: Option<String>,
    pub user_id: String,
    pub partner_type_code: String,
    pub approval_status: String,
    pub is_active: bool,
    pub lang_code: Option<String>,
    pub logo_url: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

impl Partner {
    /// Whether the partner may still act.
    pub fn standing(&self) -> Standing {
        Standing::of(&self.approval_status, self.is_active)
    }

    /// Whether the partner may register things, or change what it registered: it is
    /// active and not deleted.
    pub fn is_in_use(&self) -> bool {
        self.is_active && self.is_deleted != Some(true)
    }

    /// What events tell of the partner (contract integrations.md §1.3), with the
    /// PEM of its certificate, or an empty text.
    pub fn event_data(&self, certificate_data: String) -> PartnerData {
        PartnerData {
            partner_id: self.id.clone(),
            partner_name: self.name.clone(),
            certificate_data,
            partner_status: Status::of(self.is_active),
        }
    }
}

impl std::fmt::Debug for Partner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partner")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

by_id! {
    /// The partner with exactly this id.
    find: Partner in partner;
    /// The partner with exactly this id, locked until the transaction ends.
    ///
    /// Lock order everywhere: group, policy, partner.
    lock: Partner in partner, for_update;
}

/// Whether a partner has exactly this id.
pub fn exists_with_id(conn: &mut PgConnection, id: &str) -> QueryResult<bool> {
    diesel::select(exists(partner::table.find(id))).get_result(conn)
}
