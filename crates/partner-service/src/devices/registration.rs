//! A new device, with an SBI and without (contract devices.md §9 and §9.1).

use pms_database::devices::{self, DeviceModel, DeviceOwner, UNIQUE_ID, UNIQUE_MODEL};
use pms_database::partners::Partner;
use pms_database::{Connection, DbError, Stamp, Violation, ids};
use pms_domain::device::errors::{DEVICE_EXISTS, SUB_TYPE_UNKNOWN};
use pms_domain::text::Spelling;
use pms_web::{Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::hardware::fields::{TO_36, name_to_36, to_36};
use crate::hardware::providers;

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

/// What makes a device this one.
pub(crate) struct Model {
    type_code: String,
    sub_type_code: String,
    make: Spelling,
    model: Spelling,
}

impl Model {
    pub(crate) fn new(
        type_code: Option<String>,
        sub_type_code: Option<String>,
        make: Option<String>,
        model: Option<String>,
    ) -> Self {
        Self {
            type_code: type_code.unwrap_or_default(),
            sub_type_code: sub_type_code.unwrap_or_default(),
            make: Spelling::new(make.unwrap_or_default()),
            model: Spelling::new(model.unwrap_or_default()),
        }
    }

    /// As it is stored.
    pub(crate) fn normal(&self) -> DeviceModel<'_> {
        self.columns(self.make.normal(), self.model.normal())
    }

    /// As it was sent.
    pub(crate) fn sent(&self) -> DeviceModel<'_> {
        self.columns(self.make.sent(), self.model.sent())
    }

    fn columns<'a>(&'a self, make: &'a str, model: &'a str) -> DeviceModel<'a> {
        DeviceModel {
            dtype_code: &self.type_code,
            dstype_code: &self.sub_type_code,
            make,
            model,
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
                device.make,
                device.model,
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

    /// Refuses a make and model that the provider has in use or in request.
    ///
    /// # Errors
    /// A live device of the same make and model.
    pub(crate) fn require_new(
        &self,
        conn: &mut Connection,
        provider: &Partner,
    ) -> Result<(), DbError> {
        let spellings = [&self.model.normal(), &self.model.sent()];
        if devices::has_live(conn, &provider.id, spellings, None)? {
            return Err(DEVICE_EXISTS.into());
        }
        Ok(())
    }

    /// Inserts the device and gives its id. It never takes the place of another.
    /// [`Self::require_new`] comes before.
    ///
    /// # Errors
    /// A device of the same id, or by now one of the same make and model.
    pub(crate) fn insert(
        &self,
        conn: &mut Connection,
        provider: &Partner,
        stamp: &Stamp,
    ) -> Result<String, DbError> {
        let id = match &self.id {
            Some(id) => id.clone(),
            None => ids::decimal()?,
        };
        let owner = DeviceOwner {
            dprovider_id: &provider.id,
            partner_org_name: &provider.name,
        };
        let inserted = devices::insert(conn, &id, &owner, &self.model.normal(), stamp);
        match inserted.map_err(DbError::from) {
            Ok(()) => Ok(id),
            Err(error) if self.id.is_some() && is_about(&error, &[UNIQUE_ID]) => {
                Err(DEVICE_EXISTS.into())
            }
            Err(error) => Err(or_device_exists(error)),
        }
    }
}

/// The error of a statement that writes a device: `DEVICE_EXISTS` when another one keeps
/// it from having its make and model.
pub(crate) fn or_device_exists(error: impl Into<DbError>) -> DbError {
    let error = error.into();
    if is_about(&error, &UNIQUE_MODEL) {
        DEVICE_EXISTS.into()
    } else {
        error
    }
}

fn is_about(error: &DbError, indexes: &[&str]) -> bool {
    matches!(error.violation(), Some(Violation::Unique(name)) if indexes.contains(&name))
}
