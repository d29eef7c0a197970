//! The partner registers, and its certificate is checked and re-issued.

use reqwest::Method;
use serde_json::json;

use super::super::certificates::{Chain, verified_by_openssl};
use super::super::client::text_at;
use super::{Scenario, expect, text};
use crate::commands::CommandError;

impl Scenario {
    pub(super) async fn register(&mut self) -> Result<String, CommandError> {
        let (id, mark) = (self.accounts.partner_id.clone(), self.mark.clone());
        let organisation = format!("Demo Bank {mark}");
        let email = format!("{mark}@bank.example.org");
        let request = json!({ "emailId": email });
        let partner = self.accounts.partner.clone();
        partner
            .send(
                Method::PUT,
                "/v1/partnermanager/partners/email/verify",
                request,
            )
            .await?;
        let request = json!({
            "partnerId": id,
            "organizationName": organisation,
            "address": "1 Main Street",
            "contactNumber": "9876543210",
            "emailId": email,
            "partnerType": "Auth_Partner",
            "policyGroup": format!("demo-group-{mark}"),
        });
        partner
            .send(Method::POST, "/v1/partnermanager/partners", request)
            .await?;
        self.tell(
            format_args!("Partner {id} registered itself"),
            "Address, telephone and e-mail are stored encrypted.",
        );
        let path = format!("/v1/partnermanager/partners/{id}");
        let stored = partner.get(&path).await?;
        expect(&stored, "emailId", &email)?;
        Ok(organisation)
    }

    pub(super) async fn hand_in_certificates(
        &mut self,
        organisation: &str,
    ) -> Result<(), CommandError> {
        let organisation = organisation.to_owned();
        let chain = tokio::task::spawn_blocking(move || Chain::make(&organisation)).await;
        let chain = chain.map_err(|error| CommandError::about("certificates", error))??;
        let request = json!({ "certificateData": chain.authority, "partnerDomain": "AUTH" });
        let path = "/v1/partnermanager/partners/certificate/ca/upload";
        self.accounts
            .admin
            .send(Method::POST, path, request)
            .await?;
        self.tell(
            "An admin put the partner's CA into the trust store",
            "Only certificates that go back to it will be taken.",
        );
        let id = self.accounts.partner_id.clone();
        let request = json!({
            "partnerId": id,
            "certificateData": chain.partner,
            "partnerDomain": "AUTH",
        });
        let path = "/v1/partnermanager/partners/certificate/upload";
        let answer = self
            .accounts
            .partner
            .send(Method::POST, path, request)
            .await?;
        let valid_till = text_at(&answer, "/validTill").unwrap_or("?").to_owned();
        self.tell("The partner handed in its certificate", format_args!("Checked, re-issued under MOSIP's own CA until {valid_till}; the partner is approved and active."));
        Ok(())
    }

    pub(super) async fn check_certificate(&mut self) -> Result<(), CommandError> {
        let path = format!(
            "/v1/partnermanager/partners/{}/certificate",
            self.accounts.partner_id
        );
        let leaf = text(&self.accounts.partner.get(&path).await?, "certificateData")?;
        let Some(module) = self.accounts.module.clone() else {
            return Ok(());
        };
        let certificate = async |application: &str| -> Result<String, CommandError> {
            let path =
                format!("/v1/keymanager/getCertificate?applicationId={application}&referenceId=");
            text(&module.get(&path).await?, "certificate")
        };
        let root = match certificate("ROOT").await {
            // A deployment's own Key Manager has an address of its own.
            Err(error) if error.0.contains("answered 404") => {
                self.tell(
                    "The signed certificate was not checked",
                    "The key manager is not served here.",
                );
                return Ok(());
            }
            root => root?,
        };
        let intermediate = certificate("PMS").await?;
        match verified_by_openssl(&root, &intermediate, &leaf)? {
            Some(()) => self.tell(
                "OpenSSL accepts the signed certificate",
                "It goes back to this deployment's ROOT by way of PMS.",
            ),
            None => self.tell(
                "The signed certificate was not checked",
                "There is no openssl on this machine.",
            ),
        }
        Ok(())
    }
}
