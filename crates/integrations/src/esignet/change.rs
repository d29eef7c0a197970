//! Changes of clients that eSignet has.

use pms_domain::BusinessError;
use reqwest::Method;

use super::addresses::below;
use super::answers::Fault;
use super::{ClientChange, Esignet, INVALID_CLAIM, UPDATE_UNREACHABLE};

impl Esignet {
    /// Changes a client, with names in several languages if there are some.
    ///
    /// # Errors
    /// eSignet's own code and message, [`UPDATE_UNREACHABLE`] when it can't be
    /// reached or refuses us, `PMS_PRT_107` and `PMS_PRT_500` when its answer
    /// says nothing.
    pub async fn update(
        &self,
        client_id: &str,
        change: &ClientChange,
    ) -> Result<(), BusinessError> {
        let updated = self.put(client_id, change).await;
        updated.map_err(|fault| match fault {
            Fault::NotSent | Fault::Broken | Fault::Lost => UPDATE_UNREACHABLE.into(),
            Fault::Refused(why) | Fault::Unusable(why) => why,
        })
    }

    /// Claims of a client were derived when it was made. When eSignet does not
    /// support one of them any more, the others are sent: it would never take a
    /// change of the client otherwise.
    pub(super) async fn put(&self, client_id: &str, change: &ClientChange) -> Result<(), Fault> {
        let refused = match self.put_as_it_is(client_id, change).await {
            Err(Fault::Refused(why)) if why.code() == INVALID_CLAIM => why,
            other => return other,
        };
        let Ok(supported) = self.supported_claims().await else {
            return Err(Fault::Refused(refused));
        };
        let mut fewer = change.clone();
        fewer.user_claims.retain(|claim| supported.contains(claim));
        if fewer == *change {
            return Err(Fault::Refused(refused));
        }
        tracing::warn!(
            client = client_id,
            "eSignet does not support all claims of the client"
        );
        self.put_as_it_is(client_id, &fewer).await
    }

    async fn put_as_it_is(&self, client_id: &str, change: &ClientChange) -> Result<(), Fault> {
        let address = match change.client_name_lang_map {
            Some(_) => &self.addresses.oauth_update,
            None => &self.addresses.oidc_update,
        };
        let url = below(address, client_id);
        let updated = self.exchange(Method::PUT, url.clone(), change).await;
        match updated {
            Err(Fault::Broken) => self.exchange(Method::PUT, url, change).await,
            other => other,
        }
    }
}
