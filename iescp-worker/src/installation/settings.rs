//! What an installation is, for each of its programs: where it is kept, what it is called, what it decides by, how its mails
//! leave. Every setting once: its option, its variable, its default, its sentence in `--help`.
//!
//! Order: command-line option, environment (`IESCP_…`), `iescp.toml`, default. A key of the file is the option's name with
//! underscores (`public_url = "https://…"`); unknown keys are refused. Secrets are never options: they come from the
//! environment, from a file that `…_FILE` names, or from `iescp.toml`.
//!
//! **Not here**: what only one program needs (its own settings), and what the settings mean to the domain (`iescp-core`).

mod file;
mod market;
mod public;
mod secret;
mod store_url;
#[cfg(test)]
mod tests;

pub use file::{SettingsError, find_secret_in, read};
pub use public::public_url;
pub use secret::Secret;
pub use store_url::{Engine, StoreUrl};

use crate::backup::Beside;
use crate::{Backups, Sender, SmtpServer, SmtpSettings};
use iescp_core::settings::{Caps, Funding as CoreFunding, Timers};
use iso_currency::Currency;
use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// Keys of the settings file that only iescp-web knows: one file serves both programs.
pub const OF_THE_SERVER: [&str; 15] = [
    "listen",
    "demo",
    "no_worker",
    "metrics",
    "metrics_token",
    "trusted_proxies",
    "cors_origins",
    "rate_limit",
    "rate_window",
    "max_connections",
    "max_body",
    "header_timeout",
    "idle_timeout",
    "request_timeout",
    "stop_timeout",
];

/// What can be set about an installation, with `--help` texts as documentation.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct Settings {
    /// Settings file; `iescp.toml` in the working directory is read when it is there
    #[arg(long, env = "IESCP_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Where things are stored: sled:PATH, postgres://USER@HOST/DATABASE for several processes, or memory:; a file with the URL may stand in IESCP_STORE_FILE
    #[arg(long, env = "IESCP_STORE", hide_env_values = true, global = true, default_value = "sled:./data", value_name = "URL")]
    pub store: StoreUrl,

    /// Mebibytes that the disk of a sled store keeps free: writes are refused before it gets fuller; 64, or a twentieth of a small disk, when not given
    #[arg(long, env = "IESCP_RESERVE_MB", global = true, value_name = "MEBIBYTES", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub reserve_mb: Option<u32>,

    /// Mebibytes of memory in which a sled store keeps what was read last; 48, and 512 for `import`, when not given
    #[arg(long, env = "IESCP_CACHE_MB", global = true, value_name = "MEBIBYTES", value_parser = clap::value_parser!(u32).range(8..=1_048_576))]
    pub cache_mb: Option<u32>,

    /// Where keys are kept; the sled store's directory, or the database, when not given
    #[arg(long, env = "IESCP_DATA_DIR", global = true, value_name = "DIRECTORY")]
    pub data_dir: Option<PathBuf>,

    /// The address people use, for links and cookies; iescp-web takes the bound address when not given
    #[arg(long, env = "IESCP_PUBLIC_URL", global = true, value_name = "URL", value_parser = public_url)]
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

    /// Megabytes of pictures, in all their sizes, that an account may have at any time
    #[arg(long, env = "IESCP_PICTURES_MB", global = true, default_value_t = 50, value_name = "MEGABYTES", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub pictures_mb: u32,

    /// What is logged: a level (error, warn, info, debug, trace) or a filter such as info,iescp_web=debug
    #[arg(long, env = "IESCP_LOG", global = true, default_value = "info", value_name = "FILTER")]
    pub log: String,

    /// How it is logged
    #[arg(long, env = "IESCP_LOG_FORMAT", global = true, default_value = "text", value_enum, value_name = "FORMAT")]
    pub log_format: LogFormat,
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
    /// The directory of this process's files: as set, or the sled store's; none for a store that has no directory.
    #[must_use]
    pub fn directory(&self) -> Option<PathBuf> {
        let beside = match self.store.engine() {
            Engine::Sled(path) => Some(path.to_owned()),
            _ => None,
        };
        self.data_dir.clone().or(beside)
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
        iescp_core::Settings {
            site_name: self.site_name.clone(),
            currency: self.currency,
            funding: match self.funding {
                Funding::Gateway => CoreFunding::Gateway,
                Funding::Planned => CoreFunding::Planned,
            },
            time_zone: self.time_zone.clone(),
            timers: Timers { away: SignedDuration::from_hours(24 * i64::from(self.reminder_away_days)), ..shipped.timers },
            caps: Caps { picture_bytes: i64::from(self.pictures_mb) * 1_000_000, mails_to: self.mails_per_hour, ..shipped.caps },
            ..shipped
        }
    }

    /// What backups are made each day, of a store beside which this stands; none if no directory is set.
    ///
    /// # Errors
    /// If that directory has no path from the root on.
    pub fn backups(&self, beside: Beside) -> Result<Option<Backups>, String> {
        let Some(directory) = &self.backup_directory else { return Ok(None) };
        Ok(Some(Backups {
            directory: absolute(directory)?,
            at: self.backup_at,
            keep: usize::try_from(self.backup_keep).unwrap_or(usize::MAX),
            beside,
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

    /// Brings the secrets in, which are no options.
    ///
    /// # Errors
    /// When a secret's file cannot be read or is open to everybody.
    pub fn with_secrets(mut self, file: &toml::Table) -> Result<Self, SettingsError> {
        self.smtp_password = find_secret_in(file, "smtp_password", Secret::given)?;
        Ok(self)
    }
}

/// A path from the root on.
fn absolute(path: &Path) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|e| format!("{} is no path: {e}", path.display()))
}
