//! Rows and queries of `pms.ftp_chip_detail`: chips of the foundational trust
//! module.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;
use pms_domain::device::status::PENDING_CERT_UPLOAD;
use pms_domain::ftm_chip::lifecycle::{Change, State};
use pms_domain::text::normalised;

use crate::Stamp;
use crate::rows::{by_id, changed, insert_waiting, is_live};
use crate::schema::ftp_chip_detail as chip;

mod certificates;
mod own;

pub use certificates::{ChipCertificate, keep_certificates};
pub use own::{OwnChip, list_owned};

/// What keeps chips of one make and model apart: the index on live ones, and the
/// constraint of the lines 1.2.0.1 and 1.2.1.0 on all of them, which an adopted database
/// keeps.
pub const UNIQUE_MODEL: [&str; 2] = ["uk_fcdtl_make_model_approval_status", "uk_fcdtl_id"];

/// A chip.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = chip)]
pub struct FtmChip {
    pub id: String,
    pub foundational_trust_provider_id: String,
    pub make: Option<String>,
    pub model: Option<String>,
    pub certificate_alias: Option<String>,
    pub partner_org_name: Option<String>,
    pub is_active: bool,
    pub approval_status: String,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// What makes a chip this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = chip)]
pub struct ChipModel<'a> {
    /// Normalised, unless the reference's row has it otherwise.
    pub make: &'a str,
    /// As the make.
    pub model: &'a str,
}

/// Whose chip it is.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = chip)]
pub struct ChipOwner<'a> {
    pub foundational_trust_provider_id: &'a str,
    /// The provider's name.
    pub partner_org_name: &'a str,
}

impl FtmChip {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::of(&self.approval_status, self.is_active)
    }

    /// Id of its certificate at the key manager.
    pub fn certificate(&self) -> Option<&str> {
        self.certificate_alias
            .as_deref()
            .filter(|alias| !alias.trim().is_empty())
    }

    /// Whether it is a chip of this make and model, whatever its blanks.
    pub fn is(&self, model: &ChipModel<'_>) -> bool {
        let is = |held: &Option<String>, text: &str| {
            held.as_deref().is_some_and(|held| normalised(held) == text)
        };
        is(&self.make, model.make) && is(&self.model, model.model)
    }

    /// What makes it this one, if it has a make and a model.
    pub fn as_model(&self) -> Option<ChipModel<'_>> {
        Some(ChipModel {
            make: self.make.as_deref()?,
            model: self.model.as_deref()?,
        })
    }
}

by_id! {
    /// The chip with exactly this id, also when it is marked as deleted.
    find: FtmChip in chip;
    /// [`find`], locked until the transaction ends.
    ///
    /// Lock order everywhere: partner, chip.
    lock: FtmChip in chip, for_update;
}

/// Whether the provider has another chip of this make and model, in one of two
/// spellings, that is neither rejected nor deactivated. Lock the partner before.
pub fn has_live(
    conn: &mut PgConnection,
    provider_id: &str,
    spellings: [&ChipModel<'_>; 2],
    except: Option<&str>,
) -> QueryResult<bool> {
    let same = chip::table
        .filter(chip::foundational_trust_provider_id.eq(provider_id))
        .filter(chip::make.eq_any(spellings.map(|one| one.make)))
        .filter(chip::model.eq_any(spellings.map(|one| one.model)))
        .filter(is_live!(chip))
        .filter(chip::id.ne(except.unwrap_or_default()));
    diesel::select(exists(same)).get_result(conn)
}

/// Inserts a chip that waits for its certificate.
///
/// # Errors
/// A taken id is a unique violation, a live chip of the same make and model one
/// of [`UNIQUE_MODEL`].
pub fn insert(
    conn: &mut PgConnection,
    id: &str,
    owner: &ChipOwner<'_>,
    model: &ChipModel<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    insert_waiting!(chip, id, (owner, model), PENDING_CERT_UPLOAD, stamp).execute(conn)?;
    Ok(())
}

/// Changes what a chip is and, if that follows, where it stands.
///
/// # Errors
/// As [`insert`] for make and model.
pub fn set_model(
    conn: &mut PgConnection,
    id: &str,
    model: &ChipModel<'_>,
    change: Option<Change>,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(chip::table.find(id))
        .set((model, changed!(chip, change, stamp)))
        .execute(conn)?;
    Ok(())
}

/// Changes where a chip stands.
///
/// # Errors
/// A live chip of the same make and model is a violation of [`UNIQUE_MODEL`].
pub fn set_state(
    conn: &mut PgConnection,
    id: &str,
    change: Change,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(chip::table.find(id))
        .set(changed!(chip, Some(change), stamp))
        .execute(conn)?;
    Ok(())
}

/// Gives a chip its certificate, by its id at the key manager, and the state that
/// follows.
pub fn set_certificate(
    conn: &mut PgConnection,
    id: &str,
    certificate_id: &str,
    change: Change,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(chip::table.find(id))
        .set((
            chip::certificate_alias.eq(certificate_id),
            changed!(chip, Some(change), stamp),
        ))
        .execute(conn)?;
    Ok(())
}
