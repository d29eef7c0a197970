//! The certificate service.

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    let outcome = pms_runtime::run_service(
        &pms_web::service::CERTIFICATE,
        pms_certificate_service::module,
        |_| None,
    );
    match outcome.await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "logging may not have started")]
            {
                eprintln!("certificate-service: {error}");
            }
            std::process::ExitCode::FAILURE
        }
    }
}
