//! Devices and SBIs that tests start from.

use crate::support::Stage;

impl Stage {
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
