//! The worker's jobs, as admins see them and decide about them.

use super::super::{Chapter, Cursor, Done, Failure, Limit, Listed, Once, Page, Paging, Shown, Timestamp};
use crate::app::House;
use crate::identity::{Asker, SignedIn};
use crate::jobs;
use crate::problem::{Problem, from_poem};
use iescp_core::Error;
use iescp_core::moderation::jobs::{DiscardJob, RetryJob, ViewJobs};
use iescp_worker::{DeadLetter, Desk, Turn};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Jobs;

/// What the worker has in hand.
#[derive(Object)]
#[oai(rename = "Jobs")]
struct InHand {
    /// Whether a worker runs in this process, which is the one that is told of. If not, look where it does.
    here: bool,
    /// Jobs that wait to be taken up, or to be tried again.
    waiting: i64,
    /// Those of them whose time has not come.
    later: i64,
    /// Jobs that run.
    running: i64,
    /// Jobs that were given up.
    failed: i64,
    /// The zone in which days and months are counted.
    zone: String,
    /// What is done once in each period.
    #[oai(validator(max_items = 100))]
    regular: Vec<RegularJob>,
}

impl InHand {
    fn elsewhere(asker: &Asker) -> Self {
        let zone = asker.platform.settings().time_zone.iana_name().unwrap_or("UTC").to_owned();
        Self { here: false, waiting: 0, later: 0, running: 0, failed: 0, zone, regular: Vec::new() }
    }
}

/// Something that is done once in each period.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct RegularJob {
    /// What it is called: `daily-check`.
    name: String,
    /// The day or month that was begun last: `2026-03-29`, `2026-03`.
    last: Option<String>,
    /// When that was begun.
    last_at: Option<Timestamp>,
    /// The one whose turn is next.
    next: Option<String>,
    /// When that is.
    next_at: Option<Timestamp>,
}

impl From<Turn> for RegularJob {
    fn from(turn: Turn) -> Self {
        let (last, last_at) = turn.last.unzip();
        let (next, next_at) = turn.next.unzip();
        Self { name: turn.name.into(), last, last_at: last_at.map(Timestamp), next, next_at: next_at.map(Timestamp) }
    }
}

/// A job that was given up.
#[derive(Object)]
struct FailedJob {
    /// Its id.
    id: Uuid,
    /// Its name: that of the period or the event that caused it.
    job: String,
    /// What was to be done.
    kind: String,
    /// Why it was given up.
    reason: String,
    /// How often it was tried.
    attempts: i64,
    /// When it was given up.
    failed_at: Timestamp,
}

impl From<&DeadLetter> for FailedJob {
    fn from(job: &DeadLetter) -> Self {
        Self {
            id: job.id,
            job: job.key.clone(),
            kind: jobs::kind(job),
            reason: job.reason.clone(),
            attempts: job.attempts.into(),
            failed_at: Timestamp(job.at),
        }
    }
}

#[OpenApi(tag = "Chapter::Supervision")]
impl Jobs {
    /// View the worker's jobs
    ///
    /// How much is in the queue, and when what is regular comes next.
    #[oai(path = "/admin/jobs", method = "get", operation_id = "view_jobs")]
    async fn view_jobs(&self, who: SignedIn, request: &Request) -> Result<Shown<InHand>, Failure> {
        let Some(desk) = desk(&who.0, request).await? else { return Ok(Shown::plain(InHand::elsewhere(&who.0))) };
        let stock = jobs::told(desk.stock().await)?;
        let regular = jobs::told(desk.regular(who.0.platform.clock().now()).await)?;
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Ok(Shown::plain(InHand {
            here: true,
            waiting: number(stock.waiting),
            later: number(stock.later),
            running: number(stock.running),
            failed: number(stock.dead),
            zone: desk.zone().iana_name().unwrap_or("UTC").to_owned(),
            regular: regular.into_iter().map(RegularJob::from).collect(),
        }))
    }

    /// List jobs that were given up
    ///
    /// The latest first, with the reason of each.
    #[oai(path = "/admin/jobs/failed", method = "get", operation_id = "list_failed_jobs")]
    async fn list_failed_jobs(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<FailedJob>, Failure> {
        let desk = desk(&who.0, request).await?;
        let Some(desk) = desk else { return Ok(Listed::new(Page::new(Vec::new(), None), None)) };
        let paging = Paging::new(limit.0, cursor.0);
        let after = paging.after.map(|after| Uuid::from_slice(&after)).transpose();
        let after = after.map_err(|_| {
            Problem::parameter("cursor", "not_readable", "`cursor` is none that we gave out; begin again without one.")
        })?;
        let wanted = u32::try_from(paging.limit).unwrap_or(u32::MAX - 1);
        let mut dead = jobs::told(desk.given_up(wanted + 1, after).await)?;
        let more = dead.len() > paging.limit;
        dead.truncate(paging.limit);
        let next = dead.last().filter(|_| more).map(|last| Cursor(last.id.as_bytes().to_vec()));
        let link = next.as_ref().map(|next| Paging::next(request, next));
        Ok(Listed::new(Page::new(dead.iter().map(FailedJob::from).collect(), next.as_ref()), link))
    }

    /// Try a job that was given up again
    ///
    /// At once, as one that never failed. Kept in the audit trail.
    #[oai(path = "/admin/jobs/failed/:id/retry", method = "post", operation_id = "retry_job")]
    async fn retry_job(
        &self,
        who: SignedIn,
        request: &Request,
        id: Path<Uuid>,
        idempotency_key: Once,
    ) -> Result<Done<FailedJob>, Failure> {
        let desk = desk(&who.0, request).await?.ok_or(Error::NotFound)?;
        let job = jobs::given_up(&desk, id.0).await?;
        let done = who.0.run_once(idempotency_key.0, RetryJob(jobs::named(&job))).await?;
        jobs::told(desk.retry(job.id).await)?;
        Ok(Done::new(FailedJob::from(&job)).replayed(done.replayed))
    }

    /// Discard a job that was given up
    ///
    /// For good. Kept in the audit trail.
    #[oai(path = "/admin/jobs/failed/:id/discard", method = "post", operation_id = "discard_job")]
    async fn discard_job(
        &self,
        who: SignedIn,
        request: &Request,
        id: Path<Uuid>,
        idempotency_key: Once,
    ) -> Result<Done<FailedJob>, Failure> {
        let desk = desk(&who.0, request).await?.ok_or(Error::NotFound)?;
        let job = jobs::given_up(&desk, id.0).await?;
        let done = who.0.run_once(idempotency_key.0, DiscardJob(jobs::named(&job))).await?;
        jobs::told(desk.discard(job.id).await)?;
        Ok(Done::new(FailedJob::from(&job)).replayed(done.replayed))
    }
}

/// The worker's desk, for those who may look.
async fn desk(asker: &Asker, request: &Request) -> Result<Option<Desk>, Failure> {
    asker.run(ViewJobs).await?;
    Ok(House::of(request).map_err(from_poem)?.desk.clone())
}
