//! One installation, for each of its programs: its store, its keys, its platform, its files and mails, as the settings say.
//!
//! - `settings` is what can be set, `secrets` the keys, `building` and `place` an empty place that is filled whole or not at all;
//! - `opening` opens stores; `log` starts the log.
//!
//! **Not here**: serving it (`iescp-web`), working for it (`worker`), what is kept in the store (`iescp-core`).

mod building;
pub mod log;
mod opening;
pub mod place;
pub mod secrets;
pub mod settings;

pub use building::Building;

use crate::backup::Beside;
use crate::relay::goes_along;
use crate::{Destination, Files, FolderMailer, Mailer, MemoryMailer, Queue, SharedMailer, SmtpMailer};
use iescp_core::store::PostgresBeside;
use iescp_core::{InstallationSecret, Platform};
use secrets::{Keyring, Secrets};
use settings::{Engine, Settings};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// How much room each thread has for what a request calls: without optimisation its frames are several times as large.
const STACK: usize = 8 * 1024 * 1024;

/// The threads on which a program does its work.
///
/// # Errors
/// A sentence, if the system gives none.
pub fn runtime() -> Result<Runtime, String> {
    let threads = Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    threads.map_err(|error| format!("no threads to work with: {error}"))
}

/// What is open.
pub struct Installation {
    /// The platform over its store.
    pub platform: Platform,
    /// Its keys.
    pub secrets: Secrets,
    /// Where these are kept.
    pub keyring: Keyring,
    /// The directory of this process's files; none if nothing is kept, or all of it in a database.
    pub directory: Option<PathBuf>,
    /// The way to the database that several processes share; none for a store of one process.
    pub shared: Option<PostgresBeside>,
}

impl Installation {
    /// Opens the store that the settings name; makes it if there is none. `rules` are what they say to the domain.
    ///
    /// # Errors
    /// A sentence that says what stands in the way.
    pub async fn open(settings: &Settings, rules: iescp_core::Settings) -> Result<Self, String> {
        opening::open(settings, rules).await
    }

    /// The same, but makes nothing where nothing is.
    ///
    /// # Errors
    /// As [`open`](Self::open); also when there is no store.
    pub async fn open_existing(settings: &Settings, rules: iescp_core::Settings) -> Result<Self, String> {
        match (opening::is_there(&settings.store).await?, settings.store.engine()) {
            (true, _) => Self::open(settings, rules).await,
            (false, Engine::Sled(path)) => Err(format!("there is no store at {}", path.display())),
            (false, _) => Err(format!("there is no store in {}", settings.store)),
        }
    }

    /// The same, or an empty one in memory where nothing is: to look at, without making anything.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_or_nothing(settings: &Settings, rules: iescp_core::Settings) -> Result<Self, String> {
        if opening::is_there(&settings.store).await? {
            return Self::open(settings, rules).await;
        }
        Self::open(&Settings { store: "memory:".to_owned().into(), ..settings.clone() }, rules).await
    }

    /// The directory of a store that no other process can open meanwhile; none for any other.
    #[must_use]
    pub fn alone_in(&self) -> Option<&Path> {
        self.directory.as_deref().filter(|_| self.shared.is_none())
    }

    /// The secret from which the tokens in links are derived.
    #[must_use]
    pub fn secret(&self) -> InstallationSecret {
        opening::secret(&self.secrets)
    }

    /// Where files are that people ask for: beside the store, in the database, or nowhere for long.
    ///
    /// # Errors
    /// A sentence, if they cannot be kept.
    pub async fn files(&self) -> Result<Files, String> {
        let folder = self.directory.as_deref().map(|directory| directory.join("exports"));
        let files =
            folder.map_or_else(Files::passing, Files::open).map_err(|e| format!("there is no folder for exports: {e}"))?;
        match &self.shared {
            Some(shared) => files.shared(shared.clone()).await.map_err(|e| format!("there is no table for exports: {e}")),
            None => Ok(files),
        }
    }

    /// The queue of jobs, beside the store. In a database letters go into it together with what they follow from, from now on.
    ///
    /// # Errors
    /// A sentence, if it cannot be used.
    pub async fn queue(&self) -> Result<Queue, String> {
        if let Some(shared) = &self.shared {
            let queue = Queue::on_postgres(shared.pool().clone()).await.map_err(|e| e.to_string())?;
            if let Some(letters) = goes_along(&queue)
                && !shared.take_along(letters)
            {
                tracing::debug!("letters go along already");
            }
            return Ok(queue);
        }
        let queue = match &self.directory {
            Some(directory) => Queue::open(directory.join("queue.sqlite")).await,
            None => Queue::in_memory().await,
        };
        queue.map_err(|e| {
            format!(
                "{e}. If its file is damaged, move queue.sqlite away: what waited in it is lost then, and a new one is made; or bring a \
                 backup back with `iescp-web restore`. Whether the store is sound, `iescp-web check` tells"
            )
        })
    }

    /// Where mails go: to the server that is set, or else into a folder, the database, or memory.
    ///
    /// # Errors
    /// A sentence, if they cannot be written there.
    pub async fn destination(&self, settings: &Settings) -> Result<Destination, String> {
        if let Some(server) = &settings.smtp {
            return Ok(Destination::Server(server.clone()));
        }
        let Some(folder) = self.directory.as_deref().map(|directory| directory.join("mail")) else {
            let Some(shared) = self.shared.clone() else { return Ok(Destination::Memory(MemoryMailer::default())) };
            let mailer = SharedMailer::open(shared).await.map_err(|e| format!("mails cannot be written to the database: {e}"))?;
            return Ok(Destination::Shared(mailer));
        };
        let mailer = FolderMailer::open(&folder).map_err(|e| format!("mails cannot be written to {}: {e}", folder.display()))?;
        Ok(Destination::Folder(mailer))
    }

    /// What a backup holds besides the store.
    ///
    /// # Errors
    /// A sentence, if the directory has no path from the root on, or the queue cannot be used.
    pub async fn beside(&self) -> Result<Beside, String> {
        let absolute = |path: &Path| std::path::absolute(path).map_err(|e| format!("{} is no path: {e}", path.display()));
        let directory = self.directory.as_deref().map(absolute).transpose()?;
        let queue = if self.shared.is_some() { Some(self.queue().await?) } else { None };
        Ok(Beside { directory, queue, keyring: self.keyring.clone() })
    }

    /// How a worker works here.
    ///
    /// # Errors
    /// A sentence, if a setting cannot be used.
    pub async fn work(&self, settings: &Settings, files: Files) -> Result<crate::Settings, String> {
        let shipped = crate::Settings::new(settings.mail_from.clone(), files);
        Ok(crate::Settings { reminder_at: settings.reminder_at, backups: settings.backups(self.beside().await?)?, ..shipped })
    }
}

/// Sends mails there.
///
/// # Errors
/// A sentence, if the mail server's settings cannot be used.
pub fn mailer(settings: &Settings, mails: &Destination) -> Result<Arc<dyn Mailer>, String> {
    match (mails, settings.smtp()) {
        (Destination::Folder(folder), _) => Ok(Arc::new(folder.clone())),
        (Destination::Memory(memory), _) => Ok(Arc::new(memory.clone())),
        (Destination::Shared(shared), _) => Ok(Arc::new(shared.clone())),
        (_, Some(smtp)) => Ok(Arc::new(SmtpMailer::open(&smtp, &settings.mail_from)?)),
        (_, None) => Err("mails have nowhere to go".to_owned()),
    }
}
