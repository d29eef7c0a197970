//! Certificates of authentication partners reach IDA by Datashare and WebSub.

use serde_json::Value;

use crate::ca::Authority;
use crate::peers::Peers;
use crate::system::System;

/// Address and domain in each event about a chain, once per event id.
fn chains(peers: &Peers) -> Vec<(String, Value)> {
    let mut chains: Vec<(String, Value)> = Vec::new();
    for event in peers.events() {
        if event["topic"] != "CA_CERTIFICATE_UPLOADED" {
            continue;
        }
        let id = event["event"]["id"].as_str().unwrap().to_owned();
        chains.retain(|(known, _)| *known != id);
        chains.push((id, event["event"]["data"].clone()));
    }
    chains
}

#[actix_web::test]
async fn each_upload_is_one_share_and_one_event_after_the_partners_own() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    let (api, authority) = (system.api(), Authority::new("Root"));
    let _process = system.start().await;
    api.trust(&authority).await.unwrap().response();
    api.register("bank-one").await.unwrap().response();

    for uploads in 1..=2 {
        api.certify("bank-one", &authority)
            .await
            .unwrap()
            .response();
        system.all_delivered().await;

        let (shares, chains) = (peers.datashare.shares(), chains(&peers));
        assert_eq!((shares.len(), chains.len()), (uploads, uploads));
        let (_, reported) = &chains[uploads - 1];
        assert_eq!(reported["certChainDatashareUrl"], shares[uploads - 1].url);
        assert_eq!(reported["partnerDomain"], "AUTH");
        let topics: Vec<Value> = peers
            .events()
            .into_iter()
            .map(|event| event["topic"].clone())
            .collect();
        assert_eq!(topics.len(), uploads * 2);
        for two in topics.chunks(2) {
            assert_eq!(two, ["PARTNER_UPDATED", "CA_CERTIFICATE_UPLOADED"]);
        }
    }
    let shares = peers.datashare.shares();
    assert_ne!(shares[0].content, shares[1].content, "each its own chain");
}
