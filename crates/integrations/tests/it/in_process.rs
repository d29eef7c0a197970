//! A process that is its own key manager calls it within its time, and with no breaker.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_domain::BusinessError;
use pms_integrations::key_manager::{
    Answer, CryptoKey, KeyManagerOptions, OwnKeyManager, UNREACHABLE,
};
use pms_integrations::{KeyManager, ServiceToken, http};
use secrecy::SecretString;

/// Takes calls and answers none.
#[derive(Default)]
struct Frozen(AtomicUsize);

impl OwnKeyManager for Frozen {
    fn encrypt<'a>(
        &'a self,
        _: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<String>, BusinessError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::pending().boxed()
    }

    fn decrypt<'a>(
        &'a self,
        _: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<Answer>, BusinessError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::pending().boxed()
    }
}

#[tokio::test]
async fn a_key_manager_of_the_process_has_its_time_and_is_called_again_however_often_it_had_none() {
    let client = http::client(Duration::from_secs(2)).unwrap();
    let nowhere = "http://127.0.0.1:9".to_owned();
    let token = ServiceToken::new(
        client.clone(),
        nowhere.clone(),
        "id".to_owned(),
        SecretString::from("secret"),
    );
    let options = KeyManagerOptions {
        base: nowhere,
        crypto: CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        },
        timeout: Duration::from_millis(20),
        batches: true,
    };
    let (keys, frozen) = (
        KeyManager::new(client, token, options),
        Arc::new(Frozen::default()),
    );
    keys.clone().serve_in_process(frozen.clone());

    for _ in 0..3 {
        let refused = keys.encrypt(&["a"]).await.unwrap_err();
        assert_eq!(refused, UNREACHABLE.into());
        let refused = keys.open(&["sealed"]).await;
        assert!(matches!(&refused[..], [Err(why)] if *why == UNREACHABLE.into()));
    }

    // What takes long is this process, and it knows that of itself.
    assert_eq!(frozen.0.load(Ordering::SeqCst), 6);
    assert!(!keys.is_hung());
}
