//! Changes of clients that eSignet has.

use pms_domain::BusinessError;
use reqwest::Method;

use super::addresses::below;
use super::answers::Fault;
use super::{
    ClientChange, Esignet, INVALID_CLAIM, INVALID_CLIENT_ID, UPDATE_UNREACHABLE, Unregistered,
};

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
        let changed = self.change(client_id, change).await;
        changed.map_err(BusinessError::from)
    }

    /// [`Esignet::update`] for a caller who must know whether eSignet may have taken
    /// the change all the same.
    ///
    /// # Errors
    /// Those of [`Esignet::update`]; the outcome is unknown when the answer was lost,
    /// or says nothing.
    pub async fn change(&self, client_id: &str, change: &ClientChange) -> Result<(), Unregistered> {
        let changed = self.put(client_id, change).await;
        changed.map_err(|fault| match fault {
            Fault::NotSent => Unregistered::Refused(UPDATE_UNREACHABLE.into()),
            Fault::Broken | Fault::Lost => Unregistered::Unknown(UPDATE_UNREACHABLE.into()),
            Fault::Refused(why) => Unregistered::Refused(why),
            Fault::Unusable(why) => Unregistered::Unknown(why),
        })
    }

    /// Sends a change; once more with fewer details when eSignet does not take them all and
    /// would never take the change otherwise.
    pub(super) async fn put(&self, client_id: &str, change: &ClientChange) -> Result<(), Fault> {
        let sent = match self.put_change(client_id, change).await {
            Err(Fault::Refused(why)) => match self.acceptable(change, &why).await {
                Some(other) if other != *change => {
                    let code = why.code();
                    let message = "eSignet does not take all details of the client";
                    tracing::warn!(client = client_id, code, "{message}");
                    self.put_change(client_id, &other).await
                }
                _ => Err(Fault::Refused(why)),
            },
            other => other,
        };
        match sent {
            Err(Fault::Refused(why)) if change.ends() && why.code() == INVALID_CLIENT_ID => {
                let message = "eSignet has no such client, which is as good as its end";
                tracing::warn!(client = client_id, "{message}");
                Ok(())
            }
            other => other,
        }
    }

    /// What eSignet may take where it refused `change`, if there is anything.
    ///
    /// Claims of a client were derived when it was made: those that eSignet does not support
    /// any more are left out. Of a client that ends nothing counts but that it ends.
    async fn acceptable(&self, change: &ClientChange, why: &BusinessError) -> Option<ClientChange> {
        if change.ends() {
            if why.code() == INVALID_CLIENT_ID {
                return None;
            }
            let supported = self.supported().await.unwrap_or_default();
            return Some(change.reduced(&supported));
        }
        if why.code() != INVALID_CLAIM {
            return None;
        }
        let supported = self.supported_claims().await.ok()?;
        let mut fewer = change.clone();
        fewer.user_claims.retain(|claim| supported.contains(claim));
        Some(fewer)
    }

    async fn put_change(&self, client_id: &str, change: &ClientChange) -> Result<(), Fault> {
        let address = match change.client_name_lang_map {
            Some(_) => &self.addresses.oauth_update,
            None => &self.addresses.oidc_update,
        };
        let url = below(address, client_id);
        let updated = self.exchange(Method::PUT, url.clone(), change).await;
        match updated {
            Err(Fault::Broken) => match self.exchange(Method::PUT, url, change).await {
                // The first one may have come through.
                Err(Fault::NotSent) => Err(Fault::Broken),
                other => other,
            },
            other => other,
        }
    }
}
