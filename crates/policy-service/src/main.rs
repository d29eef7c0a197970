//! The policy service.

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    let outcome = pms_runtime::run_service(
        &pms_web::service::POLICY,
        pms_policy_service::module,
        |_| None,
    );
    match outcome.await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "logging may not have started")]
            {
                eprintln!("policy-service: {error}");
            }
            std::process::ExitCode::FAILURE
        }
    }
}
