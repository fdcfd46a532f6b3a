//! What the clock has in store: everything that falls due stands in one list by its moment, and is done by one operation each.
//!
//! A worker calls [`run_due`] every minute. Each thing is its own commit; what fails is told, and tried again the next time;
//! what was done meanwhile does nothing.
//!
//! **Not here**: when a worker wakes, and that only one of several does (the worker's).

use crate::{
    Actor, Error, Operation, Platform, Result, SayUp, Tx, account,
    campaign::{CloseRequests, EndCampaign, TellVoidedOffers},
    collaboration::{
        AlarmAdmins, ApproveUnanswered, CancelAbandoned, ExpireSplit, PublishReviews, RemindReviewer, SettleDispute,
        StartReviewClock,
    },
    export::TimeExport,
    ledger,
    policy::{Action, Subject},
    request::ExpireRequest,
    store::{Key, keys::Table},
    tidy::Tidy,
};
use jiff::Timestamp;
use uuid::Uuid;

/// How many due things are read at once.
const BATCH: usize = 200;

/// What a run of [`run_due`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueReport {
    /// How many things were done.
    pub done: usize,
    /// What could not be done, and why.
    pub failed: Vec<(Due, String)>,
    /// Whether more is due than one run takes.
    pub more: bool,
}

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// When it fell due.
    pub at: Timestamp,
    /// What is to be done.
    pub what: String,
    /// With what.
    pub id: Uuid,
}

impl Due {
    /// Reads a key of the list of due things.
    fn parse(key: &Key) -> Option<Self> {
        let rest = key.0.get(1..)?;
        let (moment, rest) = rest.split_at_checked(8)?;
        let (word, id) = rest.split_at_checked(rest.len().checked_sub(16)?)?;
        let word = word.strip_suffix(&[0, 1])?;
        let millis = i64::try_from(u64::from_be_bytes(moment.try_into().ok()?)).ok()?;
        Some(Self {
            at: Timestamp::from_millisecond(millis).ok()?,
            what: String::from_utf8(word.to_vec()).ok()?,
            id: Uuid::from_slice(id).ok()?,
        })
    }
}

/// The next things that are due, after one already seen; the oldest first.
#[derive(Clone, Debug, Default)]
struct ListDue {
    after: Option<Key>,
}

impl Operation for ListDue {
    type Output = Vec<(Key, Due)>;
    const ACTION: Action = Action::ListDue;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let mut scan = Table::Due.all();
        // What is due now is due: the range ends with the present millisecond.
        scan.to = Table::Due.start().moment(tx.now()).bytes(&[0xff]).key();
        if let Some(after) = &self.after {
            scan.from = Key([after.0.as_slice(), &[0]].concat());
        }
        scan.limit = BATCH;
        let found = tx.scan(scan).await?;
        Ok(found.into_iter().filter_map(|(key, _)| Due::parse(&key).map(|due| (key, due))).collect())
    }
}

/// Does what is due, at most `most` things; first says that the platform is up.
///
/// # Errors
/// If the store fails; what fails of the due things is in the report.
pub async fn run_due(platform: &Platform, most: usize) -> Result<DueReport> {
    let system = Actor::system("timers");
    platform.run(&system, SayUp).await?;
    let mut report = DueReport::default();
    let mut after = None;
    let mut seen = 0;
    loop {
        let batch = platform.run(&system, ListDue { after }).await?;
        let full = batch.len() == BATCH;
        after = batch.last().map(|(key, _)| key.clone());
        for (_, due) in batch {
            if seen >= most {
                report.more = true;
                return Ok(report);
            }
            seen += 1;
            match perform(platform, &system, &due).await {
                Ok(()) => report.done += 1,
                Err(error @ (Error::Store(_) | Error::Busy)) => return Err(error),
                Err(error) => {
                    tracing::warn!(what = due.what, id = %due.id, %error, "something due could not be done");
                    report.failed.push((due, error.to_string()));
                }
            }
        }
        if !full {
            return Ok(report);
        }
    }
}

/// Does one thing that is due: the one list of what the clock does.
async fn perform(platform: &Platform, system: &Actor, due: &Due) -> Result<()> {
    let (id, campaign, collaboration) = (due.id, due.id.into(), due.id.into());
    match due.what.as_str() {
        "end_campaign" => platform.run(system, EndCampaign { campaign }).await,
        "close_requests" => platform.run(system, CloseRequests { campaign }).await,
        "tell_voided_offers" => platform.run(system, TellVoidedOffers { campaign }).await,
        "expire_request" => platform.run(system, ExpireRequest { request: id.into() }).await,
        "start_review_clock" => platform.run(system, StartReviewClock { collaboration }).await,
        "remind_reviewer" => platform.run(system, RemindReviewer { collaboration }).await,
        "approve_unanswered" => platform.run(system, ApproveUnanswered { collaboration }).await,
        "cancel_abandoned" => platform.run(system, CancelAbandoned { collaboration }).await,
        "expire_split" => platform.run(system, ExpireSplit { collaboration }).await,
        "alarm_admins" => platform.run(system, AlarmAdmins { collaboration }).await,
        "settle_dispute" => platform.run(system, SettleDispute { collaboration }).await,
        "publish_reviews" => platform.run(system, PublishReviews { collaboration }).await,
        "payment" => ledger::collect_pending(platform, id).await,
        "payout" => ledger::pay_out(platform, id.into()).await,
        "export" => platform.run(system, TimeExport { export: id.into() }).await,
        "session" | "token" | "link" | "attempts" | "remembered" => {
            platform.run(system, Tidy { what: due.what.clone(), id }).await
        }
        "erase" => account::erase(platform, system, id.into()).await,
        other => Err(Error::Corrupt(format!("nobody knows how to do “{other}”"))),
    }
}
