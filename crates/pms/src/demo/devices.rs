//! The journey of devices: a device provider registers an SBI with two devices, an
//! FTM provider a chip with a certificate; an admin approves them, the registry
//! shows them, and the SBI takes its devices along when it ends.

use std::collections::BTreeSet;
use std::fmt::Display;

use chrono::{Days, SecondsFormat};
use pms_database::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::DemoOptions;
use super::certificates::Chain;
use super::client::{Account, Deployment};
use super::journey::{PASSWORD, Summary, text};
use crate::commands::{CommandError, say};

const BASE: &str = "/v1/partnermanager";

/// A provider and its user, who have one name.
struct Provider {
    account: Account,
    id: String,
    organisation: String,
    /// Trust domain of its certificates.
    domain: &'static str,
    kind: &'static str,
}

struct Play {
    admin: Account,
    /// A registration client: reads what may be used.
    module: Account,
    devices: Provider,
    chips: Provider,
    mark: String,
    step: u32,
}

/// What the registry shows of the play's providers.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    sbis: usize,
    devices: usize,
    chips: usize,
}

/// Plays the journey; every step is checked.
pub(super) async fn play(options: &DemoOptions) -> Result<Summary, CommandError> {
    let mark = pms_database::ids::alphanumeric(8)
        .map_err(|error| CommandError(error.to_string()))?
        .to_lowercase();
    let mut play = Play::begin(options, mark).await?;
    play.take_in_providers().await?;
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

impl Provider {
    async fn make(
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

    fn certificates(&self) -> Result<Chain, CommandError> {
        Chain::make(&self.organisation)
    }
}

impl Play {
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

    async fn take_in_providers(&mut self) -> Result<(), CommandError> {
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

    async fn register_sbi(&mut self) -> Result<String, CommandError> {
        let now = Clock::system().now();
        let at =
            |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let request = json!({
            "providerId": self.devices.id,
            "swBinaryHash": format!("sha-{}", self.mark),
            "swVersion": "1.0",
            "swCreateDateTime": at(now - Days::new(1)),
            "swExpiryDateTime": at(now + Days::new(365)),
        });
        let path = format!("{BASE}/securebiometricinterface");
        let made = self
            .devices
            .account
            .send(Method::POST, &path, request)
            .await?;
        let id = text(&made, "id")?;
        let request = json!({ "id": id, "approvalStatus": "Activate" });
        self.admin.send(Method::PATCH, &path, request).await?;
        self.tell(
            format_args!("SBI {id}"),
            "The provider told version, hash and expiry; an admin approved it.",
        );
        Ok(id)
    }

    async fn register_devices(&mut self, sbi: &str) -> Result<Vec<String>, CommandError> {
        let mut ids = Vec::new();
        for (kind, sub_type) in [("Finger", "Slap"), ("Iris", "Double")] {
            let request = json!({
                "deviceProviderId": self.devices.id,
                "deviceTypeCode": kind,
                "deviceSubTypeCode": sub_type,
                "make": "Demo",
                "model": format!("{kind} 1"),
            });
            let path = format!("{BASE}/securebiometricinterface/{sbi}/devices");
            let operation = "mosip.pms.add.device.to.sbi.id.post";
            let account = &self.devices.account;
            let made = account
                .send_v2(Method::POST, &path, (operation, request))
                .await?;
            let id = text(&made, "id")?;
            let request = json!({
                "partnerId": self.devices.id, "sbiId": sbi, "status": "approved",
            });
            let path = format!("{BASE}/devicedetail/{id}/approval");
            let operation = "mosip.pms.approval.mapping.device.to.sbi.post";
            self.admin
                .send_v2(Method::POST, &path, (operation, request))
                .await?;
            ids.push(id);
        }
        self.tell(
            "Two devices of the SBI",
            "Each is a make and model; an admin approved them together with their mapping.",
        );
        Ok(ids)
    }

    async fn register_chip(&mut self) -> Result<String, CommandError> {
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

    /// Reads all pages of the registry and compares what they show.
    async fn read_registry(&mut self, expected: Shown) -> Result<(), CommandError> {
        let mut shown = Shown {
            sbis: 0,
            devices: 0,
            chips: 0,
        };
        let mut sbis = BTreeSet::new();
        let (mut query, mut pages) = (String::new(), 0_u32);
        loop {
            let path = format!("{BASE}/devices/registry{query}");
            let page = self.module.get(&path).await?;
            pages += 1;
            for sbi in of_partner(&page, "sbis", &self.devices.id) {
                // One whose devices don't fit into a page stands in the next one again.
                sbis.insert(text(sbi, "sbiId")?);
                shown.devices += sbi
                    .get("devices")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len);
            }
            shown.chips += of_partner(&page, "ftmChips", &self.chips.id).count();
            match page.get("nextCursor").and_then(Value::as_str) {
                Some(next) => query = format!("?cursor={next}"),
                None => break,
            }
        }
        shown.sbis = sbis.len();
        if shown != expected {
            return Err(CommandError(format!(
                "the registry shows {shown:?} of the demo and not {expected:?}"
            )));
        }
        let Shown {
            sbis,
            devices,
            chips,
        } = shown;
        self.tell(
            "A registration client reads the registry",
            format_args!("Of the demo's, it shows SBIs: {sbis}, devices: {devices}, chips: {chips} (pages: {pages})."),
        );
        Ok(())
    }

    async fn end_sbi(&mut self, sbi: &str) -> Result<(), CommandError> {
        let path = format!("{BASE}/securebiometricinterface/{sbi}");
        let request = json!({ "status": "De-Activate" });
        let operation = "mosip.pms.deactivate.sbi.patch";
        let account = &self.devices.account;
        account
            .send_v2(Method::PATCH, &path, (operation, request))
            .await?;
        let path = format!("{BASE}/devicedetail?sbiId={sbi}&status=deactivated");
        let listed = self.admin.get(&path).await?;
        let ended = listed.get("totalResults").and_then(Value::as_u64);
        if ended != Some(2) {
            return Err(CommandError(format!(
                "both devices should be deactivated: {listed}"
            )));
        }
        self.tell(
            "The provider deactivated the SBI",
            "Both devices are deactivated with it.",
        );
        Ok(())
    }
}

/// The entries of a page that belong to a partner.
fn of_partner<'a>(
    page: &'a Value,
    list: &str,
    partner: &'a str,
) -> impl Iterator<Item = &'a Value> {
    let entries = page
        .get(list)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    entries.filter(move |entry| entry.get("partnerId").and_then(Value::as_str) == Some(partner))
}
