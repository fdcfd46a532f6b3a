//! The commands.

use super::{Command, Progress, Tell};
use iescp_core::account::{self, AdminInput, Registered};
use iescp_core::check::{self, CheckReport, Options, Step};
use iescp_core::{Actor, Error, Platform};
use serde::{Deserialize, Serialize};

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
