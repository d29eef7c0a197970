//! The FTM chip and its certificate.

use reqwest::Method;
use serde_json::json;

use super::super::journey::text;
use super::{BASE, Scenario};
use crate::commands::CommandError;

impl Scenario {
    pub(super) async fn register_chip(&mut self) -> Result<String, CommandError> {
        let path = format!("{BASE}/ftpchipdetail");
        let request = json!({
            "ftpProviderId": self.chips.id, "make": "Demo", "model": "Chip 1",
        });
        let made = self
            .chips
            .account
            .send(Method::POST, &path, request)
            .await?;
        let id = text(&made, "id")?;
        let chain = self.chips.certificates()?;
        let request = json!({ "certificateData": chain.authority, "partnerDomain": "FTM" });
        let trust = format!("{BASE}/partners/certificate/ca/upload");
        self.admin.send(Method::POST, &trust, request).await?;
        let request = json!({
            "ftpProviderId": self.chips.id,
            "ftpChipDeatilId": id,
            "isItForRegistrationDevice": true,
            "certificateData": chain.partner,
            "organizationName": self.chips.organisation,
            "partnerDomain": "FTM",
        });
        let upload = format!("{BASE}/ftpchipdetail/uploadcertificate");
        self.chips
            .account
            .send(Method::POST, &upload, request)
            .await?;
        let request = json!({ "ftpChipDetailId": id, "approvalStatus": true });
        self.admin.send(Method::PATCH, &path, request).await?;
        self.tell(
            format_args!("FTM chip {id}"),
            "Its certificate goes back to a CA in the trust store; an admin approved it.",
        );
        Ok(id)
    }
}
