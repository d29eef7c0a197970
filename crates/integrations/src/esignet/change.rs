//! Changes of clients that eSignet has.

use pms_domain::BusinessError;
use reqwest::Method;

use super::addresses::below;
use super::answers::Fault;
use super::{ClientChange, Esignet, INVALID_CLAIM, UPDATE_UNREACHABLE, Unregistered};

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

    /// Claims of a client were derived when it was made. When eSignet does not
    /// support one of them any more, the others are sent: it would never take a
    /// change of the client otherwise.
    pub(super) async fn put(&self, client_id: &str, change: &ClientChange) -> Result<(), Fault> {
        let refused = match self.put_change(client_id, change).await {
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
        self.put_change(client_id, &fewer).await
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
