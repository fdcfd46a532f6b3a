//! What the server needs beyond its installation: where it listens, whom it believes, how much it takes.
//!
//! What iescp-worker needs as well, and where a setting can stand, is in [`iescp_worker::installation::settings`].
//!
//! Not here: which commands there are (`cli/`), and what the settings mean to the domain (`iescp-core`).

mod network;
#[cfg(test)]
mod tests;

pub use iescp_worker::installation::settings::{LogFormat, Secret, SettingsError};
pub use network::Network;

use clap::{ArgMatches, Command};
use iescp_core::settings::Caps;
use iescp_worker::installation::{self, Installation, settings};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

/// Requests in a rate window when nothing is said.
const RATE_LIMIT: u32 = 300;

/// Keys of the settings file that are secrets and therefore no options.
const SECRETS: [&str; 2] = ["metrics_token", "smtp_password"];

/// What can be set, with `--help` texts as documentation.
#[derive(clap::Args, Clone, Debug)]
pub struct Settings {
    /// What iescp-worker has to know too
    #[command(flatten)]
    pub installation: installation::settings::Settings,

    /// Address to listen on; port 0 takes a free one and prints it
    #[arg(long, env = "IESCP_LISTEN", global = true, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Fill an empty store with a believable market, print three sign-ins, and loosen the rates
    #[arg(long, env = "IESCP_DEMO", global = true)]
    pub demo: bool,

    /// Serve only; timers and jobs run elsewhere
    #[arg(long, env = "IESCP_NO_WORKER", global = true)]
    pub no_worker: bool,

    /// Serve /metrics, to this machine and to whoever brings IESCP_METRICS_TOKEN
    #[arg(long, env = "IESCP_METRICS", global = true)]
    pub metrics: bool,

    /// The bearer token for /metrics; kept out of the options, see the file's documentation
    #[arg(skip)]
    pub metrics_token: Option<Secret>,

    /// Proxies whose X-Forwarded-For is believed, as addresses or networks (10.0.0.0/8), separated by commas
    #[arg(long, env = "IESCP_TRUSTED_PROXIES", global = true, value_delimiter = ',', value_name = "NETWORKS")]
    pub trusted_proxies: Vec<Network>,

    /// Origins, as scheme and host, whose scripts may call the API, separated by commas; none when not given
    #[arg(long, env = "IESCP_CORS_ORIGINS", global = true, value_delimiter = ',', value_name = "ORIGINS", value_parser = network::origin)]
    pub cors_origins: Vec<String>,

    /// Requests that a person or address may make in each rate window; with --demo ten times as many when nothing is said
    #[arg(long, env = "IESCP_RATE_LIMIT", global = true, default_value_t = RATE_LIMIT, value_name = "REQUESTS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub rate_limit: u32,

    /// Length of the rate window in seconds
    #[arg(long, env = "IESCP_RATE_WINDOW", global = true, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub rate_window: u32,

    /// Connections served at once; more wait
    #[arg(long, env = "IESCP_MAX_CONNECTIONS", global = true, default_value_t = 4096, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,

    /// Largest request body in bytes, where a route does not say otherwise
    #[arg(long, env = "IESCP_MAX_BODY", global = true, default_value_t = 65_536, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1024..=16_777_216))]
    pub max_body: u32,

    /// Seconds in which a request's headers must have arrived
    #[arg(long, env = "IESCP_HEADER_TIMEOUT", global = true, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub header_timeout: u32,

    /// Seconds after which an idle connection, or one that takes nothing, is closed
    #[arg(long, env = "IESCP_IDLE_TIMEOUT", global = true, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub idle_timeout: u32,

    /// Seconds after which a request is given up; streams are excepted
    #[arg(long, env = "IESCP_REQUEST_TIMEOUT", global = true, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub request_timeout: u32,

    /// Seconds that requests in flight get to finish when the server stops
    #[arg(long, env = "IESCP_STOP_TIMEOUT", global = true, default_value_t = 20, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub stop_timeout: u32,
}

impl Settings {
    /// What the settings say to the domain.
    #[must_use]
    pub fn of_the_platform(&self) -> iescp_core::Settings {
        let said = self.installation.of_the_platform();
        let caps = if self.demo { loosened(said.caps) } else { said.caps };
        iescp_core::Settings { caps, ..said }
    }

    /// Opens the installation; makes it if there is none.
    ///
    /// # Errors
    /// A sentence that says what stands in the way.
    pub async fn open(&self) -> Result<Installation, String> {
        Installation::open(&self.installation, self.of_the_platform()).await
    }

    /// The same, but makes nothing where nothing is.
    ///
    /// # Errors
    /// As [`open`](Self::open); also when there is no store.
    pub async fn open_existing(&self) -> Result<Installation, String> {
        Installation::open_existing(&self.installation, self.of_the_platform()).await
    }

    /// Brings the secrets in, which are no options.
    ///
    /// # Errors
    /// When a secret is weak or its file unreadable or open to everybody.
    pub fn with_secrets(self, file: &toml::Table) -> Result<Self, SettingsError> {
        let metrics_token = settings::find_secret_in(file, "metrics_token", Secret::new)?;
        Ok(Self { installation: self.installation.with_secrets(file)?, metrics_token, ..self })
    }

    /// Requests that a person or address may make in each rate window.
    #[must_use]
    pub fn rate_limit(&self) -> u32 {
        if self.demo && self.rate_limit == RATE_LIMIT { 10 * RATE_LIMIT } else { self.rate_limit }
    }

    /// The public address: as set, or that of the listener.
    #[must_use]
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.installation.public_url.clone().unwrap_or_else(|| format!("http://{bound}"))
    }

    /// How long a request may take altogether.
    #[must_use]
    pub fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_timeout.into())
    }
}

/// Rates for trying things out: what bounds a network or a day, never a rule.
fn loosened(caps: Caps) -> Caps {
    Caps {
        requests: 10 * caps.requests,
        messages: 10 * caps.messages,
        new_threads: 10 * caps.new_threads,
        abuse_reports: 10 * caps.abuse_reports,
        picture_bytes: caps.picture_bytes,
        password_checks: 10 * caps.password_checks,
        password_checks_from: 20 * caps.password_checks_from,
        registrations_from: 20 * caps.registrations_from,
        letters_to: 10 * caps.letters_to,
        letters_from: 20 * caps.letters_from,
        mails_to: caps.mails_to,
    }
}

/// Reads `args` for `command`, with the environment and the settings file.
///
/// # Errors
/// What clap says about wrong use (or `--help`), with its own exit code; unusable files as wrong use.
pub fn read(command: Command, args: impl IntoIterator<Item = OsString>) -> Result<(ArgMatches, toml::Table), clap::Error> {
    settings::read(command, args, &SECRETS)
}
