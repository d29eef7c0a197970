//! Devices and SBIs that tests start from.

use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::{BASE, Row, Stage};

/// The owner of the provider `north`.
pub fn nina() -> Who {
    Who::user("nina", &["DEVICE_PROVIDER"])
}

/// The owner of the provider `south`.
pub fn sam() -> Who {
    Who::user("sam", &["DEVICE_PROVIDER"])
}

/// The constraints on devices and chips of the lines 1.2.0.1 and 1.2.1.0, which an adopted
/// database keeps.
pub const OLDER_UNIQUE: &str = "
    ALTER TABLE device_detail ADD CONSTRAINT uk_devdtl_id
      UNIQUE (dprovider_id, dtype_code, dstype_code, make, model);
    ALTER TABLE ftp_chip_detail ADD CONSTRAINT uk_fcdtl_id
      UNIQUE (foundational_trust_provider_id, make, model)";

/// What an admin who owns no partner gets from endpoints that want partners.
pub const WITHOUT_PARTNERS: (&str, &str) =
    ("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");

/// A stage with the providers `north` of nina, `south` of sam and `closed`, also of
/// nina, which is deactivated; without any devices.
pub async fn providers() -> Stage {
    let stage = Stage::start().await;
    stage.without_devices();
    for (id, user, active) in [
        ("north", "nina", true),
        ("south", "sam", true),
        ("closed", "nina", false),
    ] {
        stage.partner(&Row {
            id,
            user,
            kind: "Device_Provider",
            active,
            ..Row::default()
        });
    }
    stage
}

impl Stage {
    /// Sends an envelope of the newer endpoints around `request`.
    pub async fn send_v2(
        &self,
        who: &Who,
        (method, path): (&str, &str),
        operation: &str,
        request: Value,
    ) -> Reply {
        let body = self.v2(operation, request).to_string();
        let path = format!("{BASE}{path}");
        self.app.send(who, method, &path, Some(body)).await
    }

    /// The envelope of the newer endpoints.
    pub fn v2(&self, operation: &str, request: Value) -> Value {
        json!({
            "id": operation,
            "version": "1.0",
            "requestTime": self.app.now_text(),
            "metadata": {},
            "request": request,
        })
    }

    /// `status active` of a device.
    pub fn device_state(&self, id: &str) -> String {
        self.state_of("device_detail", id)
    }

    /// `status active` of an SBI.
    pub fn interface_state(&self, id: &str) -> String {
        self.state_of("secure_biometric_interface", id)
    }

    /// Descriptions of the audit records.
    pub fn descriptions(&self) -> Vec<String> {
        let records = self.app.audits().into_iter();
        records
            .map(|(_, record)| record["description"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Only the devices and SBIs that the test makes.
    pub fn without_devices(&self) {
        self.sql(
            "DELETE FROM device_detail_sbi; DELETE FROM device_detail;
             DELETE FROM secure_biometric_interface",
        );
    }
}
