//! Providers of devices, SBIs and FTM chips, and the owners of all three
//! (contract devices.md §1.1 and §2).

use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError};
use pms_domain::ErrorDef;
use pms_domain::device::editor::Editor;
use pms_domain::device::errors::PROVIDER_INACTIVE;
use pms_domain::partner::errors::{PARTNER_INACTIVE, USER_WITHOUT_PARTNERS};
use pms_web::{Caller, Scope};

/// The provider, if it may register or change anything.
///
/// # Errors
/// `inactive` for one that is inactive, deleted or unknown.
pub(crate) fn in_use(found: Option<Partner>, inactive: ErrorDef) -> Result<Partner, ErrorDef> {
    found.filter(Partner::is_in_use).ok_or(inactive)
}

/// The provider, locked, if it may register or change devices and SBIs.
///
/// # Errors
/// One that is inactive, deleted or unknown.
pub(crate) fn lock_active(conn: &mut Connection, partner_id: &str) -> Result<Partner, DbError> {
    let found = partners::lock(conn, partner_id)?;
    Ok(in_use(found, PROVIDER_INACTIVE)?)
}

/// As whom the caller edits.
pub(crate) fn editor(caller: &Caller) -> Editor {
    if caller.is_partner_admin() {
        Editor::Admin
    } else {
        Editor::Provider
    }
}

/// Lets the caller change what belongs to the provider; a row without provider belongs to
/// administrators.
///
/// # Errors
/// `foreign` for another user's.
pub(crate) fn require_own(
    conn: &mut Connection,
    caller: &Caller,
    partner_id: Option<&str>,
    foreign: ErrorDef,
) -> Result<(), DbError> {
    require(caller.change_scope(), conn, (caller, partner_id), foreign)
}

/// [`require_own`], to read it.
///
/// # Errors
/// `foreign` for another user's.
pub(crate) fn require_reader(
    conn: &mut Connection,
    caller: &Caller,
    partner_id: Option<&str>,
    foreign: ErrorDef,
) -> Result<(), DbError> {
    require(caller.scope(), conn, (caller, partner_id), foreign)
}

fn require(
    scope: Scope,
    conn: &mut Connection,
    (caller, partner_id): (&Caller, Option<&str>),
    foreign: ErrorDef,
) -> Result<(), DbError> {
    if scope == Scope::All {
        return Ok(());
    }
    let found = match partner_id {
        Some(id) => partners::find(conn, id)?,
        None => None,
    };
    let own = found.is_some_and(|partner| caller.owns(&partner.user_id, &partner.id));
    if own { Ok(()) } else { Err(foreign.into()) }
}

/// The caller's partners, and whether they are active.
pub(crate) struct OwnPartners(Vec<(String, bool)>);

impl OwnPartners {
    /// Those of the caller.
    ///
    /// # Errors
    /// A caller without any, administrators too.
    pub(crate) fn of(conn: &mut Connection, caller: &Caller) -> Result<Self, DbError> {
        let own = partners::activity_of_owned(conn, caller.user_id())?;
        if own.is_empty() {
            return Err(USER_WITHOUT_PARTNERS.into());
        }
        Ok(Self(own))
    }

    /// Whether the partner is one of them.
    pub(crate) fn has(&self, partner_id: &str) -> bool {
        self.0.iter().any(|(id, _)| id == partner_id)
    }

    /// Lets the caller end the use of what belongs to the provider; an
    /// administrator ends everything.
    ///
    /// # Errors
    /// `foreign` for another user's, then an own partner that is not active.
    pub(crate) fn may_end(
        &self,
        caller: &Caller,
        partner_id: Option<&str>,
        foreign: ErrorDef,
    ) -> Result<(), ErrorDef> {
        if caller.is_partner_admin() {
            return Ok(());
        }
        let own = self
            .0
            .iter()
            .find(|(id, _)| Some(id.as_str()) == partner_id);
        match own {
            None => Err(foreign),
            Some((_, false)) => Err(PARTNER_INACTIVE),
            Some((_, true)) => Ok(()),
        }
    }
}
