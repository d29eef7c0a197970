//! `pms demo`: a partner from nothing to a working API key, over HTTP; with
//! `--devices`, devices and chips from nothing to the registry of what may be used;
//! with `--expiry`, on to the end of its certificate.

mod certificates;
mod client;
mod devices;
#[cfg(feature = "development")]
mod expiry;
mod journey;

use std::time::Instant;

use clap::Args;
use url::Url;

use crate::commands::{CommandError, say};

/// Password of every user of the development provider.
pub const DEMO_PASSWORD: &str = "demo";

/// Which deployment, and whose accounts.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// Base address of the deployment.
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: Url,
    /// Issuer of its tokens; the development provider of `pms up` otherwise.
    #[arg(long, value_name = "URL", requires_all = ["admin_user", "partner_user"])]
    pub issuer: Option<Url>,
    /// Public client for the password grant at the issuer.
    #[arg(long, default_value = "pms-demo")]
    pub client_id: String,
    /// A user with the roles `PARTNER_ADMIN` and `POLICYMANAGER`.
    #[arg(long)]
    pub admin_user: Option<String>,
    /// The admin's password.
    #[arg(long, env = "PMS_DEMO_ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<String>,
    /// A user with the role `AUTH_PARTNER` who is not registered yet.
    #[arg(long)]
    pub partner_user: Option<String>,
    /// The partner's password.
    #[arg(long, env = "PMS_DEMO_PARTNER_PASSWORD", hide_env_values = true)]
    pub partner_password: Option<String>,
    /// Plays the journey of devices, SBIs and FTM chips in place of the usual one;
    /// against `pms up`.
    #[arg(long, conflicts_with = "issuer")]
    pub devices: bool,
    /// Goes on after the usual journey: moves a development clock towards the end of
    /// the partner's certificate, and shows the notices, the mails and the portal's
    /// bell; against `pms up`, best with `--with-peers`.
    #[cfg(feature = "development")]
    #[arg(long, conflicts_with_all = ["issuer", "devices"])]
    pub expiry: bool,
}

/// The journeys.
enum Journey {
    Partner,
    Devices,
    #[cfg(feature = "development")]
    Expiry,
}

impl DemoOptions {
    const fn journey(&self) -> Journey {
        #[cfg(feature = "development")]
        if self.expiry {
            return Journey::Expiry;
        }
        if self.devices {
            return Journey::Devices;
        }
        Journey::Partner
    }
}

/// Plays the journey and prints each step with what it means.
///
/// # Errors
/// Which step failed, and precisely how.
pub async fn demo(options: &DemoOptions) -> Result<(), CommandError> {
    let started = Instant::now();
    let summary = match options.journey() {
        Journey::Devices => {
            say(format_args!("Registering devices at {}\n", options.url));
            devices::play(options).await?
        }
        Journey::Partner => {
            say(format_args!("Onboarding a partner at {}\n", options.url));
            journey::play(options).await?
        }
        #[cfg(feature = "development")]
        Journey::Expiry => {
            say(format_args!("Onboarding a partner at {}\n", options.url));
            expiry::play(options).await?
        }
    };
    say("\nSummary");
    for (name, value) in summary {
        say(format_args!("  {name:<14} {value}"));
    }
    say(format_args!(
        "\nDone in {:.1} s.",
        started.elapsed().as_secs_f64()
    ));
    Ok(())
}
