//! The accounts that the demonstration uses, signed in.

use serde_json::json;

use super::super::DemoOptions;
use super::super::client::{Account, Deployment};
use super::PASSWORD;
use crate::commands::CommandError;

/// The accounts that the demonstration uses.
#[derive(Clone)]
pub(super) struct Accounts {
    pub(super) manager: Account,
    pub(super) admin: Account,
    pub(super) partner: Account,
    /// A relying module: reads what others set up. Only in development.
    pub(super) module: Option<Account>,
    pub(super) partner_id: String,
}

pub(super) async fn sign_in(
    options: &DemoOptions,
    deployment: &Deployment,
    mark: &str,
) -> Result<Accounts, CommandError> {
    if options.issuer.is_some() {
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        let (user, password) = (given(&options.admin_user), given(&options.admin_password));
        let admin = deployment.sign_in(&user, &password).await?;
        let partner_id = given(&options.partner_user);
        let partner = deployment
            .sign_in(&partner_id, &given(&options.partner_password))
            .await?;
        return Ok(Accounts {
            manager: admin.clone(),
            admin,
            partner,
            module: None,
            partner_id,
        });
    }
    let password = crate::demo::DEMO_PASSWORD;
    let partner_id = format!("demo-{mark}");
    let module_id = format!("module-{mark}");
    // GLOBAL_ADMIN for the certificates of ROOT and PMS.
    let module = json!({
        "username": module_id, "password": PASSWORD,
        "roles": ["ID_AUTHENTICATION", "GLOBAL_ADMIN"],
    });
    let partner = partner(deployment, &partner_id).await?;
    deployment.make_user(&module).await?;
    Ok(Accounts {
        manager: deployment.sign_in("policy-manager", password).await?,
        admin: deployment.sign_in("partner-admin", password).await?,
        partner,
        module: Some(deployment.sign_in(&module_id, PASSWORD).await?),
        partner_id,
    })
}

/// A new partner's account at the development provider.
pub(super) async fn partner(deployment: &Deployment, id: &str) -> Result<Account, CommandError> {
    let user = json!({ "username": id, "password": PASSWORD, "roles": ["AUTH_PARTNER"] });
    deployment.make_user(&user).await?;
    deployment.sign_in(id, PASSWORD).await
}
