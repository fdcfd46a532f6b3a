//! The worker's jobs as admins look at them and decide about them: the same for pages, the API and the figures.
//!
//! What is decided is kept in the audit trail first, and then done: of what was not done the trail says too much rather than too
//! little.
//!
//! Not here: the jobs and their queue (`iescp-worker`), how they are shown (`pages/admin/jobs`, `api/admin/jobs`).

use crate::app::House;
use crate::problem::Problem;
use iescp_core::Error;
use iescp_core::moderation::jobs::GivenUp;
use iescp_worker::{DeadLetter, Desk, Ended, QueueError};
use uuid::Uuid;

/// The worker of this process.
///
/// # Errors
/// Not found, where there is none.
pub fn desk(house: &House) -> Result<&Desk, Error> {
    house.desk.as_ref().ok_or(Error::NotFound)
}

/// What the queue says, or that it failed.
///
/// # Errors
/// An internal problem.
pub fn told<T>(answer: Result<T, QueueError>) -> Result<T, Problem> {
    answer.map_err(Problem::internal)
}

/// A job that was given up.
///
/// # Errors
/// Not found, if there is no such one any more.
pub async fn given_up(desk: &Desk, id: Uuid) -> Result<DeadLetter, Problem> {
    told(desk.one_given_up(id).await)?.ok_or_else(|| Error::NotFound.into())
}

/// As the audit trail names it.
#[must_use]
pub fn named(job: &DeadLetter) -> GivenUp {
    GivenUp { id: job.id, key: job.key.clone() }
}

/// What kind of job it was: `letter`, and which.
#[must_use]
pub fn kind(job: &DeadLetter) -> String {
    let word = |value: Option<&serde_json::Value>| value.and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let (kind, letter) = (word(job.body.get("job")), word(job.body.pointer("/item/letter/kind")));
    let notice = word(job.body.pointer("/item/letter/notice"));
    [kind, letter, notice].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(": ").replace('_', " ")
}

/// Brings the worker's figures to the present, for who reads `/metrics`.
pub async fn count(desk: &Desk) {
    #[allow(clippy::cast_precision_loss, reason = "figures are read as floating-point numbers")]
    let gauge = |number: u64| number as f64;
    if let Ok(stock) = desk.stock().await {
        for (state, number) in [
            ("waiting", stock.waiting.saturating_sub(stock.later)),
            ("later", stock.later),
            ("running", stock.running),
            ("dead", stock.dead),
        ] {
            metrics::gauge!("jobs_in_queue", "state" => state).set(gauge(number));
        }
    }
    let counts = desk.counts();
    let kinds = [
        ("timers", counts.timers),
        ("export", counts.exports),
        ("reports", counts.reports),
        ("letter", counts.letters),
        ("chat", counts.chats),
        ("remind", counts.reminders),
        ("check", counts.checks),
        ("backup", counts.backups),
        ("unknown", counts.unknown),
    ];
    for (job, Ended { done, failed, dead }) in kinds {
        for (outcome, number) in [("done", done), ("failed", failed), ("dead", dead)] {
            metrics::counter!("jobs_total", "job" => job, "outcome" => outcome).absolute(number);
        }
    }
    metrics::counter!("reminded_total").absolute(counts.reminded);
    metrics::counter!("worker_restarts_total").absolute(counts.restarts);
    metrics::counter!("due_total", "outcome" => "done").absolute(counts.due_done);
    metrics::counter!("due_total", "outcome" => "failed").absolute(counts.due_failed);
    metrics::gauge!("outbox_unreadable").set(gauge(counts.unreadable));
    metrics::gauge!("store_wrong").set(gauge(counts.wrong));
    if let Some(at) = counts.backed_up_at {
        metrics::gauge!("backup_made_seconds").set(at.as_duration().as_secs_f64());
        metrics::gauge!("backup_bytes").set(gauge(counts.backup_bytes));
    }
    if let Some(at) = counts.checked_at {
        metrics::gauge!("store_checked_seconds").set(at.as_duration().as_secs_f64());
    }
}
