//! Clients that eSignet is to register.

use reqwest::Method;
use url::Url;

use super::{ClientChange, Esignet, INVALID_CLIENT_ID, NewClient, Unregistered};

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

    /// Gives a client that eSignet has these details, after it has `refused` to register it
    /// once more. Only for a caller who knows that it is the relying party's, or who may
    /// decide so (see [the module](self)).
    ///
    /// # Errors
    /// `refused` when there is no such client after all; else as [`Esignet::change`].
    pub async fn take_up(
        &self,
        client: &NewClient,
        refused: Unregistered,
    ) -> Result<(), Unregistered> {
        let change = ClientChange::to(client);
        match self.change(&client.client_id, &change).await {
            Err(Unregistered::Refused(why)) if why.code() == INVALID_CLIENT_ID => Err(refused),
            changed => changed,
        }
    }
}
