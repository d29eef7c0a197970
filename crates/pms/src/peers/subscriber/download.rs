//! Downloading the trust chain that an event names.

use super::{CLIENT, Subscriber};
use crate::peers::module::Module;

/// Longest trust chain, in bytes.
const MAX_CHAIN: usize = 8 * 1024 * 1024;

impl Subscriber {
    /// Downloads a share with our own token, as IDA does, and notes how that went.
    pub(super) async fn download(&self, number: u64, address: &str) {
        let outcome = match self.fetch(address).await {
            Ok(bytes) => format!("downloaded {bytes} bytes"),
            Err(why) => format!("not downloaded: {why}"),
        };
        self.0.received.find_map(|received| {
            (received.number == number).then(|| received.download = Some(outcome.clone()))
        });
    }

    async fn fetch(&self, address: &str) -> Result<usize, String> {
        let ours = format!("{}/", Module::Datashare.base(&self.0.base));
        if !address.starts_with(&ours) {
            return Err("it is at another data share".to_owned());
        }
        let failed = |error: reqwest::Error| error.without_url().to_string();
        let token = self.0.identity.mint_service_account(CLIENT);
        let token = token.map_err(|error| error.to_string())?;
        let request = self.0.http.get(address);
        let request = request
            .header("cookie", format!("Authorization={token}"))
            .bearer_auth(token);
        let mut response = request.send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(format!("the data share answered {}", response.status()));
        }
        let mut bytes = 0_usize;
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            bytes = bytes.saturating_add(chunk.len());
            if bytes > MAX_CHAIN {
                return Err("it is too long".to_owned());
            }
        }
        Ok(bytes)
    }
}
