//! The device provider and the FTM provider, who register themselves.

use reqwest::Method;
use serde_json::json;

use super::super::certificates::Chain;
use super::super::client::{Account, Deployment};
use super::super::journey::PASSWORD;
use super::{BASE, Scenario};
use crate::commands::CommandError;

/// A provider and its user, who have one name.
pub(super) struct Provider {
    pub(super) account: Account,
    pub(super) id: String,
    pub(super) organisation: String,
    /// Trust domain of its certificates.
    domain: &'static str,
    kind: &'static str,
}

impl Provider {
    pub(super) async fn make(
        deployment: &Deployment,
        mark: &str,
        (role, kind, domain): (&str, &'static str, &'static str),
    ) -> Result<Self, CommandError> {
        let id = format!("{}-{mark}", domain.to_lowercase());
        let user = json!({ "username": id, "password": PASSWORD, "roles": [role] });
        deployment.make_user(&user).await?;
        Ok(Self {
            account: deployment.sign_in(&id, PASSWORD).await?,
            organisation: format!("Demo {domain} {mark}"),
            id,
            domain,
            kind,
        })
    }

    pub(super) fn certificates(&self) -> Result<Chain, CommandError> {
        Chain::make(&self.organisation)
    }
}

impl Scenario {
    pub(super) async fn onboard_providers(&mut self) -> Result<(), CommandError> {
        for provider in [&self.devices, &self.chips] {
            let request = json!({
                "partnerId": provider.id,
                "organizationName": provider.organisation,
                "address": "1 Main Street",
                "contactNumber": "9876543210",
                "emailId": format!("{}@example.org", provider.id),
                "partnerType": provider.kind,
            });
            let path = format!("{BASE}/partners");
            provider.account.send(Method::POST, &path, request).await?;
            let chain = provider.certificates()?;
            let request = json!({
                "certificateData": chain.authority, "partnerDomain": provider.domain,
            });
            let path = format!("{BASE}/partners/certificate/ca/upload");
            self.admin.send(Method::POST, &path, request).await?;
            let request = json!({
                "partnerId": provider.id,
                "certificateData": chain.partner,
                "partnerDomain": provider.domain,
            });
            let path = format!("{BASE}/partners/certificate/upload");
            provider.account.send(Method::POST, &path, request).await?;
        }
        let names = format!("{} and {}", self.devices.id, self.chips.id);
        self.tell(
            format_args!("{names} registered themselves"),
            "A device provider and an FTM provider; their certificates made them active.",
        );
        Ok(())
    }
}
