//! A policy, from its draft to the API key of a partner and to the module that reads it.

use reqwest::Method;
use serde_json::json;

use super::super::client::text_at;
use super::{Scenario, text};
use crate::commands::CommandError;

impl Scenario {
    pub(super) async fn make_policy(&mut self) -> Result<(String, String), CommandError> {
        let (manager, mark) = (self.accounts.manager.clone(), self.mark.clone());
        let group = json!({ "name": format!("demo-group-{mark}"), "desc": "Demo policy group" });
        let made = manager
            .send(Method::POST, "/v1/policymanager/policies/group/new", group)
            .await?;
        let group_id = text(&made, "id")?;
        self.tell(
            format_args!("Policy group {group_id}"),
            "Partners join a group; its policies are theirs to ask for.",
        );
        let policy = json!({
            "name": format!("demo-policy-{mark}"),
            "desc": "One-time passwords, and the name",
            "policyGroupName": format!("demo-group-{mark}"),
            "policyType": "Auth",
            "version": "1.1",
            "policies": {
                "authTokenType": "policy",
                "allowedAuthTypes": [{ "authType": "otp", "mandatory": false }],
                "allowedKycAttributes": [{ "attributeName": "fullName" }],
            },
        });
        let made = manager
            .send(Method::POST, "/v1/policymanager/policies", policy)
            .await?;
        let policy_id = text(&made, "id")?;
        self.tell(
            format_args!("Policy {policy_id}, a draft"),
            "The document was checked against the JSON schema of its type.",
        );
        let path = format!("/v1/policymanager/policies/{policy_id}/group/{group_id}/publish");
        manager.send(Method::POST, &path, json!({})).await?;
        self.tell(
            "Policy published",
            "Only published policies can be asked for; relying modules hear of it.",
        );
        Ok((group_id, policy_id))
    }

    pub(super) async fn get_key(&mut self) -> Result<String, CommandError> {
        let (id, mark) = (self.accounts.partner_id.clone(), self.mark.clone());
        let policy = format!("demo-policy-{mark}");
        let request = json!({ "policyName": policy, "useCaseDescription": "Demo" });
        let path = format!("/v1/partnermanager/partners/{id}/policy/map");
        let answer = self
            .accounts
            .partner
            .send(Method::POST, &path, request)
            .await?;
        let mapping = text(&answer, "mappingkey")?;
        self.tell(
            format_args!("Mapping request {mapping}"),
            "The partner asks for the policy.",
        );
        let path = format!("/v1/partnermanager/partners/policy/{mapping}");
        self.accounts
            .admin
            .send(Method::PUT, &path, json!({ "status": "Approved" }))
            .await?;
        self.tell(
            "An admin approved it",
            "The partner may now make API keys for this policy.",
        );
        let request = json!({ "policyName": policy, "label": "demo" });
        let path = format!("/v1/partnermanager/partners/{id}/generate/apikey");
        let answer = self
            .accounts
            .partner
            .send(Method::PATCH, &path, request)
            .await?;
        let key = text(&answer, "apiKey")?;
        self.tell(
            "The partner made an API key",
            "It is shown once, here; relying modules get it by event.",
        );
        Ok(key)
    }

    pub(super) async fn read_as_a_module(&mut self, policy_id: &str) -> Result<(), CommandError> {
        let path = format!(
            "/v1/policymanager/policies/{policy_id}/partner/{}",
            self.accounts.partner_id
        );
        let policy = self.accounts.manager.get(&path).await?;
        if text_at(&policy, "/policies/authTokenType") != Some("policy") {
            return Err(CommandError(format!(
                "the policy for the partner is not what was made: {policy}"
            )));
        }
        self.tell(
            "A relying module reads the partner's policy",
            "Datashare and the registration processor do this per packet.",
        );
        Ok(())
    }
}
