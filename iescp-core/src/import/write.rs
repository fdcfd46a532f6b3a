//! Writing a plan: the mark, the rows in batches, the threads, the mark again. What breaks off is continued by planning and
//! writing once more: each row lands whole, and what is there already is left alone.

use super::{
    Imports,
    marks::BeginImport,
    plan::{Plan, Unit},
};
use crate::{
    Actor, Error, Operation, Platform, Result, Tx,
    account::FirstAdmin,
    event::thing,
    id::AccountId,
    message::{Message, Thread},
    policy::{Action, Subject},
};
use serde_json::json;
use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};
use uuid::Uuid;

/// What one batch holds at most, of what a store takes: the rest is left for counters and what the platform adds.
const BATCH: usize = 900 * 1024;
/// How many batches are with the store while the next is prepared.
const AHEAD: usize = 2;
/// How many threads are brought up to their last message at once.
const THREADS: usize = 200;

impl Plan {
    /// Writes it all, and tells how many rows are there.
    ///
    /// # Errors
    /// If the actor may not, the store fails, or another source was left unfinished. What was written until then stays, and is
    /// completed by planning and writing again.
    pub async fn write(&self, platform: &Platform, actor: &Actor, progress: &mut (dyn FnMut(u64) + Send)) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let begin = BeginImport { source: &self.source, rows: self.len(), marks: &self.marks };
        platform.run(actor, begin).await?;
        let (mut written, mut ahead, mut left) = (0, VecDeque::new(), self.units.as_slice());
        while !left.is_empty() || !ahead.is_empty() {
            let (units, after) = left.split_at(a_batch(left)?);
            left = after;
            if !units.is_empty() {
                let mut writing = Writing::of(platform.run(actor, WriteRows { units }));
                writing.hand_over().await;
                ahead.push_back((units.len() as u64, writing));
            }
            if (left.is_empty() || ahead.len() > AHEAD)
                && let Some((rows, writing)) = ahead.pop_front()
            {
                writing.landed().await?;
                written += rows;
                progress(written);
            }
        }
        for last in self.threads.chunks(THREADS) {
            platform.run(actor, WriteThreads { last }).await?;
        }
        platform.run(actor, FinishImport { plan: self }).await
    }
}

/// A batch on its way. The store lands what it is handed in that order, so that a row is never there before those it rests on.
struct Writing<'a> {
    running: Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>,
    ended: Option<Result<()>>,
}

impl<'a> Writing<'a> {
    fn of(running: impl Future<Output = Result<()>> + Send + 'a) -> Self {
        Self { running: Box::pin(running), ended: None }
    }

    /// Prepares it and hands it to the store, without waiting for the disk.
    async fn hand_over(&mut self) {
        poll_fn(|cx| {
            let _kept_for_landed = self.poll(cx);
            Poll::Ready(())
        })
        .await;
    }

    async fn landed(mut self) -> Result<()> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if self.ended.is_none()
            && let Poll::Ready(ended) = self.running.as_mut().poll(cx)
        {
            self.ended = Some(ended);
        }
        self.ended.clone().map_or(Poll::Pending, Poll::Ready)
    }
}

/// How many units, from the first, fit into a batch; one does in any case.
fn a_batch(units: &[Unit]) -> Result<usize> {
    let mut weight = 0;
    for (at, unit) in units.iter().enumerate() {
        weight += unit.weight()?;
        if at > 0 && weight > BATCH {
            return Ok(at);
        }
    }
    Ok(units.len())
}

/// Writes the records of some rows.
struct WriteRows<'a> {
    units: &'a [Unit],
}

impl Operation for WriteRows<'_> {
    type Output = ();
    const ACTION: Action = Action::WriteImport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        for record in self.units.iter().flat_map(|unit| &unit.0) {
            record.put(tx)?;
        }
        Ok(())
    }
}

/// Brings threads up to the last message that was brought over.
struct WriteThreads<'a> {
    last: &'a [Message],
}

impl Operation for WriteThreads<'_> {
    type Output = ();
    const ACTION: Action = Action::WriteImport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let keys: Vec<_> = self.last.iter().map(|message| Thread::at(message.pair)).collect();
        tx.load(&keys).await?;
        for message in self.last {
            let earlier: Option<Thread> = tx.get_at(Thread::at(message.pair)).await?;
            // What was said here since comes after all that was brought over.
            if earlier.as_ref().is_none_or(|earlier| earlier.last < message.id) {
                let after = Thread::after(earlier.clone(), message);
                let sides = earlier.map(|earlier| (earlier.sponsor_side, earlier.influencer_side)).unwrap_or_default();
                tx.put(&Thread { sponsor_side: sides.0, influencer_side: sides.1, ..after })?;
            }
        }
        Ok(())
    }
}

/// Says that everything is there; the one entry in the audit trail.
struct FinishImport<'a> {
    plan: &'a Plan,
}

impl Operation for FinishImport<'_> {
    type Output = ();
    const ACTION: Action = Action::FinishImport;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut imports: Imports = tx.fetch_at(Imports::at()).await?;
        let Some(import) = imports.sources.get_mut(&self.plan.source) else { return Err(Error::NotFound) };
        import.finished_at = Some(tx.now());
        tx.put(&imports)?;
        if let Some(admin) = self.plan.first_admin {
            make_first(tx, admin).await?;
        }
        let tables = self.plan.report.tables.iter().map(|table| {
            let counts = json!({
                "brought_over": table.brought_over, "changed": table.changed, "refused": table.refused, "unchanged": table.unchanged,
            });
            (table.table.clone(), counts)
        });
        tx.happened(
            [thing("store", Uuid::nil())],
            json!({ "source": self.plan.source, "tables": tables.collect::<serde_json::Map<_, _>>() }),
        );
        Ok(())
    }
}

/// The first administrator who was brought over counts as the first of all, if there is none.
async fn make_first(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let there: Option<FirstAdmin> = tx.get_at(FirstAdmin::at()).await?;
    if there.is_none() {
        tx.put(&FirstAdmin { account })?;
    }
    Ok(())
}

#[cfg(test)]
impl Plan {
    /// Writes as if the process ended after so many rows. Answers whether there were more.
    pub(super) async fn write_some(&self, platform: &Platform, actor: &Actor, rows: usize) -> Result<bool> {
        platform.run(actor, BeginImport { source: &self.source, rows: self.len(), marks: &self.marks }).await?;
        let some = rows.min(self.units.len());
        for unit in self.units.get(..some).unwrap_or_default() {
            platform.run(actor, WriteRows { units: std::slice::from_ref(unit) }).await?;
        }
        Ok(some < self.units.len())
    }
}
