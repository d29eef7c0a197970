//! The partner service as a process of its own.
//!
//! A crate for itself, since the process can answer certificate-service's routes
//! too: where the reference's charts run two services, there is no third. The
//! services know nothing of each other.

use std::process::ExitCode;

use pms_runtime::{Runtime, RuntimeError};
use pms_web::Settings;
use pms_web::server::Module;
use pms_web::service::PARTNER;
use pms_web::settings::Address;
use secrecy::ExposeSecret as _;

#[actix_web::main]
async fn main() -> ExitCode {
    let served =
        pms_runtime::run_process(&PARTNER, adjust, modules, pms_partner_service::forwarding);
    match served.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the log may not have started")]
            {
                eprintln!("partner-service: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

/// With the certificate routes in this process nothing is forwarded, and the key
/// manager is the deployment's; the embedded one only where there is no other.
fn adjust(settings: &mut Settings) {
    if !settings.certificates_in_process() {
        return;
    }
    "in-process".clone_into(&mut settings.services.certificate);
    settings.services.certificate_url = Address::default();
    let manager = &mut settings.key_manager;
    let has_key = !manager.kek_file.is_empty() || !manager.kek.expose_secret().is_empty();
    manager.embedded = manager.url.is_empty() && has_key;
    if manager.embedded {
        let port = match (manager.port, settings.server.port) {
            (0, 0) => PARTNER.port,
            (0, port) | (port, _) => port,
        };
        // Its own client of the contract speaks about certificates over HTTP, as to any
        // other.
        let own = format!("http://127.0.0.1:{port}/v1/keymanager");
        manager.url = Address::try_from(own).unwrap_or_default();
    }
}

async fn modules(runtime: &Runtime) -> Result<Vec<Module>, RuntimeError> {
    let mut partner = pms_partner_service::module(runtime).await?;
    if !runtime.settings.certificates_in_process() {
        return Ok(vec![partner]);
    }
    let pms_certificate_service::Service {
        module: certificate,
        own_key_manager,
    } = pms_certificate_service::service(runtime).await?;
    if let Some(own) = own_key_manager {
        runtime.key_manager.serve_in_process(own);
    }
    // Clients know one partner manager, and so one document of it.
    let routes = certificate.routes.iter();
    let public = routes.filter(|route| route.descriptor.path.starts_with(PARTNER.base));
    partner.documented = public.cloned().collect();
    Ok(vec![partner, certificate])
}
