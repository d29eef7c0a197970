//! The SBI and its devices, from registration to their common end.

use chrono::{Days, SecondsFormat};
use pms_database::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::journey::text;
use super::{BASE, Scenario};
use crate::commands::CommandError;

impl Scenario {
    pub(super) async fn register_sbi(&mut self) -> Result<String, CommandError> {
        let now = Clock::system().now();
        let at =
            |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let request = json!({
            "providerId": self.devices.id,
            "swBinaryHash": format!("sha-{}", self.mark),
            "swVersion": "1.0",
            "swCreateDateTime": at(now - Days::new(1)),
            "swExpiryDateTime": at(now + Days::new(365)),
        });
        let path = format!("{BASE}/securebiometricinterface");
        let made = self
            .devices
            .account
            .send(Method::POST, &path, request)
            .await?;
        let id = text(&made, "id")?;
        let request = json!({ "id": id, "approvalStatus": "Activate" });
        self.admin.send(Method::PATCH, &path, request).await?;
        self.tell(
            format_args!("SBI {id}"),
            "The provider stated version, hash and expiry; an admin approved it.",
        );
        Ok(id)
    }

    pub(super) async fn register_devices(
        &mut self,
        sbi: &str,
    ) -> Result<Vec<String>, CommandError> {
        let mut ids = Vec::new();
        for (kind, sub_type) in [("Finger", "Slap"), ("Iris", "Double")] {
            let request = json!({
                "deviceProviderId": self.devices.id,
                "deviceTypeCode": kind,
                "deviceSubTypeCode": sub_type,
                "make": "Demo",
                "model": format!("{kind} 1"),
            });
            let path = format!("{BASE}/securebiometricinterface/{sbi}/devices");
            let operation = "mosip.pms.add.device.to.sbi.id.post";
            let account = &self.devices.account;
            let made = account
                .send_v2(Method::POST, &path, (operation, request))
                .await?;
            let id = text(&made, "id")?;
            let request = json!({
                "partnerId": self.devices.id, "sbiId": sbi, "status": "approved",
            });
            let path = format!("{BASE}/devicedetail/{id}/approval");
            let operation = "mosip.pms.approval.mapping.device.to.sbi.post";
            self.admin
                .send_v2(Method::POST, &path, (operation, request))
                .await?;
            ids.push(id);
        }
        self.tell(
            "Two devices of the SBI",
            "Each is a make and model; an admin approved them together with their mapping.",
        );
        Ok(ids)
    }

    pub(super) async fn end_sbi(&mut self, sbi: &str) -> Result<(), CommandError> {
        let path = format!("{BASE}/securebiometricinterface/{sbi}");
        let request = json!({ "status": "De-Activate" });
        let operation = "mosip.pms.deactivate.sbi.patch";
        let account = &self.devices.account;
        account
            .send_v2(Method::PATCH, &path, (operation, request))
            .await?;
        let path = format!("{BASE}/devicedetail?sbiId={sbi}&status=deactivated");
        let listed = self.admin.get(&path).await?;
        let ended = listed.get("totalResults").and_then(Value::as_u64);
        if ended != Some(2) {
            return Err(CommandError(format!(
                "both devices should be deactivated: {listed}"
            )));
        }
        self.tell(
            "The provider deactivated the SBI",
            "Both devices are deactivated with it.",
        );
        Ok(())
    }
}
