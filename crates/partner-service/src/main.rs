//! The partner service as a process of its own.

use std::process::ExitCode;

use pms_web::service::PARTNER;

#[actix_web::main]
async fn main() -> ExitCode {
    let served = pms_runtime::run_service(
        &PARTNER,
        pms_partner_service::module,
        pms_partner_service::forwarding,
    );
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
