//! The key manager: personal data there and back, and the certificates that it keeps.

use std::time::Duration;

use pms_integrations::key_manager::CaQuery;
use pms_runtime::Runtime;

use super::findings::{Finding, Report, address};

/// No personal data, and no text that a database would hold.
const PROBE: &str = "pms check";

pub(super) async fn look(runtime: &Runtime, limit: Duration, report: &mut Report) {
    let base = runtime.settings.key_manager_url();
    if base.is_empty() {
        report.add(Finding::fault(
            "key manager",
            "neither key_manager.url nor services.certificate_url is set",
            "Name the deployment's Key Manager or certificate-service: partners can't be registered without it.",
        ));
        return;
    }
    let shown = address(&base);
    match tokio::time::timeout(limit, encrypt_and_decrypt(runtime)).await {
        Ok(Ok(())) => {
            report.add(Finding::ok("key manager", format!("{shown} encrypts and decrypts")));
            authorities(runtime, limit, report).await;
        }
        Ok(Err(why)) => report.add(Finding::fault(
            "key manager",
            format!("{shown}: {why}"),
            "Is it up, may the service account use it, and has it the key PMS, PII-DATA? `pms keys list` for the embedded one.",
        )),
        Err(_late) => report.add(Finding::fault(
            "key manager",
            format!("{shown}: no answer within {} s", limit.as_secs()),
            "Is it up, and does a network policy let this pod reach it?",
        )),
    }
}

async fn encrypt_and_decrypt(runtime: &Runtime) -> Result<(), String> {
    let why = |error: pms_domain::BusinessError| error.to_string();
    let sealed = runtime.key_manager.encrypt(&[PROBE]).await.map_err(why)?;
    let opened = runtime.key_manager.decrypt(&sealed).await.map_err(why)?;
    if opened == [PROBE] {
        Ok(())
    } else {
        Err("what was encrypted comes back as another text".to_owned())
    }
}

/// Certificates of authorities: whether there are any, and whether some end soon.
async fn authorities(runtime: &Runtime, limit: Duration, report: &mut Report) {
    let soon = runtime.clock.now() + chrono::Duration::days(30);
    let of = |expiring: Option<String>| CaQuery {
        expiring_within_date: expiring,
        page_number: 1,
        page_size: 1,
        ..CaQuery::default()
    };
    let soon = soon.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let (all, ending) = (of(None), of(Some(soon)));
    let answer = async {
        let all = runtime.key_manager.ca_certificates(&all).await?;
        let ending = runtime.key_manager.ca_certificates(&ending).await?;
        Ok::<_, pms_domain::BusinessError>((all.total_records, ending.total_records))
    };
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok((0, _))) => report.add(Finding::warning(
            "certificate store",
            "there are no certificates of authorities",
            "Upload the roots of your partners' authorities: no partner certificate can be uploaded before.",
        )),
        Ok(Ok((all, 0))) => report.add(Finding::ok("certificate store", format!("{all} certificates of authorities"))),
        Ok(Ok((all, ending))) => report.add(Finding::warning(
            "certificate store",
            format!("{ending} of {all} certificates of authorities end within 30 days"),
            "Upload their successors: certificates of partners below them stop being trusted.",
        )),
        Ok(Err(why)) => report.add(Finding::warning(
            "certificate store",
            format!("the list of authorities can't be read: {why}"),
            "Give the service account the role for getCaCertificates at the key manager.",
        )),
        Err(_late) => report.add(Finding::warning(
            "certificate store",
            format!("no answer within {} s", limit.as_secs()),
            "See the finding about the key manager.",
        )),
    }
}
