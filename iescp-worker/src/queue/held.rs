//! What a queue holds, on its way into another of either kind: jobs with their times and counts, dead letters with their reasons,
//! the names of those that are done, what was begun of what is regular.
//!
//! **Not here**: which of it belongs to a moment (`backup`), a copy of a whole file (`sqlite::copying`).

use super::{Queue, QueueError, Tables, ask, postgres, sqlite};

/// How many rows go over together.
const PAGE: u32 = 500;

/// A row on its way. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) id: String,
    pub(super) key: Option<String>,
    pub(super) job: Vec<u8>,
    /// How it stands where it goes; what runs is to wait there, for nobody has it.
    pub(super) status: String,
    /// How often it was taken.
    pub(super) attempts: i32,
    pub(super) run_at: i64,
    /// How it ended, as apalis writes that.
    pub(super) result: Option<String>,
    pub(super) done_at: Option<i64>,
}

impl Held {
    /// Whether only its name is of use.
    pub(super) fn is_done(&self) -> bool {
        self.status == "Done"
    }
}

/// A queue as it is at one moment.
pub(super) enum Moment {
    Sqlite(sqlite::Moment),
    Postgres(postgres::Moment),
}

impl Moment {
    /// Some of what the queue holds, after one of them; none when there is no more.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) async fn held(&mut self, after: Option<&Held>, limit: u32) -> Result<Vec<Held>, QueueError> {
        let after = after.map_or("", |held| held.id.as_str());
        match self {
            Self::Sqlite(moment) => moment.held(after, limit).await,
            Self::Postgres(moment) => moment.held(after, limit).await,
        }
    }
}

impl Queue {
    /// What the queue holds at one moment, while others work on it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) async fn moment(&self) -> Result<Moment, QueueError> {
        Ok(match &self.tables {
            Tables::Sqlite(tables) => Moment::Sqlite(tables.moment().await?),
            Tables::Postgres(tables) => Moment::Postgres(tables.moment().await?),
        })
    }

    /// Takes rows over, all of them or none. What is there already, by its name or its row, stays as it is: so it can be done again.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(super) async fn take_over(&self, held: &[Held]) -> Result<(), QueueError> {
        ask!(self, tables => tables.take_over(held).await)?;
        self.bell.ring();
        Ok(())
    }

    /// Takes over all that another queue holds at one moment, and what was begun there of what is regular. Others may work on that
    /// one, nobody on this; whoever is interrupted begins again. How many jobs are not done yet.
    ///
    /// # Errors
    /// If one of the two cannot be read or written.
    pub async fn bring(&self, from: &Self) -> Result<u64, QueueError> {
        for (name, begun) in ask!(from, tables => tables.periods().await)? {
            ask!(self, tables => tables.note_period(&name, begun).await)?;
        }
        let (mut moment, mut last, mut brought) = (from.moment().await?, None, 0);
        loop {
            let mut page = moment.held(last.as_ref(), PAGE).await?;
            self.take_over(&page).await?;
            brought += page.iter().filter(|held| !held.is_done()).count() as u64;
            match page.pop() {
                Some(held) => last = Some(held),
                None => return Ok(brought),
            }
        }
    }
}
