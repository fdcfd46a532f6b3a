//! The commands.

use super::{Command, Progress, Tell};
use iescp_core::account::{self, AdminInput, Registered};
use iescp_core::backup::{self, Manifest};
use iescp_core::check::{self, CheckReport, Options, Step};
use iescp_core::{Actor, Error, Platform};
use iescp_worker::backup::{Beside, back_up};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Makes an admin.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateAdmin {
    /// What with.
    pub admin: AdminInput,
}

impl Command for CreateAdmin {
    const NAME: &'static str = "create_admin";
    type Done = Registered;

    async fn run(self, platform: &Platform, _: Tell<'_>) -> Result<Registered, String> {
        platform.run(&Actor::terminal(), account::CreateAdmin::new(self.admin)).await.map_err(sentences)
    }
}

/// Checks the whole store, and repairs what follows from records if asked to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Whether to repair.
    pub repair: bool,
}

/// After so many keys the person at the terminal is told.
const TOLD_EVERY: u64 = 5_000;

impl Command for Check {
    const NAME: &'static str = "check";
    type Done = CheckReport;

    async fn run(self, platform: &Platform, tell: Tell<'_>) -> Result<CheckReport, String> {
        let mut last = None;
        let mut progress = |now: check::Progress| {
            let part = (now.step, now.seen / TOLD_EVERY);
            if last.replace(part) != Some(part) {
                tell(Progress { what: said(now.step).to_owned(), seen: now.seen, of: None });
            }
        };
        let options = Options { repair: self.repair, ..Options::default() };
        check::check(platform, &Actor::terminal(), options, &mut progress).await.map_err(sentences)
    }
}

/// Takes a backup, into a file that the process which has the store open writes itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Where to, from the root on.
    pub file: PathBuf,
    /// Whether a file that is there is replaced.
    pub force: bool,
    /// Where the keys and the queue are.
    pub directory: PathBuf,
}

impl Command for Backup {
    const NAME: &'static str = "backup";
    type Done = Manifest;

    async fn run(self, platform: &Platform, tell: Tell<'_>) -> Result<Manifest, String> {
        let beside = Beside::directory(self.directory);
        let made = back_up(platform, &beside, &self.file, self.force, &mut in_parts(tell)).await;
        made.map_err(|error| format!("no backup was made at {}: {error}", self.file.display()))
    }
}

/// Tells now and then how far a backup has come.
pub fn in_parts(tell: Tell<'_>) -> impl FnMut(backup::Progress) + Send {
    let mut last = None;
    move |now: backup::Progress| {
        let (what, every) = match now.step {
            backup::Step::Store => ("reading the store, keys", TOLD_EVERY),
            backup::Step::Pictures => ("reading pictures", 100),
            backup::Step::Reading => ("reading the backup, bytes", 1 << 20),
            backup::Step::Comparing => ("comparing, keys", TOLD_EVERY),
        };
        let part = (what, now.seen / every);
        if last.replace(part) != Some(part) {
            tell(Progress { what: what.to_owned(), seen: now.seen, of: now.of });
        }
    }
}

fn said(step: Step) -> &'static str {
    match step {
        Step::Reading => "reading everything",
        Step::Settling => "looking again at what seemed wrong",
        Step::Chain => "following the audit trail",
    }
}

/// An error as its sentences; wrong fields each with its name, since a terminal shows no form.
fn sentences(error: Error) -> String {
    match error {
        Error::Invalid(fields) => {
            let lines: Vec<String> = fields.iter().map(|field| format!("{}: {}", field.field, field.detail)).collect();
            lines.join("\n")
        }
        Error::Corrupt(why) => format!("the store is damaged: {why}"),
        Error::Store(why) => why.to_string(),
        other => other.to_string(),
    }
}
