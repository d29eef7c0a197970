//! Keeps web sites of other people away from the development pages.
//!
//! A page of a foreign site can make its own name point to this machine and then
//! read what is served here, tokens of demo users among it. Such a request still
//! carries the foreign name.

use std::net::IpAddr;

use actix_web::guard::GuardContext;
use actix_web::http::header::HOST;
use url::{Host, Url};

/// Whether a request names this machine itself. Where others can reach it anyway
/// (`base` is not loopback), every name will do.
pub(crate) fn is_named(base: &Url) -> impl Fn(&GuardContext<'_>) -> bool + use<> {
    let exposed = match base.host() {
        Some(Host::Ipv4(address)) => !address.is_loopback(),
        Some(Host::Ipv6(address)) => !address.is_loopback(),
        Some(Host::Domain(_)) | None => true,
    };
    move |context: &GuardContext<'_>| {
        let host = context.head().headers().get(HOST);
        exposed || host.is_none_or(|host| host.to_str().is_ok_and(is_this_machine))
    }
}

/// Addresses can't be made to point elsewhere.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest
            .split_once(']')
            .map_or(rest, |(address, _port)| address),
        None => host.split_once(':').map_or(host, |(name, _port)| name),
    };
    name.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn addresses_and_localhost_are_this_machine() {
        for host in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "[::1]:8080",
            "LOCALHOST:1",
            "localhost",
        ] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.nip.example",
            "",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
