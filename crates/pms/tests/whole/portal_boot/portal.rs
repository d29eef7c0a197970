//! The portal's requests, and what it reads of the answers.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::calls::{now, text, v1, v2};
use crate::browser::Browser;

const DASHBOARD: &str = "/#/partnermanagement/dashboard";

/// A tab of the portal at `origin`.
pub struct Portal {
    pub(super) browser: Browser,
    pub(super) partner_api: Url,
    pub(super) policy_api: Url,
    pub(super) origin: String,
    has_config: bool,
}

/// The user's profile, from `validateToken`.
pub struct Me {
    pub user_id: String,
    pub role: String,
    pub claims: Value,
}

/// What is known once the shell and the dashboard are there.
pub struct Page {
    pub config: Value,
    pub me: Me,
    pub is_registered: bool,
    pub policy_required: Vec<String>,
    pub notifications: usize,
}

impl Portal {
    pub fn new(base: &Url, origin: &str) -> Self {
        let mut browser = Browser::new();
        // Some other application's, which axios sends back as a header.
        browser.set("XSRF-TOKEN", "x-1");
        Self {
            browser,
            partner_api: base.join("v1/partnermanager/").unwrap(),
            policy_api: base.join("v1/policymanager/").unwrap(),
            origin: origin.to_owned(),
            has_config: false,
        }
    }

    /// The first page without a login: twice the configuration, then 401.
    pub async fn first_page(&mut self) {
        for path in [
            "system-config",
            "system-config",
            "authorize/admin/validateToken",
        ] {
            let page = self.call(Method::GET, path, None).await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(page.json()["errors"][0]["errorCode"], "KER-ATH-401");
        }
    }

    pub async fn sign_in(&mut self, state: &str, user: &str) {
        let here = format!("{}{DASHBOARD}", self.origin);
        let api = self.partner_api.clone();
        let landed = self.browser.sign_in(&api, &here, state, user).await;
        assert_eq!(landed.as_str(), here);
        assert!(self.browser.has("Authorization"));
    }

    /// A full load of the dashboard up to its own calls.
    pub async fn load(&mut self) -> Page {
        if !self.has_config {
            self.config().await;
            self.has_config = true;
        }
        let config = self.config().await;
        let me = self.me().await;
        // Layout, header and dashboard ask the same.
        let mut verified = Value::Null;
        for _ in 0..3 {
            let body = v1(&json!({ "emailId": me.claims["email"] }));
            let path = "partners/email/verify";
            verified = self.read(Method::PUT, path, Some(&body)).await;
        }
        let is_registered = verified["emailExists"].as_bool().unwrap();
        let required = verified["policyRequiredPartnerTypes"].as_array().unwrap();
        let policy_required = required.iter().map(text).collect();
        let mut notifications = 0;
        if is_registered {
            self.seen(&me.user_id).await;
            notifications = self.notifications().await;
        }
        Page {
            config,
            me,
            is_registered,
            policy_required,
            notifications,
        }
    }

    async fn config(&mut self) -> Value {
        let config = self.read(Method::GET, "system-config", None).await;
        for number in [
            "inActivityTimer",
            "inActivityPromptTimer",
            "axiosTimeout",
            "itemsPerPage",
            "refreshNotificationsTime",
        ] {
            assert!(
                text(&config[number]).parse::<u32>().unwrap() > 0,
                "{number}"
            );
        }
        for list in ["grantTypes", "clientAuthMethods"] {
            assert!(!text(&config[list]).is_empty(), "{list}");
        }
        for flag in [
            "isOidcClientAvailable",
            "isRootIntermediateCertAvailable",
            "isCaSignedPartnerCertificateAvailable",
        ] {
            assert!(matches!(text(&config[flag]).as_str(), "true" | "false"));
        }
        config
    }

    async fn me(&mut self) -> Me {
        let path = "authorize/admin/validateToken";
        let response = self.read(Method::GET, path, None).await;
        let token = text(&response["token"]);
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap());
        let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
        for claim in [
            "preferred_username",
            "given_name",
            "family_name",
            "email",
            "addressTest",
            "phoneNumber",
            "organizationName",
            "partnerType",
            "langCode",
            "locale",
        ] {
            assert!(!text(&claims[claim]).is_empty(), "{claim}");
        }
        Me {
            user_id: text(&claims["preferred_username"]),
            role: text(&response["role"]),
            claims,
        }
    }

    /// The choice of the policy-group dialog.
    pub async fn policy_groups(&mut self) -> String {
        let groups = self.read(Method::GET, "policies/policy-groups", None).await;
        let groups = groups.as_array().unwrap().clone();
        for group in &groups {
            assert!(group["name"].is_string() && group["description"].is_string());
        }
        text(&groups.first().unwrap()["name"])
    }

    /// Self registration, from the token's claims.
    pub async fn register(&mut self, me: &Me, group: Option<&str>) {
        let claims = &me.claims;
        let mut request = json!({
            "partnerId": me.user_id,
            "organizationName": claims["organizationName"],
            "address": claims["addressTest"],
            "contactNumber": claims["phoneNumber"],
            "emailId": claims["email"],
            "partnerType": claims["partnerType"],
            "langCode": claims["langCode"],
        });
        if let Some(group) = group {
            request["policyGroup"] = json!(group);
        }
        let body = v1(&request);
        self.read(Method::POST, "partners", Some(&body)).await;
    }

    /// Whether the consent dialog stays away.
    pub async fn has_consented(&mut self) -> Option<bool> {
        let consent = self.read(Method::GET, "users/user-consent", None).await;
        consent["consentGiven"].as_bool()
    }

    /// The consent dialog, which asks twice.
    pub async fn consent(&mut self, user_id: &str) {
        for _ in 0..2 {
            assert_eq!(self.has_consented().await, Some(false));
        }
        let path = "users/user-consent";
        let given = self.read(Method::POST, path, None).await;
        assert_eq!(given["consentGiven"], true);
        assert_eq!(given["userId"], user_id);
    }

    /// When the bell was last opened; unknown before the consent.
    async fn seen(&mut self, user_id: &str) -> Option<String> {
        let path = format!("users/{user_id}/notifications-seen-timestamp");
        let page = self.call(Method::GET, &path, None).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let answer = page.json();
        if answer["response"].is_null() {
            let code = &answer["errors"][0]["errorCode"];
            assert_eq!(code, "PMS_NOTIFICATION_ERROR_003", "{answer}");
            return None;
        }
        let seen = &answer["response"]["notificationsSeenDtimes"];
        seen.as_str().map(|at| {
            assert!(!at.ends_with('Z'), "{at}");
            at.to_owned()
        })
    }

    async fn notifications(&mut self) -> usize {
        let path = "notifications?pageSize=4&pageNo=0&notificationStatus=active";
        let page = self.read(Method::GET, path, None).await;
        page["data"].as_array().unwrap().len()
    }

    pub async fn open_the_bell(&mut self, user_id: &str) {
        let now = now();
        let request = json!({ "notificationsSeenDtimes": now });
        let body = v2("mosip.pms.users.notifications.seen.timestamp.put", &request);
        let path = format!("users/{user_id}/notifications-seen-timestamp");
        self.read(Method::PUT, &path, Some(&body)).await;
        let seen = self.seen(user_id).await.unwrap();
        assert!(now.starts_with(seen.trim_end_matches('0')), "{now} {seen}");
    }

    /// The badge of partners.
    pub async fn expiring_certificates(&mut self) -> usize {
        let path = "partners/partner-certificates-details?expiryPeriod=30";
        self.read(Method::GET, path, None)
            .await
            .as_array()
            .unwrap()
            .len()
    }

    /// The badge of administrators: valid roots and intermediates that expire.
    pub async fn expiring_authorities(&mut self) -> [usize; 2] {
        let mut found = [0, 0];
        for (count, kind) in found.iter_mut().zip(["ROOT", "INTERMEDIATE"]) {
            let path = format!(
                "trust-chain-certificates?expiryPeriod=30&caCertificateType={kind}\
                 &pageSize=100&pageNo=0"
            );
            let page = self.read(Method::GET, &path, None).await;
            assert!(page["totalResults"].is_u64());
            let rows = page["data"].as_array().unwrap();
            *count = rows.iter().filter(|row| row["status"] == true).count();
        }
        found
    }

    /// The amber badges, three seconds later.
    pub async fn counters(&mut self) {
        for path in [
            "partner-policy-requests?status=InProgress&pageSize=1&pageNo=0",
            "securebiometricinterface?status=pending_approval&pageSize=1&pageNo=0",
            "devicedetail?status=pending_approval&pageSize=1",
            "ftpchipdetail/v2?status=pending_approval&pageSize=1",
        ] {
            let page = self.read(Method::GET, path, None).await;
            assert!(page["totalResults"].is_u64(), "{path} {page}");
            assert!(page["data"].is_array(), "{path} {page}");
        }
    }

    pub async fn log_out(&mut self) {
        self.me().await;
        let target = STANDARD.encode(format!("{}{DASHBOARD}", self.origin));
        let path = format!("logout/user?redirecturi={target}");
        let leave = self.partner_api.join(&path).unwrap();
        let provider = self.browser.open(&leave).await.location.unwrap();
        let landed = self.browser.open(&provider).await.location.unwrap();
        assert!(landed.as_str().starts_with(&self.origin), "{landed}");
        assert!(!self.browser.has("Authorization"));
        self.has_config = false;
    }
}
