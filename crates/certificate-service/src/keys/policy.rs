//! Key policies (`key_policy_def`): how long keys live, who may use them.

use pms_database::keys::{KeyPolicy as Row, policies, policy};
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_pki::key_life::{self, KeyPolicy};

use crate::errors::refused;

/// Policy of base keys, whatever their application.
const BASE: &str = "BASE";

/// The policies that decide about the keys of one application.
pub(crate) struct Policies {
    app_id: String,
    rows: Vec<KeyPolicy>,
    active: bool,
}

impl Policies {
    /// Those of `app_id`, whose case counts.
    pub(crate) fn of(conn: &mut Connection, app_id: &str) -> Result<Self, DbError> {
        let found = policies(conn, &[app_id, BASE])?;
        let own = found.iter().find(|row| row.app_id == app_id);
        Ok(Self {
            app_id: app_id.to_owned(),
            active: own.is_some_and(|row| row.is_active),
            rows: found.into_iter().map(facts).collect(),
        })
    }

    /// How many days before its end a key stops being current.
    pub(crate) fn pre_expire_days(&self, ref_id: &str) -> u16 {
        key_life::pre_expire_days(&self.rows, &self.app_id, ref_id)
    }

    /// How many days a new master key of the application is valid.
    ///
    /// # Errors
    /// `KER-KMS-002` when no keys may be made for it.
    pub(crate) fn master_days(&self) -> Result<u16, DbError> {
        self.days(&self.app_id)
    }

    /// How many days a new base key of the application is valid.
    ///
    /// # Errors
    /// `KER-KMS-002` when no keys may be made for it.
    pub(crate) fn base_days(&self) -> Result<u16, DbError> {
        let own = self.master_days()?;
        Ok(self.days(BASE).unwrap_or(own))
    }

    fn days(&self, app_id: &str) -> Result<u16, DbError> {
        let row = self.rows.iter().find(|row| row.app_id == app_id);
        let days = row.filter(|row| self.active && row.validity_days > 0);
        days.map(|row| row.validity_days)
            .ok_or_else(|| refused(errors::POLICY_UNKNOWN))
    }
}

/// Whether `user` may use the keys of an application.
pub(crate) fn may_use(conn: &mut Connection, app_id: &str, user: &str) -> Result<bool, DbError> {
    let row = policy(conn, app_id)?.map(facts);
    Ok(key_life::may_use(row.as_ref(), user))
}

fn facts(row: Row) -> KeyPolicy {
    let days = |value: Option<i16>| u16::try_from(value.unwrap_or(0)).unwrap_or(0);
    KeyPolicy {
        app_id: row.app_id,
        validity_days: days(row.key_validity_duration),
        pre_expire_days: days(row.pre_expire_days),
        access_allowed: row.access_allowed,
    }
}
