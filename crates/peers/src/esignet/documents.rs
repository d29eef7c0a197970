//! The discovery document and the mapping files.

use serde_json::json;

/// The ACR values that are supported.
pub(super) const ACRS: [&str; 5] = [
    "mosip:idp:acr:password",
    "mosip:idp:acr:static-code",
    "mosip:idp:acr:generated-code",
    "mosip:idp:acr:linked-wallet",
    "mosip:idp:acr:biometrics",
];
const CLAIMS: [&str; 8] = [
    "name",
    "address",
    "gender",
    "birthdate",
    "picture",
    "email",
    "phone_number",
    "individual_id",
];

/// The documents at present.
pub(super) struct Documents {
    /// The supported claims.
    pub(super) claims: Vec<String>,
    /// Text of the file that maps claims.
    pub(super) claims_mapping: String,
    /// Text of the file that maps ACR values.
    pub(super) acr_mapping: String,
}

/// The default ones.
impl Default for Documents {
    fn default() -> Self {
        let to = |attributes: &str| json!({ "value": attributes });
        let claims_mapping = json!({ "identity": {
            "name": to("fullName"),
            "gender": to("gender"),
            "birthdate": to("dateOfBirth"),
            "picture": to("face"),
            "email": to("email"),
            "phone_number": to("phone"),
            "address": to(
                "addressLine1,addressLine2,addressLine3,city,region,province,postalCode"
            ),
            "individual_id": to("individual_id"),
            "IDSchemaVersion": to("IDSchemaVersion"),
        }});
        let [password, pin, otp, wallet, biometrics] = ACRS;
        let factor = |kind: &str| json!([{ "type": kind }]);
        let acr_mapping = json!({
            "amr": {
                "PWD": factor("PWD"), "PIN": factor("PIN"), "OTP": factor("OTP"),
                "Wallet": factor("WLA"), "L1-bio-device": [{ "type": "BIO", "count": 1 }],
            },
            "acr_amr": {
                password: ["PWD"], pin: ["PIN"], otp: ["OTP"], wallet: ["Wallet"],
                biometrics: ["L1-bio-device"],
            },
        });
        Self {
            claims: CLAIMS.iter().map(|claim| (*claim).to_owned()).collect(),
            claims_mapping: claims_mapping.to_string(),
            acr_mapping: acr_mapping.to_string(),
        }
    }
}

impl Documents {
    /// The discovery document of an eSignet that is reached at `base`.
    pub(super) fn discovery(&self, base: &str) -> String {
        let at = |path: &str| format!("{base}/v1/esignet{path}");
        json!({
            "issuer": at(""),
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": at("/oauth/v2/token"),
            "userinfo_endpoint": at("/oidc/userinfo"),
            "jwks_uri": at("/oauth/.well-known/jwks.json"),
            "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "acr_values_supported": ACRS,
            "claims_supported": self.claims,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        })
        .to_string()
    }
}
