//! Rows and queries of `pms.device_detail`: models of biometric devices.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §3"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;
use pms_domain::device::lifecycle::{Change, State};
use pms_domain::device::pairing;
use pms_domain::device::status::{PENDING_APPROVAL, is_rejected};
use pms_domain::text::normalised;

use crate::Stamp;
use crate::flags::Flag as _;
use crate::rows::{by_id, changed, insert_waiting, is_live};
use crate::schema::{device_detail, device_detail_sbi as mapping, reg_device_sub_type as sub_type};

/// What keeps devices of one make and model apart: the index on live ones, and the
/// constraint of the lines 1.2.0.1 and 1.2.1.0 on all of them, which an adopted database
/// keeps.
pub const UNIQUE_MODEL: [&str; 2] = ["uk_devdtl_make_model_approval_status", "uk_devdtl_id"];
/// The primary key.
pub const UNIQUE_ID: &str = "pk_devdtl_id";

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = device_detail)]
pub struct Device {
    pub id: String,
    pub dprovider_id: String,
    pub dtype_code: String,
    pub dstype_code: String,
    pub make: String,
    pub model: String,
    pub partner_org_name: Option<String>,
    pub approval_status: String,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// What makes a device this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = device_detail)]
pub struct DeviceModel<'a> {
    pub dtype_code: &'a str,
    pub dstype_code: &'a str,
    /// Normalised, unless the reference's row has it otherwise.
    pub make: &'a str,
    /// As the make.
    pub model: &'a str,
}

/// Whose device it is.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = device_detail)]
pub struct DeviceOwner<'a> {
    pub dprovider_id: &'a str,
    /// The provider's name.
    pub partner_org_name: &'a str,
}

impl Device {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::of(&self.approval_status, self.is_active)
    }

    /// What decides about its use.
    pub fn facts(&self) -> pairing::Device<'_> {
        pairing::Device {
            id: &self.id,
            provider: &self.dprovider_id,
            state: self.state(),
            is_rejected: is_rejected(&self.approval_status),
        }
    }

    /// Whether it is marked as deleted.
    pub fn is_gone(&self) -> bool {
        self.is_deleted == Some(true)
    }

    /// Whether it is a device of this make and model, whatever its blanks.
    pub fn is(&self, model: &DeviceModel<'_>) -> bool {
        self.dtype_code == model.dtype_code
            && self.dstype_code == model.dstype_code
            && normalised(&self.make) == model.make
            && normalised(&self.model) == model.model
    }

    /// What makes it this one.
    pub fn as_model(&self) -> DeviceModel<'_> {
        DeviceModel {
            dtype_code: &self.dtype_code,
            dstype_code: &self.dstype_code,
            make: &self.make,
            model: &self.model,
        }
    }
}

by_id! {
    /// The device with exactly this id, also when it is marked as deleted.
    find: Device in device_detail;
    /// [`find`], locked until the transaction ends.
    ///
    /// Lock order everywhere: partner, SBI, device, mapping.
    lock: Device in device_detail, for_update;
}

/// Whether devices of this type and sub-type may be registered.
pub fn sub_type_is_active(
    conn: &mut PgConnection,
    type_code: &str,
    sub_type_code: &str,
) -> QueryResult<bool> {
    diesel::select(exists(
        sub_type::table
            .find((sub_type_code, type_code))
            .filter(sub_type::is_active)
            .filter(sub_type::is_deleted.is_not_true()),
    ))
    .get_result(conn)
}

/// Whether the provider has another device of this make and model, in one of two
/// spellings, that is neither rejected nor deactivated. The type is that of the first.
/// Lock the partner before.
pub fn has_live(
    conn: &mut PgConnection,
    provider_id: &str,
    spellings: [&DeviceModel<'_>; 2],
    except: Option<&str>,
) -> QueryResult<bool> {
    let same = device_detail::table
        .filter(device_detail::dprovider_id.eq(provider_id))
        .filter(device_detail::dtype_code.eq(spellings[0].dtype_code))
        .filter(device_detail::dstype_code.eq(spellings[0].dstype_code))
        .filter(device_detail::make.eq_any(spellings.map(|one| one.make)))
        .filter(device_detail::model.eq_any(spellings.map(|one| one.model)))
        .filter(is_live!(device_detail))
        .filter(device_detail::id.ne(except.unwrap_or_default()));
    diesel::select(exists(same)).get_result(conn)
}

/// Inserts a device that waits for approval.
///
/// # Errors
/// A taken id is a violation of [`UNIQUE_ID`], a live device of the same make and
/// model one of [`UNIQUE_MODEL`].
pub fn insert(
    conn: &mut PgConnection,
    id: &str,
    owner: &DeviceOwner<'_>,
    model: &DeviceModel<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    insert_waiting!(device_detail, id, (owner, model), PENDING_APPROVAL, stamp).execute(conn)?;
    Ok(())
}

/// Changes what a device is.
///
/// # Errors
/// As [`insert`] for make and model.
pub fn set_model(
    conn: &mut PgConnection,
    id: &str,
    model: &DeviceModel<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(device_detail::table.find(id))
        .set((model, changed!(device_detail, None::<Change>, stamp)))
        .execute(conn)?;
    Ok(())
}

/// Changes where a device stands.
///
/// # Errors
/// A live device of the same make and model is a violation of [`UNIQUE_MODEL`].
pub fn set_state(
    conn: &mut PgConnection,
    id: &str,
    change: Change,
    stamp: &Stamp,
) -> QueryResult<()> {
    set_states(conn, &[id], change, stamp)
}

fn set_states(
    conn: &mut PgConnection,
    ids: &[&str],
    change: Change,
    stamp: &Stamp,
) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    diesel::update(device_detail::table.filter(device_detail::id.eq_any(ids)))
        .set(changed!(device_detail, Some(change), stamp))
        .execute(conn)?;
    Ok(())
}

/// Takes the devices of an SBI along with what happens to it: three statements,
/// however many there are. Tells which devices that were. Lock the SBI before.
pub fn cascade(
    conn: &mut PgConnection,
    sbi_id: &str,
    change: Change,
    stamp: &Stamp,
) -> QueryResult<Vec<String>> {
    let mapped = mapping::table
        .filter(mapping::sbi_id.eq(sbi_id))
        .select(mapping::device_detail_id);
    // In order, so that two SBIs with common devices don't wait for each other.
    let devices: Vec<(String, String, bool)> = device_detail::table
        .filter(device_detail::id.eq_any(mapped))
        .select((
            device_detail::id,
            device_detail::approval_status,
            device_detail::is_active,
        ))
        .order(device_detail::id)
        .for_update()
        .load(conn)?;
    let following = |wanted: Change| -> Vec<&str> {
        let follows = devices.iter().filter(|(_, status, active)| {
            change.cascade(State::of(status, *active)) == Some(wanted)
        });
        follows.map(|(id, ..)| id.as_str()).collect()
    };
    let mut taken_along = Vec::new();
    for wanted in [Change::Deactivate, Change::Reject] {
        let ids = following(wanted);
        set_states(conn, &ids, wanted, stamp)?;
        taken_along.extend(ids.into_iter().map(str::to_owned));
    }
    Ok(taken_along)
}
