//! Every setting, once: its option, its variable, its default, its sentence in `--help`.
//!
//! Order: command-line option, environment (`IESCP_…`), `iescp.toml`, default. A key of the file is the option's name with
//! underscores (`public_url = "https://…"`); unknown keys are refused. Secrets are never options: they come from the
//! environment, from a file that `…_FILE` names, or from `iescp.toml`.
//!
//! Not here: which commands there are (`cli/`), and what the settings mean to the domain (`iescp-core`).

mod file;
mod market;
mod network;
mod secret;
#[cfg(test)]
mod tests;

pub use file::{SettingsError, read};
pub use network::Network;
pub use secret::Secret;

use iescp_core::settings::{Caps, Funding as CoreFunding, Timers};
use iescp_worker::backup::Beside;
use iescp_worker::{Backups, Sender, SmtpServer, SmtpSettings};
use iso_currency::Currency;
use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Requests in a rate window when nothing is said.
const RATE_LIMIT: u32 = 300;

/// What can be set, with `--help` texts as documentation.
#[derive(clap::Args, Clone, Debug)]
pub struct Settings {
    /// Settings file; `iescp.toml` in the working directory is read when it is there
    #[arg(long, env = "IESCP_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address to listen on; port 0 takes a free one and prints it
    #[arg(long, env = "IESCP_LISTEN", global = true, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Where things are stored: sled:PATH or memory:
    #[arg(long, env = "IESCP_STORE", global = true, default_value = "sled:./data", value_name = "URL")]
    pub store: String,

    /// Mebibytes that the disk of a sled store keeps free: writes are refused before it gets fuller; 64, or a twentieth of a small disk, when not given
    #[arg(long, env = "IESCP_RESERVE_MB", global = true, value_name = "MEBIBYTES", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub reserve_mb: Option<u32>,

    /// Where keys are kept; the sled store's directory when not given
    #[arg(long, env = "IESCP_DATA_DIR", global = true, value_name = "DIRECTORY")]
    pub data_dir: Option<PathBuf>,

    /// The address people use, for links and cookies; from the bound address when not given
    #[arg(long, env = "IESCP_PUBLIC_URL", global = true, value_name = "URL", value_parser = network::public_url)]
    pub public_url: Option<String>,

    /// What the platform calls itself
    #[arg(long, env = "IESCP_SITE_NAME", global = true, default_value = "IESCP", value_name = "NAME", value_parser = market::site_name)]
    pub site_name: String,

    /// The one currency of this installation, by its code of ISO 4217; fixed once money has moved
    #[arg(long, env = "IESCP_CURRENCY", global = true, default_value = "USD", value_name = "CODE", value_parser = market::currency)]
    pub currency: Currency,

    /// Where campaign money comes from
    #[arg(long, env = "IESCP_FUNDING", global = true, default_value = "gateway", value_enum, value_name = "WAY")]
    pub funding: Funding,

    /// The zone that days and months are counted in, such as Europe/Berlin
    #[arg(long, env = "IESCP_TIME_ZONE", global = true, default_value = "UTC", value_name = "ZONE", value_parser = market::time_zone)]
    pub time_zone: TimeZone,

    /// Fill an empty store with a believable market, print three sign-ins, and loosen the rates
    #[arg(long, env = "IESCP_DEMO", global = true)]
    pub demo: bool,

    /// From whom mails are; without a name in it, from the platform's
    #[arg(long, env = "IESCP_MAIL_FROM", global = true, default_value = "no-reply@iescp.invalid", value_name = "ADDRESS", value_parser = Sender::parse)]
    pub mail_from: Sender,

    /// The mail server: smtps://user@host, smtp+starttls://user@host, or smtp://host on this machine; the folder `mail` beside the store when not given
    #[arg(long, env = "IESCP_SMTP", global = true, value_name = "SERVER")]
    pub smtp: Option<SmtpServer>,

    /// Let mails cross a network unprotected, to a server named by smtp://
    #[arg(long, env = "IESCP_SMTP_PLAIN", global = true)]
    pub smtp_plain: bool,

    /// File of certificates (PEM) that the mail server's may be signed by, besides the public ones
    #[arg(long, env = "IESCP_SMTP_AUTHORITIES", global = true, value_name = "FILE")]
    pub smtp_authorities: Option<PathBuf>,

    /// Connections to the mail server that are used at once
    #[arg(long, env = "IESCP_SMTP_CONNECTIONS", global = true, default_value_t = 4, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub smtp_connections: u32,

    /// Mails that one person gets in an hour; more wait. What keeps an account safe is always sent at once
    #[arg(long, env = "IESCP_MAILS_PER_HOUR", global = true, default_value_t = 30, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub mails_per_hour: u32,

    /// What the mail server's user proves themselves by.
    #[arg(skip)]
    pub smtp_password: Option<Secret>,

    /// When the daily reminder goes out, by the clocks of the installation's zone
    #[arg(long, env = "IESCP_REMINDER_AT", global = true, default_value = "18:00", value_name = "TIME", value_parser = market::time_of_day)]
    pub reminder_at: Time,

    /// Days after which an influencer who was not seen is reminded
    #[arg(long, env = "IESCP_REMINDER_AWAY_DAYS", global = true, default_value_t = 14, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub reminder_away_days: u32,

    /// Where a backup is made each day; none are made when not given
    #[arg(long, env = "IESCP_BACKUP_DIRECTORY", global = true, value_name = "DIRECTORY")]
    pub backup_directory: Option<PathBuf>,

    /// When it is made, by the clocks of the installation's zone
    #[arg(long, env = "IESCP_BACKUP_AT", global = true, default_value = "03:30", value_name = "TIME", value_parser = market::time_of_day)]
    pub backup_at: Time,

    /// How many of them are kept; the oldest go when a new one was read again
    #[arg(long, env = "IESCP_BACKUP_KEEP", global = true, default_value_t = 7, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub backup_keep: u32,

    /// Serve only; timers and jobs run elsewhere
    #[arg(long, env = "IESCP_NO_WORKER", global = true)]
    pub no_worker: bool,

    /// What is logged: a level (error, warn, info, debug, trace) or a filter such as info,iescp_web=debug
    #[arg(long, env = "IESCP_LOG", global = true, default_value = "info", value_name = "FILTER")]
    pub log: String,

    /// How it is logged
    #[arg(long, env = "IESCP_LOG_FORMAT", global = true, default_value = "text", value_enum, value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// Serve /metrics, to this machine and to whoever brings IESCP_METRICS_TOKEN
    #[arg(long, env = "IESCP_METRICS", global = true)]
    pub metrics: bool,

    /// The bearer token for /metrics; kept out of the options, see the file's documentation
    #[arg(skip)]
    pub metrics_token: Option<Secret>,

    /// Megabytes of pictures, in all their sizes, that an account may have at any time
    #[arg(long, env = "IESCP_PICTURES_MB", global = true, default_value_t = 50, value_name = "MEGABYTES", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub pictures_mb: u32,

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

/// How the log is written.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Where campaign money comes from.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Funding {
    /// Sponsors pay in through a gateway; only money paid in can be promised.
    Gateway,
    /// Budgets are planned figures and the money moves elsewhere.
    Planned,
}

impl Settings {
    /// The directory for keys: as set, or the sled store's; none for a store that keeps nothing.
    #[must_use]
    pub fn key_directory(&self) -> Option<PathBuf> {
        self.data_dir.clone().or_else(|| self.store.strip_prefix("sled:").map(PathBuf::from))
    }

    /// How many bytes of the disk stay free; none when nothing is said.
    #[must_use]
    pub fn reserve_bytes(&self) -> Option<u64> {
        self.reserve_mb.map(|mebibytes| u64::from(mebibytes) << 20)
    }

    /// What the settings say to the domain.
    #[must_use]
    pub fn of_the_platform(&self) -> iescp_core::Settings {
        let shipped = iescp_core::Settings::default();
        let caps = if self.demo { loosened(shipped.caps) } else { shipped.caps };
        iescp_core::Settings {
            site_name: self.site_name.clone(),
            currency: self.currency,
            funding: match self.funding {
                Funding::Gateway => CoreFunding::Gateway,
                Funding::Planned => CoreFunding::Planned,
            },
            time_zone: self.time_zone.clone(),
            timers: Timers { away: SignedDuration::from_hours(24 * i64::from(self.reminder_away_days)), ..shipped.timers },
            caps: Caps { picture_bytes: i64::from(self.pictures_mb) * 1_000_000, mails_to: self.mails_per_hour, ..caps },
            ..shipped
        }
    }

    /// What backups are made each day, of a store whose keys and queue stand in this directory; none if no directory is set.
    ///
    /// # Errors
    /// If that directory has no path from the root on.
    pub fn backups(&self, beside: Option<&Path>) -> Result<Option<Backups>, String> {
        let Some(directory) = &self.backup_directory else { return Ok(None) };
        let absolute = |path: &Path| std::path::absolute(path).map_err(|e| format!("{} is no path: {e}", path.display()));
        Ok(Some(Backups {
            directory: absolute(directory)?,
            at: self.backup_at,
            keep: usize::try_from(self.backup_keep).unwrap_or(usize::MAX),
            beside: Beside { directory: beside.map(absolute).transpose()? },
        }))
    }

    /// How mails leave by a server; none if they are written into a folder.
    #[must_use]
    pub fn smtp(&self) -> Option<SmtpSettings> {
        Some(SmtpSettings {
            server: self.smtp.clone()?,
            password: self.smtp_password.as_ref().map(|password| password.reveal().to_owned()),
            authorities: self.smtp_authorities.clone(),
            plain_allowed: self.smtp_plain,
            connections: self.smtp_connections,
        })
    }

    /// Requests that a person or address may make in each rate window.
    #[must_use]
    pub fn rate_limit(&self) -> u32 {
        if self.demo && self.rate_limit == RATE_LIMIT { 10 * RATE_LIMIT } else { self.rate_limit }
    }

    /// The public address: as set, or that of the listener.
    #[must_use]
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{bound}"))
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
