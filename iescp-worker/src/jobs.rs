//! The jobs there are. One file each; this one knows them all.
//!
//! **Not here**: how jobs are kept and run (`queue`), when they are pushed (`schedule`, `relay`).

pub(crate) mod backup;
mod chat;
mod check;
mod export;
mod letter;
pub(crate) mod reminder;
mod report;
mod timers;

use crate::{
    House,
    figures::Ended,
    queue::{Failure, NewJob, Outcome, QueueError, Work},
};
use iescp_core::{
    account::Role,
    id::{AccountId, ExportId},
    outbox::{Letter, OutboxItem},
    report::ReportMonth,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How often a letter is tried: with an hour between two, mails outlast a server that is down for three days.
const LETTER_TRIES: u32 = 80;

/// Something to be done later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(crate) enum Job {
    /// Does what the clock has in store.
    Timers {
        /// The minute it is for.
        minute: Timestamp,
    },
    /// Makes one export.
    Export {
        /// Which.
        export: ExportId,
    },
    /// Makes the reports about a month.
    Reports {
        /// Which.
        month: ReportMonth,
    },
    /// Reminds some of what waits for them.
    Remind {
        /// The day it is for.
        day: Date,
        /// Among whom.
        role: Role,
        /// Those behind this account.
        after: Option<AccountId>,
    },
    /// Looks whether the store holds what it should.
    Check {
        /// The day it is for.
        day: Date,
    },
    /// Looks whether the store holds what it should, because it was not closed.
    CheckAfterCrash {
        /// When that was found.
        begun: Timestamp,
    },
    /// Takes a backup.
    Backup {
        /// The day it is for.
        day: Date,
    },
    /// Says one thing in somebody's chat.
    Chat {
        /// What, as it stood in the outbox.
        item: OutboxItem,
    },
    /// Says the daily reminder in somebody's chat.
    ChatReminder {
        /// Whose.
        account: AccountId,
        /// The day it is for.
        day: Date,
        /// What is said.
        text: String,
    },
    /// Writes one letter.
    Letter {
        /// The letter, as it stood in the outbox.
        item: OutboxItem,
    },
}

impl Job {
    /// What is to be done about something in the outbox.
    pub(crate) fn of(item: OutboxItem) -> Self {
        match item.letter {
            Letter::MakeExport { export } => Self::Export { export },
            Letter::Chat { .. } => Self::Chat { item },
            _ => Self::Letter { item },
        }
    }

    /// Its name for ever: a period's, or the event's that caused it.
    fn key(&self) -> String {
        match self {
            Self::Timers { minute } => format!("timers:{minute}"),
            Self::Export { export } => format!("export:{export}"),
            Self::Reports { month } => format!("monthly-reports:{month}"),
            Self::Remind { day, role: Role::Influencer, after: None } => format!("daily-reminder:{day}"),
            Self::Remind { day, role, after: None } => format!("daily-reminder:{day}:{}", role.word()),
            Self::Remind { day, role, after: Some(after) } => format!("daily-reminder:{day}:{}:{after}", role.word()),
            Self::Check { day } => format!("daily-check:{day}"),
            Self::CheckAfterCrash { begun } => format!("check-after-crash:{begun}"),
            Self::Backup { day } => format!("daily-backup:{day}"),
            Self::ChatReminder { account, day, .. } => format!("chat-reminder:{day}:{account}"),
            Self::Chat { item } | Self::Letter { item } => item.place().key(),
        }
    }

    /// As the queue takes it.
    pub(crate) fn queued(&self) -> Result<NewJob, QueueError> {
        let tries = matches!(self, Self::Letter { .. } | Self::Chat { .. } | Self::ChatReminder { .. }).then_some(LETTER_TRIES);
        Ok(NewJob { key: self.key(), body: serde_json::to_value(self).map_err(QueueError::of)?, tries })
    }
}

impl Work for House {
    async fn perform(&self, body: Value) -> Result<(), Failure> {
        match serde_json::from_value(body) {
            Ok(Job::Timers { .. }) => timers::run(self).await,
            Ok(Job::Export { export }) => export::run(self, export).await,
            Ok(Job::Reports { month }) => report::run(self, month).await,
            Ok(Job::Remind { day, role, after }) => reminder::run(self, day, role, after).await,
            Ok(Job::Check { .. } | Job::CheckAfterCrash { .. }) => check::run(self).await,
            Ok(Job::Backup { day }) => backup::run(self, day).await,
            Ok(Job::Chat { item }) => chat::say(self, &item).await,
            Ok(Job::ChatReminder { account, day, text }) => chat::remind(self, account, day, &text).await,
            Ok(Job::Letter { item }) => letter::send(self, &item).await,
            Err(error) => Err(Failure::Never(format!("this program does not know such a job: {error}"))),
        }
    }

    fn ended(&self, body: &Value, outcome: Outcome) {
        self.figures.add(|counts| {
            let kind: &mut Ended = match body.get("job").and_then(Value::as_str) {
                Some("timers") => &mut counts.timers,
                Some("export") => &mut counts.exports,
                Some("reports") => &mut counts.reports,
                Some("remind") => &mut counts.reminders,
                Some("check" | "check_after_crash") => &mut counts.checks,
                Some("backup") => &mut counts.backups,
                Some("chat" | "chat_reminder") => &mut counts.chats,
                Some("letter") => &mut counts.letters,
                _ => &mut counts.unknown,
            };
            *(match outcome {
                Outcome::Done => &mut kind.done,
                Outcome::Failed => &mut kind.failed,
                Outcome::Dead => &mut kind.dead,
            }) += 1;
        });
    }

    fn restarted(&self) {
        self.figures.add(|counts| counts.restarts += 1);
    }
}
