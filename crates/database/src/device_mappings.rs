//! Rows and queries of `pms.device_detail_sbi`: which devices work with which SBIs.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::Stamp;
use crate::devices::Device;
use crate::flags::Flag as _;
use crate::interfaces::Interface;
use crate::locks::{self, Lock};
use crate::rows::{changed_by, created_by};
use crate::schema::{
    device_detail as device, device_detail_sbi as mapping, secure_biometric_interface as sbi,
};

/// A device and an SBI. An adopted database may have several rows of one pair; what
/// happens to a mapping happens to all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    /// Device.
    pub device_id: &'a str,
    /// SBI.
    pub sbi_id: &'a str,
}

/// A mapping to insert.
#[derive(Debug, Clone, Copy)]
pub struct NewMapping<'a> {
    /// What is mapped.
    pub pair: Pair<'a>,
    /// Partner id of the provider.
    pub provider_id: &'a str,
    /// The provider's name.
    pub org_name: Option<&'a str>,
    /// Whether it is approved.
    pub is_active: bool,
}

/// Holds the pair until the transaction ends: no index keeps it apart on every
/// database.
pub fn hold(conn: &mut PgConnection, pair: Pair<'_>) -> QueryResult<()> {
    let Pair { device_id, sbi_id } = pair;
    locks::hold(conn, Lock::DeviceOfSbi { device_id, sbi_id })
}

/// Whether the pair is mapped, in any state.
pub fn exists_pair(conn: &mut PgConnection, pair: Pair<'_>) -> QueryResult<bool> {
    let rows = mapping::table
        .filter(mapping::device_detail_id.eq(pair.device_id))
        .filter(mapping::sbi_id.eq(pair.sbi_id));
    diesel::select(exists(rows)).get_result(conn)
}

/// Whether the pair is mapped for this provider, in any state.
pub fn exists_of(conn: &mut PgConnection, pair: Pair<'_>, provider_id: &str) -> QueryResult<bool> {
    let rows = mapping::table
        .filter(mapping::device_detail_id.eq(pair.device_id))
        .filter(mapping::sbi_id.eq(pair.sbi_id))
        .filter(mapping::dprovider_id.eq(provider_id));
    diesel::select(exists(rows)).get_result(conn)
}

/// Inserts a mapping. [`hold`] the pair before.
pub fn insert(conn: &mut PgConnection, new: &NewMapping<'_>, stamp: &Stamp) -> QueryResult<()> {
    diesel::insert_into(mapping::table)
        .values((
            mapping::dprovider_id.eq(new.provider_id),
            mapping::partner_org_name.eq(new.org_name),
            mapping::device_detail_id.eq(new.pair.device_id),
            mapping::sbi_id.eq(new.pair.sbi_id),
            mapping::is_active.eq(new.is_active),
            mapping::is_deleted.eq(Some(false)),
            created_by!(mapping, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// Marks the mapping of the pair as approved or not.
pub fn set_active(
    conn: &mut PgConnection,
    pair: Pair<'_>,
    is_active: bool,
    stamp: &Stamp,
) -> QueryResult<()> {
    let rows = mapping::table
        .filter(mapping::device_detail_id.eq(pair.device_id))
        .filter(mapping::sbi_id.eq(pair.sbi_id));
    diesel::update(rows)
        .set((
            mapping::is_active.eq(is_active),
            changed_by!(mapping, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes the mapping of the pair; returns whether there was one.
pub fn delete(conn: &mut PgConnection, pair: Pair<'_>) -> QueryResult<bool> {
    let rows = mapping::table
        .filter(mapping::device_detail_id.eq(pair.device_id))
        .filter(mapping::sbi_id.eq(pair.sbi_id));
    Ok(diesel::delete(rows).execute(conn)? > 0)
}

/// Partner id of the provider that the mapping names; `None` without a mapping.
pub fn provider_of(conn: &mut PgConnection, pair: Pair<'_>) -> QueryResult<Option<String>> {
    mapping::table
        .filter(mapping::device_detail_id.eq(pair.device_id))
        .filter(mapping::sbi_id.eq(pair.sbi_id))
        .select(mapping::dprovider_id)
        .order(mapping::cr_dtimes)
        .first(conn)
        .optional()
}

/// The SBIs that a device is mapped to; those that are gone are left out.
pub fn interfaces_of(conn: &mut PgConnection, device_id: &str) -> QueryResult<Vec<Interface>> {
    let mapped = mapping::table
        .filter(mapping::device_detail_id.eq(device_id))
        .select(mapping::sbi_id);
    Interface::query()
        .filter(sbi::id.eq_any(mapped))
        .order(sbi::id)
        .load(conn)
}

/// At most `limit` devices of an SBI and its provider, oldest first; `None` when
/// nothing is mapped to it.
pub fn devices_of(
    conn: &mut PgConnection,
    sbi_id: &str,
    provider_id: &str,
    limit: i64,
) -> QueryResult<Option<Vec<Device>>> {
    let mapped = mapping::table
        .filter(mapping::dprovider_id.eq(provider_id))
        .filter(mapping::sbi_id.eq(sbi_id));
    let devices: Vec<Device> = Device::query()
        .filter(device::id.eq_any(mapped.select(mapping::device_detail_id)))
        .filter(device::dprovider_id.eq(provider_id))
        .filter(device::is_deleted.is_not_true())
        .order((device::cr_dtimes, device::id))
        .limit(limit)
        .load(conn)?;
    if devices.is_empty() && !diesel::select(exists(mapped)).get_result(conn)? {
        return Ok(None);
    }
    Ok(Some(devices))
}
