//! What the platform does later: the timers of each minute, letters, exports, the sealing of the audit trail.
//!
//! A [`Worker`] runs over a platform, a queue and a mailer, in the process that has the store open: inside `iescp-web serve` for an
//! embedded store.
//!
//! - `schedule` says when, `relay` hands letters from the outbox to the queue, `jobs` does them, `queue` keeps the promises;
//! - `wording`, `mail` and `mailer` are the way of a letter, [`Chats`] that of a message to a chat; `files` is where exports are kept;
//! - [`installation`] is what all programs of one need: its settings, keys and store; [`backup`] takes backups of all of it;
//! - [`outside`] asks servers elsewhere, at addresses that people gave.
//!
//! **Not here**: what is due and what it means (`iescp_core`).
#![warn(missing_docs)]

pub mod backup;
mod chat;
#[cfg(test)]
#[path = "../../iescp-core/tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "other tests do more with it")]
mod cluster;
mod desk;
mod figures;
mod files;
pub mod installation;
mod jobs;
mod mail;
mod mailer;
pub mod outside;
mod passing;
mod pdf;
mod queue;
mod relay;
mod report_page;
mod schedule;
mod stop;
#[cfg(test)]
mod tests;
mod trouble;
#[cfg(test)]
#[path = "../../iescp-core/tests/postgres/wire.rs"]
#[allow(dead_code, reason = "other tests do more with it")]
mod wire;
mod wording;

pub use chat::Chats;
pub use desk::{Desk, Turn};
pub use figures::{Counts, Ended, Figures};
pub use files::{Files, Pieces};
pub use mail::{Mail, NoMail, Sender};
pub use mailer::{
    Destination, FolderMailer, KeptMail, LatestMails, MailError, Mailer, MemoryMailer, Protection, Sending, SharedMailer,
    SmtpMailer, SmtpServer, SmtpSettings,
};
pub use pdf::{NoPdf, report_as_pdf};
pub use queue::{DeadLetter, Queue, QueueError, QueueSettings, Running, Stock};
pub use relay::goes_along;
pub use report_page::report_as_html;
pub use schedule::Rhythm;
pub use wording::chat_trial;

use backup::Beside;
use iescp_core::{Platform, report::Reminder};
use jiff::civil::{Date, Time, time};
use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};
use stop::Stop;

/// How a worker works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// From whom mails are; without a name in it, they are from the platform's.
    pub mail_from: Sender,
    /// How jobs are run.
    pub queue: QueueSettings,
    /// When the daily reminder goes out, by the installation's clocks.
    pub reminder_at: Time,
    /// How often it is looked whether another minute has begun.
    pub tick: Duration,
    /// Where files stand that people asked for.
    pub files: Files,
    /// What backups are made each day; none if no directory for them is set.
    pub backups: Option<Backups>,
    /// Whether the store is checked at once, because it was not closed the last time.
    pub check_first: bool,
    /// How messages reach people's chats.
    pub chats: Chats,
}

/// The backups of each day.
#[derive(Clone, Debug)]
pub struct Backups {
    /// Where they stand; it is made if it is not there.
    pub directory: PathBuf,
    /// When they are made, by the installation's clocks.
    pub at: Time,
    /// How many are kept, at least one.
    pub keep: usize,
    /// What stands beside the store.
    pub beside: Beside,
}

impl Settings {
    /// The shipped settings.
    #[must_use]
    pub fn new(mail_from: Sender, files: Files) -> Self {
        let (queue, tick) = (QueueSettings::default(), Duration::from_secs(1));
        let reminder_at = time(18, 0, 0, 0);
        Self { mail_from, queue, reminder_at, tick, files, chats: Chats::default(), backups: None, check_first: false }
    }
}

/// A worker that has not begun.
pub struct Worker {
    house: House,
    settings: QueueSettings,
}

/// What everything in a worker shares.
pub(crate) struct House {
    pub platform: Platform,
    pub queue: Queue,
    pub mailer: Arc<dyn Mailer>,
    pub public_url: String,
    pub mail_from: Sender,
    pub reminder_at: Time,
    pub tick: Duration,
    pub files: Files,
    pub backups: Option<Backups>,
    pub check_first: bool,
    pub chats: Chats,
    pub figures: Arc<Figures>,
    pub stop: Stop,
}

impl Worker {
    /// A worker over these. `public_url` is where people reach the platform: links in letters begin with it.
    #[must_use]
    pub fn new(platform: Platform, queue: Queue, mailer: Arc<dyn Mailer>, public_url: &str, settings: Settings) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        let Settings { mail_from, queue: how, reminder_at, tick, files, chats, backups, check_first } = settings;
        let figures = Arc::default();
        let stop = Stop::new();
        let house = House {
            platform,
            queue,
            mailer,
            public_url,
            mail_from,
            reminder_at,
            tick,
            files,
            chats,
            backups,
            check_first,
            figures,
            stop,
        };
        Self { house, settings: how }
    }

    /// What it has done: stays readable while it runs and after.
    #[must_use]
    pub fn figures(&self) -> Arc<Figures> {
        self.house.figures.clone()
    }

    /// The mail of somebody's reminder, as it is sent.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_reminder(&self, day: Date, reminder: &Reminder) -> Result<Mail, NoMail> {
        jobs::reminder::write(&self.house, day, reminder)
    }

    /// What is seen of it from outside: stays while it runs and after.
    #[must_use]
    pub fn desk(&self) -> Desk {
        let zone = self.house.platform.settings().time_zone.clone();
        Desk::new(self.house.queue.clone(), self.figures(), zone, self.house.regulars())
    }

    /// Works until `shutdown` resolves, then lets jobs that run finish for as long as the settings allow. What fails is logged and
    /// tried again: only the end ends it.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        let house = Arc::new(self.house);
        let ending = async {
            shutdown.await;
            house.stop.begin();
        };
        tokio::join!(
            ending,
            relay::run(&house),
            schedule::check_first(&house),
            schedule::timers(&house),
            schedule::regularly(&house),
            schedule::sealing(&house),
            schedule::sweeping(&house),
            house.queue.work(house.clone(), self.settings, &house.stop),
        );
    }
}

/// Runs a worker until `shutdown` resolves: see [`Worker::run`].
pub async fn run(
    platform: Platform,
    queue: Queue,
    mailer: Arc<dyn Mailer>,
    public_url: &str,
    settings: Settings,
    shutdown: impl Future<Output = ()> + Send,
) {
    Worker::new(platform, queue, mailer, public_url, settings).run(shutdown).await;
}
