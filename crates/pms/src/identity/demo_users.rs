//! The users every development provider has.

use uuid::Uuid;

use super::passwords::Credential;
use super::users::{Profile, User};

/// The password of all demo users.
pub use crate::demo::DEMO_PASSWORD;

/// A user that is there from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoUser {
    /// Login name.
    pub username: &'static str,
    /// The one realm role.
    pub role: &'static str,
    /// The claim `partnerType`: what the user registers as in the portal.
    pub partner_type: &'static str,
    /// First and last name.
    pub name: (&'static str, &'static str),
}

impl DemoUser {
    /// The password, the same for all.
    pub const fn password(&self) -> &'static str {
        DEMO_PASSWORD
    }

    pub(super) fn user(&self) -> User {
        let profile = Profile {
            email: format!("{}@example.org", self.username),
            first_name: self.name.0.to_owned(),
            last_name: self.name.1.to_owned(),
            phone_number: "9876543210".to_owned(),
            organization_name: "Demo organisation".to_owned(),
            address: "1 Demo Street".to_owned(),
            partner_type: self.partner_type.to_owned(),
            lang_code: "eng".to_owned(),
        };
        User {
            id: stable_id("user", self.username),
            username: self.username.to_owned(),
            profile,
            roles: vec![self.role.to_owned()],
            credential: Credential::Public(DEMO_PASSWORD),
        }
    }
}

/// All demo users.
pub static DEMO_USERS: [DemoUser; 7] = [
    demo("partner-admin", "PARTNER_ADMIN", ("Ada", "Admin")),
    // There is no partner type for policy managers; the portal needs a known one all the same.
    DemoUser {
        partner_type: "PARTNER_ADMIN",
        ..demo("policy-manager", "POLICYMANAGER", ("Paula", "Policy"))
    },
    demo("auth-partner", "AUTH_PARTNER", ("Arun", "Auth")),
    demo(
        "credential-partner",
        "CREDENTIAL_PARTNER",
        ("Clara", "Credential"),
    ),
    demo("device-provider", "DEVICE_PROVIDER", ("David", "Device")),
    demo("ftm-provider", "FTM_PROVIDER", ("Fatima", "Foundry")),
    demo("misp-partner", "MISP_PARTNER", ("Mina", "Misp")),
];

const fn demo(
    username: &'static str,
    role: &'static str,
    name: (&'static str, &'static str),
) -> DemoUser {
    DemoUser {
        username,
        role,
        partner_type: role,
        name,
    }
}

/// An id that is the same in every installation and after every restart.
pub(super) fn stable_id(kind: &str, name: &str) -> Uuid {
    let text = format!("pms development identity provider/{kind}/{name}");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut id = [0_u8; 16];
    for (byte, hashed) in id.iter_mut().zip(digest.as_ref()) {
        *byte = *hashed;
    }
    uuid::Builder::from_random_bytes(id).into_uuid()
}
