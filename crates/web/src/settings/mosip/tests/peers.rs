//! What a deployment says about eSignet and the other peers.

use super::*;

const ESIGNET: &str = r"
mosip.esignet.service.url=http://esignet.esignet
mosip.pms.esignet.oauth-client-create-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oauth-client
mosip.pms.esignet.oauth-client-update-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oauth-client/
mosip.pms.esignet.oidc-client-create-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oidc-client
mosip.pms.esignet.oidc-client-update-url=${mosip.esignet.service.url}/v1/esignet/client-mgmt/oidc-client/
mosip.pms.esignet.config-url=${mosip.esignet.service.url}/v1/esignet/oidc/.well-known/openid-configuration
mosip.pms.esignet.claims-mapping-file-url=${spring_config_url_env}/application/default/v1/identity-mapping.json
mosip.pms.esignet.amr-acr-mapping-file-url=${spring_config_url_env}/application/default/v1/amr-acr-mapping.json
";

#[test]
fn a_deployments_esignet_becomes_ours() {
    let files = Files::new("esignet", &[("p.properties", ESIGNET)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];
    let behind = [(
        "spring_config_url_env".to_owned(),
        "http://config-server/config".to_owned(),
    )];

    let mut found = Settings::from_sources(&[], None, &environment, &behind).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let esignet = &settings.esignet;
    let managed = "http://esignet.esignet/v1/esignet/client-mgmt";
    assert_eq!(esignet.url.as_str(), "http://esignet.esignet");
    assert_eq!(
        esignet.oauth_client_create_url.as_str(),
        format!("{managed}/oauth-client")
    );
    assert_eq!(
        esignet.oauth_client_update_url.as_str(),
        format!("{managed}/oauth-client/")
    );
    assert_eq!(
        esignet.oidc_client_create_url.as_str(),
        format!("{managed}/oidc-client")
    );
    assert_eq!(
        esignet.oidc_client_update_url.as_str(),
        format!("{managed}/oidc-client/")
    );
    assert_eq!(
        esignet.discovery_url.as_str(),
        "http://esignet.esignet/v1/esignet/oidc/.well-known/openid-configuration"
    );
    let mappings = "http://config-server/config/application/default/v1";
    assert_eq!(
        [
            esignet.claims_mapping_url.as_str(),
            esignet.acr_mapping_url.as_str()
        ],
        [
            &format!("{mappings}/identity-mapping.json"),
            &format!("{mappings}/amr-acr-mapping.json")
        ]
    );
    assert_eq!(settings.notes, [""; 0]);
}

#[test]
fn with_the_references_properties_every_queue_has_addresses_and_nothing_is_discarded() {
    let text = "websub.publish.url=http://websub/hub/\n\
                mosip.kernel.masterdata.audit-url=http://audit/audits\n\
                emailResourse.url=http://notifier/email/send\n\
                pmp.certificaticate.datashare.rest.uri=http://datashare/create\n";
    let files = Files::new("queues", &[("p.properties", text)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];
    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert_eq!(settings.websub.url.as_str(), "http://websub/hub/");
    assert_eq!(settings.audit.url.as_str(), "http://audit/audits");
    assert_eq!(settings.notifier.url.as_str(), "http://notifier/email/send");
    assert_eq!(settings.datashare.url.as_str(), "http://datashare/create");
    assert!(settings.outbox.discard.is_empty());
}
