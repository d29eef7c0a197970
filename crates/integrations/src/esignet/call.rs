//! One call: the envelope around a request, and what became of it.

use futures_util::future::BoxFuture;
use reqwest::Method;
use serde::Serialize;
use url::Url;

use super::Esignet;
use super::answers::{self, Fault};
use super::requests::Envelope;
use crate::authorised::{Answered, Authorised, CallError};

impl Esignet {
    pub(super) async fn exchange<T: Serialize + Sync>(
        &self,
        method: Method,
        url: Option<Url>,
        request: &T,
    ) -> Result<(), Fault> {
        answers::read(self.call(method, url, Some(request)).await?).await
    }

    pub(super) async fn call<T: Serialize + Sync>(
        &self,
        method: Method,
        url: Option<Url>,
        request: Option<&T>,
    ) -> Result<Answered, Fault> {
        self.ask(&self.peer, method, url, request).await
    }

    pub(super) async fn ask<T: Serialize + Sync>(
        &self,
        peer: &Authorised,
        method: Method,
        url: Option<Url>,
        request: Option<&T>,
    ) -> Result<Answered, Fault> {
        let Some(url) = url else {
            pms_log::error("esignet.url is not set", "", |line| {
                tracing::error!("{line}");
            });
            return Err(Fault::NotSent);
        };
        let called: BoxFuture<'_, Result<Answered, CallError>> = peer.call(|client| {
            let call = client
                .request(method.clone(), url.clone())
                .timeout(self.timeout);
            match request {
                // Stamped anew when it is sent again.
                Some(request) => call.json(&Envelope::of(request, self.clock.now())),
                None => call,
            }
        });
        called.await.map_err(|error| {
            error.log("a call to eSignet failed");
            Fault::from(error)
        })
    }
}
