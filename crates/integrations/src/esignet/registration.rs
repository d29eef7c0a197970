//! Clients that eSignet is to register.

use reqwest::Method;
use url::Url;

use super::{
    ClientChange, DUPLICATE_CLIENT_ID, Esignet, INVALID_CLIENT_ID, INVALID_PUBLIC_KEY, NewClient,
    Unregistered,
};

impl Esignet {
    /// Registers a client, with names in several languages if it has some.
    /// Never repeated (see [the module](self)).
    ///
    /// # Errors
    /// eSignet's own code and message; `PMS_KKS_001` when it can't be reached or
    /// refuses us, `PMS_PRT_107` and `PMS_PRT_500` when its answer says nothing.
    pub async fn create(&self, client: &NewClient) -> Result<(), Unregistered> {
        let address = match client.client_name_lang_map {
            Some(_) => &self.addresses.oauth_create,
            None => &self.addresses.oidc_create,
        };
        let created = self.exchange(Method::POST, Url::parse(address).ok(), client);
        created.await.map_err(Unregistered::from)
    }

    /// Registers a client for which an earlier [`Esignet::create`] had an unknown
    /// outcome, whatever that was; may be repeated. Only for a caller who knows
    /// that the earlier create was its own, and for the same relying party (see
    /// [the module](self)).
    ///
    /// # Errors
    /// As [`Esignet::create`]; also [`Unregistered::Unknown`] when eSignet has
    /// the client, but does not take the details.
    pub async fn reconcile(&self, client: &NewClient) -> Result<(), Unregistered> {
        let refused = match self.create(client).await {
            Err(Unregistered::Refused(refused))
                if [DUPLICATE_CLIENT_ID, INVALID_PUBLIC_KEY].contains(&refused.code()) =>
            {
                refused
            }
            created => return created,
        };
        let change = ClientChange::to(client);
        let updated = self.update(&client.client_id, &change).await;
        match updated {
            Ok(()) => {
                let code = refused.code();
                tracing::info!(
                    client = client.client_id,
                    code,
                    "an earlier create came through"
                );
                Ok(())
            }
            // The key itself is not to its liking: there is no such client.
            Err(why) if why.code() == INVALID_CLIENT_ID => Err(Unregistered::Refused(refused)),
            Err(why) => Err(Unregistered::Unknown(why)),
        }
    }
}
