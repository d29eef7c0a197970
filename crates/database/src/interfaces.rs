//! Rows and queries of `pms.secure_biometric_interface`: versions of SBI software.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;
use pms_domain::device::lifecycle::{Change, State};
use pms_domain::device::pairing;
use pms_domain::device::status::PENDING_APPROVAL;
use pms_domain::text::normalised;

use crate::Stamp;
use crate::flags::Flag as _;
use crate::rows::{by_id, changed, insert_waiting};
use crate::schema::secure_biometric_interface as sbi;

mod expired;
mod history;

pub use expired::list_expired;
pub use history::InterfaceHistory;

/// An SBI.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = sbi)]
pub struct Interface {
    pub id: String,
    /// As it was sent, in UTF-8.
    pub sw_binary_hash: Vec<u8>,
    pub sw_version: String,
    pub sw_cr_dtimes: Option<NaiveDateTime>,
    pub sw_expiry_dtimes: Option<NaiveDateTime>,
    pub approval_status: String,
    pub is_active: bool,
    /// Partner id; `None` for an SBI without a provider.
    pub provider_id: Option<String>,
    pub partner_org_name: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// What the provider says about an SBI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = sbi)]
pub struct Software<'a> {
    pub sw_binary_hash: &'a [u8],
    /// Normalised, unless the reference's row has it otherwise.
    pub sw_version: &'a str,
    pub sw_cr_dtimes: NaiveDateTime,
    pub sw_expiry_dtimes: NaiveDateTime,
}

/// Whose SBI it is.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = sbi)]
pub struct InterfaceOwner<'a> {
    pub provider_id: &'a str,
    /// The provider's name.
    pub partner_org_name: &'a str,
}

impl Interface {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::of(&self.approval_status, self.is_active)
    }

    /// What decides about its use.
    pub fn facts(&self) -> pairing::Sbi<'_> {
        pairing::Sbi {
            provider: self.provider_id.as_deref(),
            state: self.state(),
            expires: self.sw_expiry_dtimes.map(|at| at.date()),
        }
    }

    /// Whether it is marked as deleted.
    pub fn is_gone(&self) -> bool {
        self.is_deleted == Some(true)
    }

    /// Whether it is the software that the provider describes, whatever the blanks of
    /// its version. Times are sent in milliseconds.
    pub fn is(&self, software: &Software<'_>) -> bool {
        let same = |held: Option<NaiveDateTime>, sent: NaiveDateTime| {
            let millis = |at: NaiveDateTime| at.and_utc().timestamp_millis();
            held.map(millis) == Some(millis(sent))
        };
        self.sw_binary_hash == software.sw_binary_hash
            && normalised(&self.sw_version) == normalised(software.sw_version)
            && same(self.sw_cr_dtimes, software.sw_cr_dtimes)
            && same(self.sw_expiry_dtimes, software.sw_expiry_dtimes)
    }
}

by_id! {
    /// The SBI with exactly this id, also when it is marked as deleted.
    find: Interface in sbi;
    /// [`find`], locked until the transaction ends.
    ///
    /// Lock order everywhere: partner, SBI, device, mapping.
    lock: Interface in sbi, for_update;
    /// [`find`], kept as it is until the transaction ends; others may keep it as well.
    keep: Interface in sbi, for_share;
}

/// Whether the provider has another SBI of this version, in one of two spellings and in
/// any state. Lock the partner before.
pub fn has_version(
    conn: &mut PgConnection,
    provider_id: &str,
    spellings: [&str; 2],
    except: Option<&str>,
) -> QueryResult<bool> {
    let same = sbi::table
        .filter(sbi::provider_id.eq(provider_id))
        .filter(sbi::sw_version.eq_any(spellings))
        .filter(sbi::is_deleted.is_not_true())
        .filter(sbi::id.ne(except.unwrap_or_default()));
    diesel::select(exists(same)).get_result(conn)
}

/// Inserts an SBI that waits for approval, and its history.
///
/// # Errors
/// A taken id is a unique violation.
pub fn insert(
    conn: &mut PgConnection,
    id: &str,
    owner: &InterfaceOwner<'_>,
    software: &Software<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    let row = insert_waiting!(sbi, id, (owner, software), PENDING_APPROVAL, stamp)
        .returning(Interface::as_returning());
    let _: (Interface, bool) = crate::history::insert::<Interface, _, _>(conn, row, stamp)?;
    Ok(())
}

/// Changes what an SBI is and, if that follows, where it stands; with its history.
pub fn update(
    conn: &mut PgConnection,
    id: &str,
    software: &Software<'_>,
    change: Option<Change>,
    stamp: &Stamp,
) -> QueryResult<()> {
    let updated: String = diesel::update(sbi::table.find(id))
        .set((
            software,
            sbi::is_deleted.eq(Some(false)),
            changed!(sbi, change, stamp),
        ))
        .returning(sbi::id)
        .get_result(conn)?;
    crate::history::append::<Interface>(conn, &updated, stamp, None)?;
    Ok(())
}

/// Changes where an SBI stands, with its history.
pub fn set_state(
    conn: &mut PgConnection,
    id: &str,
    change: Change,
    stamp: &Stamp,
) -> QueryResult<()> {
    let updated: String = diesel::update(sbi::table.find(id))
        .set(changed!(sbi, Some(change), stamp))
        .returning(sbi::id)
        .get_result(conn)?;
    crate::history::append::<Interface>(conn, &updated, stamp, None)?;
    Ok(())
}
