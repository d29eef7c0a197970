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

    fn state_of(&self, table: &str, id: &str) -> String {
        let query =
            format!("SELECT approval_status || ' ' || is_active FROM {table} WHERE id = '{id}'");
        self.text(&query).unwrap_or_default()
    }

    /// How many rows of the table fulfil the condition.
    pub fn count(&self, table: &str, condition: &str) -> String {
        let query = format!("SELECT count(*)::text FROM {table} WHERE {condition}");
        self.text(&query).unwrap()
    }

    /// Descriptions of the audit records.
    pub fn told(&self) -> Vec<String> {
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

    /// A slap scanner of 2026.
    pub fn device(&self, id: &str, provider: &str, make: &str, status: &str, active: bool) {
        self.sql(&format!(
            "INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
               partner_org_name, approval_status, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', '{provider}', 'Finger', 'Slap', '{make}', 'Model', 'Org {provider}',
               '{status}', {active}, 'u', '2026-01-01')"
        ));
    }

    /// An SBI that expires on the day of the tests.
    pub fn interface(
        &self,
        id: &str,
        provider: Option<&str>,
        version: &str,
        status: &str,
        active: bool,
    ) {
        let provider = provider.map_or("NULL".to_owned(), |id| format!("'{id}'"));
        self.sql(&format!(
            "INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
               sw_expiry_dtimes, approval_status, is_active, provider_id, partner_org_name, cr_by,
               cr_dtimes)
             VALUES ('{id}', 'hash', '{version}', '2025-01-01', '2026-11-24', '{status}', {active},
               {provider}, 'Org {id}', 'u', '2026-01-01')"
        ));
    }

    /// Maps a device to an SBI.
    pub fn device_of(&self, device: &str, sbi: &str) {
        self.sql(&format!(
            "INSERT INTO device_detail_sbi (dprovider_id, partner_org_name, device_detail_id,
               sbi_id, is_active, cr_by, cr_dtimes)
             VALUES ('north', 'Org', '{device}', '{sbi}', false, 'u', '2026-01-01')"
        ));
    }
}
