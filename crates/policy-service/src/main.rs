//! The policy service as a process of its own.

use std::process::ExitCode;

use pms_web::service::POLICY;

#[tokio::main]
async fn main() -> ExitCode {
    let build = async |runtime: &pms_runtime::Runtime| pms_policy_service::module(runtime).await;
    match pms_runtime::run_service(&POLICY, build, |_| None).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "logging may not have started")]
            {
                eprintln!("{}: {error}", POLICY.name);
            }
            ExitCode::FAILURE
        }
    }
}
