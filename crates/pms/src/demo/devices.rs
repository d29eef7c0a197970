//! The journey of devices: a device provider registers an SBI with two devices, an
//! FTM provider a chip with a certificate; an admin approves them, the registry
//! shows them, and the SBI takes its devices along when it ends.

mod chip;
mod providers;
mod registry;
mod sbi;

use std::fmt::Display;

use providers::Provider;
use registry::Shown;
use serde_json::json;

use super::DemoOptions;
use super::client::{Account, Deployment};
use super::journey::{PASSWORD, Summary};
use crate::commands::{CommandError, say};

const BASE: &str = "/v1/partnermanager";

struct Scenario {
    admin: Account,
    /// A registration client: reads what may be used.
    module: Account,
    devices: Provider,
    chips: Provider,
    mark: String,
    step: u32,
}

/// Plays the journey; every step is checked.
pub(super) async fn play(options: &DemoOptions) -> Result<Summary, CommandError> {
    let mark = pms_database::ids::alphanumeric(8)
        .map_err(|error| CommandError(error.to_string()))?
        .to_lowercase();
    let mut play = Scenario::begin(options, mark).await?;
    play.onboard_providers().await?;
    let sbi = play.register_sbi().await?;
    let devices = play.register_devices(&sbi).await?;
    let chip = play.register_chip().await?;
    play.read_registry(Shown {
        sbis: 1,
        devices: 2,
        chips: 1,
    })
    .await?;
    play.end_sbi(&sbi).await?;
    play.read_registry(Shown {
        sbis: 0,
        devices: 0,
        chips: 1,
    })
    .await?;
    Ok(vec![
        ("Provider", play.devices.id.clone()),
        ("SBI", sbi),
        ("Devices", devices.join(", ")),
        ("FTM provider", play.chips.id.clone()),
        ("FTM chip", chip),
    ])
}

impl Scenario {
    async fn begin(options: &DemoOptions, mark: String) -> Result<Self, CommandError> {
        let deployment = Deployment::new(options.url.clone(), None, &options.client_id)?;
        let module = format!("module-{mark}");
        let user = json!({
            "username": module, "password": PASSWORD, "roles": ["REGISTRATION_PROCESSOR"],
        });
        deployment.make_user(&user).await?;
        let password = crate::demo::DEMO_PASSWORD;
        let (devices, chips) = (
            ("DEVICE_PROVIDER", "Device_Provider", "DEVICE"),
            ("FTM_PROVIDER", "FTM_Provider", "FTM"),
        );
        Ok(Self {
            admin: deployment.sign_in("partner-admin", password).await?,
            module: deployment.sign_in(&module, PASSWORD).await?,
            devices: Provider::make(&deployment, &mark, devices).await?,
            chips: Provider::make(&deployment, &mark, chips).await?,
            mark,
            step: 0,
        })
    }

    fn tell(&mut self, what: impl Display, meaning: impl Display) {
        self.step += 1;
        say(format_args!("{:>2}. {what}\n    {meaning}", self.step));
    }
}
