//! A new device, with an SBI and without (contract devices.md §9 and §9.1).

use pms_database::devices::{self, DeviceModel, DeviceOwner, UNIQUE_ID, UNIQUE_MODEL};
use pms_database::partners::Partner;
use pms_database::{Connection, DbError, Stamp, Violation, ids};
use pms_domain::device::errors::{DEVICE_EXISTS, SUB_TYPE_UNKNOWN};
use pms_domain::text::normalised;
use pms_web::{Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::providers;

/// What is missing or too long.
pub(crate) const EMPTY: &str = "value is empty or null";
pub(crate) const TO_36: &str = "Length should be in between 1 and 36 chars";

/// A device to register.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NewDevice {
    /// An id that the client chose; ours otherwise.
    pub id: Option<String>,
    /// Partner id of the provider.
    pub device_provider_id: Option<String>,
    /// Code of the device type.
    pub device_type_code: Option<String>,
    /// Code of the device sub-type.
    pub device_sub_type_code: Option<String>,
    /// Make, stored without surplus blanks.
    pub make: Option<String>,
    /// Model, stored without surplus blanks.
    pub model: Option<String>,
}

impl Request for NewDevice {
    fn check(&self, fields: &mut Checks) {
        let id = self.id.as_deref();
        fields.length_or("id", id, (1, 36), TO_36).plain("id", id);
        to_36(
            fields,
            "deviceProviderId",
            self.device_provider_id.as_deref(),
        );
        to_36(fields, "deviceTypeCode", self.device_type_code.as_deref());
        let sub_type = self.device_sub_type_code.as_deref();
        to_36(fields, "deviceSubTypeCode", sub_type);
        name_to_36(fields, "make", self.make.as_deref());
        name_to_36(fields, "model", self.model.as_deref());
    }
}

/// A field of 1 to 36 characters, one of them visible.
pub(crate) fn to_36(fields: &mut Checks, field: &str, value: Option<&str>) {
    fields
        .not_blank_or(field, value, EMPTY)
        .length_or(field, value, (1, 36), TO_36);
}

/// [`to_36`] for a name that people read; its blanks will be normalised.
pub(crate) fn name_to_36(fields: &mut Checks, field: &str, value: Option<&str>) {
    to_36(fields, field, value);
    let stored = value.map(normalised);
    fields.plain(field, stored.as_deref());
}

/// The id of what was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identified {
    /// Its id.
    pub id: String,
}

/// What makes a device this one, as it is stored.
pub(crate) struct Model {
    type_code: String,
    sub_type_code: String,
    make: String,
    model: String,
}

impl Model {
    pub(crate) fn new(
        type_code: Option<String>,
        sub_type_code: Option<String>,
        make: Option<&str>,
        model: Option<&str>,
    ) -> Self {
        Self {
            type_code: type_code.unwrap_or_default(),
            sub_type_code: sub_type_code.unwrap_or_default(),
            make: normalised(make.unwrap_or_default()),
            model: normalised(model.unwrap_or_default()),
        }
    }

    pub(crate) fn columns(&self) -> DeviceModel<'_> {
        DeviceModel {
            dtype_code: &self.type_code,
            dstype_code: &self.sub_type_code,
            make: &self.make,
            model: &self.model,
        }
    }

    /// Lets pass types that devices may have.
    pub(crate) fn check_type(&self, conn: &mut Connection) -> Result<(), DbError> {
        if devices::sub_type_is_active(conn, &self.type_code, &self.sub_type_code)? {
            Ok(())
        } else {
            Err(SUB_TYPE_UNKNOWN.into())
        }
    }
}

/// A device to register, as it will be stored.
pub(crate) struct Registration {
    /// Id that the client chose.
    id: Option<String>,
    /// Partner id of the provider.
    pub(crate) provider_id: String,
    model: Model,
}

impl From<NewDevice> for Registration {
    fn from(device: NewDevice) -> Self {
        Self {
            id: device.id,
            provider_id: device.device_provider_id.unwrap_or_default(),
            model: Model::new(
                device.device_type_code,
                device.device_sub_type_code,
                device.make.as_deref(),
                device.model.as_deref(),
            ),
        }
    }
}

impl Registration {
    /// The id that the client chose, if it chose one.
    pub(crate) fn chosen_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The provider, locked, if it may have such a device.
    ///
    /// # Errors
    /// The sub-type, then the provider.
    pub(crate) fn lock_provider(&self, conn: &mut Connection) -> Result<Partner, DbError> {
        self.model.check_type(conn)?;
        providers::lock_active(conn, &self.provider_id)
    }

    /// Inserts the device and gives its id. It never takes the place of another.
    ///
    /// # Errors
    /// A live device of the same make and model, or a device of the same id.
    pub(crate) fn insert(
        &self,
        conn: &mut Connection,
        provider: &Partner,
        stamp: &Stamp,
    ) -> Result<String, DbError> {
        let model = self.model.columns();
        if devices::has_live(conn, &provider.id, &model, None)? {
            return Err(DEVICE_EXISTS.into());
        }
        let id = match &self.id {
            Some(id) => id.clone(),
            None => ids::decimal()?,
        };
        let owner = DeviceOwner {
            dprovider_id: &provider.id,
            partner_org_name: &provider.name,
        };
        let inserted = devices::insert(conn, &id, &owner, &model, stamp);
        match inserted.map_err(DbError::from) {
            Ok(()) => Ok(id),
            Err(error) if self.id.is_some() && is_about(&error, UNIQUE_ID) => {
                Err(DEVICE_EXISTS.into())
            }
            Err(error) => Err(or_device_exists(error)),
        }
    }
}

/// The error of a statement that writes a device: `DEVICE_EXISTS` when a live one has
/// the same make and model.
pub(crate) fn or_device_exists(error: impl Into<DbError>) -> DbError {
    let error = error.into();
    if is_about(&error, UNIQUE_MODEL) {
        DEVICE_EXISTS.into()
    } else {
        error
    }
}

fn is_about(error: &DbError, index: &str) -> bool {
    error.violation() == Some(Violation::Unique(index))
}
