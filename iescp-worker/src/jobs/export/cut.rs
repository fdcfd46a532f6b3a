//! The rows of an export, true of one moment, in memory that does not grow with them.
//!
//! What is only ever added to is read from its beginning up to a window that was read first, in one read: the moment is that of
//! this read. What changes is read in pages that know what they rest on. Then in rounds: what is new is added, pages that no
//! longer hold are made anew. When a round finds nothing, all of it was true when the round began.

use super::{Telling, sheet, spool::Spool, window};
use crate::{House, files::Draft, stop::Stop};
use iescp_core::{
    Actor, Error, Platform,
    export::{Cell, Export, ListExportIds, Span, ViewExportRows},
};
use jiff::Timestamp;
use std::{fmt, io, time::Duration};
use uuid::Uuid;

/// How many rows are made at once of what never changes.
const LONG_PAGE: usize = 20;

/// How many rows are made at once of what changes: a page is the least that can be made anew.
const PAGE: usize = 50;

/// How often is looked whether everything holds, before it is given up.
const ROUNDS: usize = 20;

/// A rest after each page: whoever else asks the store comes first.
const REST: Duration = Duration::from_millis(1);

/// Takes rows in their order.
pub(super) trait Sink: Send {
    /// Takes some.
    fn take(&mut self, rows: &[Vec<Cell>]) -> io::Result<()>;
}

/// Why an export was not made.
#[derive(Debug)]
pub(super) enum Unmade {
    /// The core refused.
    Core(Error),
    /// The disk did.
    Disk(io::Error),
    /// The worker is to end.
    Stopping,
    /// Trying again at once would not help; a sentence for who asked.
    Never(String),
}

impl fmt::Display for Unmade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => write!(f, "{error:?}"),
            Self::Disk(error) => error.fmt(f),
            Self::Stopping => f.write_str("the worker stops"),
            Self::Never(why) => f.write_str(why),
        }
    }
}

impl From<Error> for Unmade {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<io::Error> for Unmade {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// The rows of one export.
pub(super) struct Cut<'a> {
    platform: &'a Platform,
    stop: &'a Stop,
    export: &'a Export,
    actor: Actor,
    /// The moment the reading began.
    begun: Timestamp,
}

impl<'a> Cut<'a> {
    pub fn of(house: &'a House, export: &'a Export) -> Self {
        let begun = house.platform.clock().now();
        Self { platform: &house.platform, stop: &house.stop, export, actor: Actor::system(super::NAME), begun }
    }

    /// Reads what is only ever added to: how many rows there are, and the moment.
    pub async fn append_only(&self, sink: &mut impl Sink, telling: &mut Telling<'_>) -> Result<(u64, Timestamp), Unmade> {
        sink.take(&[])?;
        let window = self.ids(Span::Since(window(self.begun))).await?;
        let mut after = None;
        let mut rows = 0;
        loop {
            let ids = self.before(after).await?;
            if ids.is_empty() {
                break;
            }
            after = ids.last().copied();
            rows += self.pages(&ids, sink, telling, rows).await?;
        }
        rows += self.pages(&window, sink, telling, rows).await?;
        Ok((rows, self.begun))
    }

    async fn pages(&self, ids: &[Uuid], sink: &mut impl Sink, telling: &mut Telling<'_>, before: u64) -> Result<u64, Unmade> {
        let mut rows = 0;
        for some in ids.chunks(LONG_PAGE) {
            let made = self.platform.run(&self.actor, self.rows(some)).await?;
            rows += made.len() as u64;
            sink.take(&made)?;
            self.rest().await?;
            telling.rows(before + rows).await?;
        }
        Ok(rows)
    }

    /// Reads what changes: how many rows there are, and the moment.
    pub async fn settled(&self, spool: &Draft, draft: &Draft, telling: &mut Telling<'_>) -> Result<(u64, Timestamp), Unmade> {
        let since = window(self.begun);
        let mut spool = Spool::new(&spool.file, sheet::head(self.export.kind)?);
        let mut after = None;
        loop {
            let ids = self.before(after).await?;
            if ids.is_empty() {
                break;
            }
            after = ids.last().copied();
            self.add(&mut spool, &ids, telling).await?;
        }
        // What is in the window is known by its ids: new ones may lie between those that are known.
        let mut known = Vec::new();
        for _ in 0..ROUNDS {
            let moment = self.platform.clock().now();
            let new: Vec<Uuid> =
                self.ids(Span::Since(since)).await?.into_iter().filter(|id| known.binary_search(id).is_err()).collect();
            let mut changed = !new.is_empty();
            self.add(&mut spool, &new, telling).await?;
            known.extend(new);
            known.sort_unstable();
            for at in 0..spool.pages() {
                let Some((ids, basis)) = spool.page(at) else { break };
                if !self.platform.holds(basis).await? {
                    changed = true;
                    let ids = ids.to_vec();
                    self.make(&mut spool, Some(at), ids).await?;
                    telling.rows(spool.rows()).await?;
                }
            }
            if !changed {
                return Ok((spool.copy_to(&draft.file)?, moment));
            }
        }
        Err(Unmade::Never(
            "So much is changing at the moment that no file could be made that is true of one moment. Please try again later."
                .to_owned(),
        ))
    }

    async fn add(&self, spool: &mut Spool<'_>, ids: &[Uuid], telling: &mut Telling<'_>) -> Result<(), Unmade> {
        for some in ids.chunks(PAGE) {
            self.make(spool, None, some.to_vec()).await?;
            telling.rows(spool.rows()).await?;
        }
        Ok(())
    }

    async fn make(&self, spool: &mut Spool<'_>, at: Option<usize>, ids: Vec<Uuid>) -> Result<(), Unmade> {
        let mut basis = self.platform.basis();
        let rows = self.platform.run_on(&mut basis, &self.actor, self.rows(&ids)).await?;
        let lines = sheet::lines(&rows, self.platform.settings().currency)?;
        spool.put(at, ids, basis, &lines, rows.len() as u64)?;
        self.rest().await
    }

    async fn before(&self, after: Option<Uuid>) -> Result<Vec<Uuid>, Unmade> {
        self.ids(Span::Before { end: window(self.begun), after }).await
    }

    async fn ids(&self, span: Span) -> Result<Vec<Uuid>, Unmade> {
        let ids = ListExportIds { owner: self.export.owner, kind: self.export.kind, span };
        Ok(self.platform.run(&self.actor, ids).await?)
    }

    fn rows(&self, ids: &[Uuid]) -> ViewExportRows {
        ViewExportRows { owner: self.export.owner, kind: self.export.kind, ids: ids.to_vec(), at: self.begun }
    }

    /// Lets others come first, and ends when the worker is to.
    async fn rest(&self) -> Result<(), Unmade> {
        if self.stop.unless_begun(tokio::time::sleep(REST)).await { Ok(()) } else { Err(Unmade::Stopping) }
    }
}
