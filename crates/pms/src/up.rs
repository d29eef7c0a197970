//! `pms up`: everything in one process.

mod announcement;
mod clock;
mod development;
mod page;
mod parts;

use std::net::{IpAddr, TcpListener, ToSocketAddrs as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use actix_web::web::ServiceConfig;
use clap::Args;
use pms_database::Clock;
use pms_database::outbox::Queue;
use pms_runtime::Runtime;
use pms_runtime::stop_limit::StopLimit;
use pms_web::server::{Module, Mount};
use pms_web::settings::Address;
use pms_web::{Route, Settings};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::commands::{CommandError, say};
use crate::identity::NON_LOOPBACK_WARNING;
use announcement::Announcement;
use development::Development;

/// Options of `pms up`; everything else comes from the configuration.
#[derive(Debug, Clone, Args)]
pub struct UpOptions {
    /// A PostgreSQL server to use instead of a private cluster.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where the cluster, keys and users are kept.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Address to bind.
    #[arg(long)]
    pub host: Option<String>,
    /// Port to bind.
    #[arg(long)]
    pub port: Option<u16>,
    /// Stand in for the other MOSIP modules too; /dev shows what they are given.
    ///
    /// Notifier, templates, audit manager, data share, eSignet and Keycloak's users get
    /// stand-ins in this process, unless the configuration names others, and a subscriber
    /// listens to the hub. Mails, audit records, shares and events can be seen at /dev, and
    /// every stand-in can be told to go wrong. Needs the development identity provider.
    #[arg(long)]
    pub with_peers: bool,
}

/// Runs the system until a stop is requested.
///
/// # Errors
/// One line about what is missing or wrong.
pub async fn up(options: UpOptions) -> Result<(), CommandError> {
    let started = Instant::now();
    let mut settings = settings(&options)?;
    Development::check(&settings, &options)?;
    let _log = pms_web::telemetry::start(&settings.telemetry, "pms")
        .map_err(|error| CommandError(error.to_string()))?;
    let data_dir = parts::data_dir(&options, &settings);
    parts::make_private_dir(&data_dir)?;
    let (listener, base) = listen(&settings)?;
    let mut database = parts::Database::open(&mut settings, &data_dir).await?;
    // Not before: who we are is read from `/proc/self`, which belongs to root
    // from here on.
    pms_runtime::guard_memory().log();
    pms_runtime::raise_open_files();
    let development = Development::open(&mut settings, &options, &data_dir, &base)?;
    portal_login(&mut settings, &base)?;
    if database.is_private() {
        discard_without_peers(&mut settings);
    }
    settings.services.certificate_url = configured(&base)?;
    if settings.key_manager.kek_file.is_empty()
        && settings.key_manager.kek.expose_secret().is_empty()
    {
        settings.key_manager.kek_file = data_dir.join("kek").display().to_string();
    }
    let announcement = Announcement {
        base: &base,
        development: &development,
        database: database.shell_command(),
        started,
    };
    let outcome = tokio::select! {
        outcome = run(settings, listener, announcement) => outcome,
        lost = database.lost() => Err(lost),
    };
    database.close();
    outcome
}

async fn run(
    settings: Settings,
    listener: TcpListener,
    announcement: Announcement<'_>,
) -> Result<(), CommandError> {
    let failed = |error: pms_runtime::RuntimeError| CommandError(error.to_string());
    let runtime = Runtime::build(settings, "pms", Clock::system()).map_err(failed)?;
    let mut partner = pms_partner_service::module(&runtime)
        .await
        .map_err(failed)?;
    let pms_certificate_service::Service {
        module: certificate,
        own_key_manager,
    } = pms_certificate_service::service(&runtime)
        .await
        .map_err(failed)?;
    // Unless the configuration names another.
    if runtime.settings.key_manager.url.is_empty()
        && let Some(own) = own_key_manager
    {
        runtime.key_manager.serve_in_process(own);
    }
    // Clients know one partner manager, and so one document of it.
    partner.documented = public_routes(&certificate).into();
    let policy = pms_policy_service::module(&runtime).await.map_err(failed)?;
    let modules = vec![policy, partner, certificate];
    let development = announcement.development.clone();
    // Where tokens are real, so is time.
    let clock = match &development.identity {
        Some(_) => Some(clock::DevelopmentClock::new(&runtime, announcement.base).map_err(failed)?),
        None => None,
    };
    let page = page::Page::new(
        announcement.base.clone(),
        development.clone(),
        modules.clone(),
    );
    announcement.say();
    let _listening = development.listen();
    let extras: Mount = Arc::new(move |app: &mut ServiceConfig| {
        page.configure(app);
        development.configure(app);
        if let Some(clock) = &clock {
            clock.configure(app);
        }
    });
    let stop_limit = StopLimit::of(&runtime);
    // Not for the database of its own, which is stopped behind all this.
    let mut armed = None;
    let stop = async {
        if let Err(error) = pms_web::server::stop_requested().await {
            tracing::error!(%error, "signals can't be watched");
        }
        armed = Some(stop_limit.arm());
    };
    runtime
        .serve(listener, modules, Some(extras), stop)
        .await
        .map_err(failed)?;
    drop(armed);
    say("Stopped.");
    Ok(())
}

/// The routes of a module below its public prefix.
fn public_routes(module: &Module) -> Vec<Route> {
    let public = |route: &&Route| route.descriptor.path.starts_with(module.service.base);
    module.routes.iter().filter(public).cloned().collect()
}

fn settings(options: &UpOptions) -> Result<Settings, CommandError> {
    let defaults = [
        ("server.host", "127.0.0.1"),
        ("server.port", "8080"),
        // No balancer stands before it, and people wait for Ctrl-C.
        ("server.drain_seconds", "0"),
        // Here is no TLS, and not every client takes loopback for safe.
        ("auth.secure_cookies", "false"),
    ];
    let mut settings =
        Settings::load_over(&defaults).map_err(|error| CommandError(error.to_string()))?;
    for note in &settings.notes {
        say(note);
    }
    if let Some(url) = &options.database_url {
        settings.database.url = SecretString::from(url.clone());
    }
    if let Some(host) = &options.host {
        host.clone_into(&mut settings.server.host);
    }
    if let Some(port) = options.port {
        settings.server.port = port;
    }
    Ok(settings)
}

/// Binds first: a taken port is found out before anything else is started.
fn listen(settings: &Settings) -> Result<(TcpListener, Url), CommandError> {
    let (host, port) = (settings.server.host.as_str(), settings.server.port);
    let failed = |error: &dyn std::fmt::Display| {
        CommandError(format!("{host}:{port} can't be bound: {error}"))
    };
    let mut addresses = (host, port)
        .to_socket_addrs()
        .map_err(|error| failed(&error))?;
    let exposed = addresses.any(|address| !address.ip().is_loopback());
    if exposed && settings.auth.issuer.is_empty() && !settings.dev.allow_exposed_identity {
        return Err(CommandError(format!(
            "refusing to start on {host}. {NON_LOOPBACK_WARNING} \
             (PMS__DEV__ALLOW_EXPOSED_IDENTITY=true overrules this.)"
        )));
    }
    let listener = TcpListener::bind((host, port)).map_err(|error| failed(&error))?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    let shown = match address.ip() {
        ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        ip @ IpAddr::V4(_) => ip.to_string(),
    };
    let base = Url::parse(&format!("http://{shown}:{}/", address.port()))
        .map_err(|error| failed(&error))?;
    Ok((listener, base))
}

/// Mails and trust chains for peers that a private system does not have. On a
/// database that is not our own they wait: another process may have the peers.
fn discard_without_peers(settings: &mut Settings) {
    let mut discard = |queue: Queue, has_peer: bool| {
        let discarded = &mut settings.outbox.discard;
        if !has_peer && !discarded.iter().any(|name| name == queue.name()) {
            discarded.push(queue.name().to_owned());
        }
    };
    discard(Queue::Mail, !settings.notifier.url.is_empty());
    discard(Queue::TrustChain, !settings.datashare.url.is_empty());
}

/// An address of this process as a setting.
fn configured(url: &Url) -> Result<Address, CommandError> {
    Address::try_from(url).map_err(|error| CommandError::about(url.as_str(), error))
}

/// Logins for pages of this process, unless others are configured.
fn portal_login(settings: &mut Settings, base: &Url) -> Result<(), CommandError> {
    let auth = &mut settings.auth;
    if auth.redirect_uri.is_empty() {
        let way_back = base
            .join("v1/partnermanager/login-redirect/")
            .map_err(|error| CommandError::about("login", error))?;
        auth.redirect_uri = configured(&way_back)?;
    }
    if auth.allowed_redirects.is_empty() {
        auth.allowed_redirects = vec![base.to_string(), format!("{base}**")];
    }
    Ok(())
}
