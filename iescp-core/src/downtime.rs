//! Times when the platform itself was down: nobody loses a review to them.

use crate::{
    Operation, Result, Tx,
    policy::{Action, Subject},
    store::{
        Key,
        keys::{Table, meta},
        record::Record,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The platform says each minute that it is up; a silence longer than this was downtime.
const SILENCE: SignedDuration = SignedDuration::from_mins(10);

/// When the platform was last up, and when it was last down for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downtime {
    /// When it last said that it was up.
    pub up_at: Timestamp,
    /// When the last long downtime began.
    pub since: Timestamp,
    /// When that ended; the same moment if there was none.
    pub until: Timestamp,
}

impl Downtime {
    /// Where it is kept.
    #[must_use]
    pub fn at() -> Key {
        meta("downtime")
    }
}

impl Record for Downtime {
    const TABLE: Table = Table::Meta;

    fn key(&self) -> Key {
        Self::at()
    }
}

/// Says that the platform is up: the worker's, each minute, before anything else that is due.
#[derive(Clone, Copy, Debug, Default)]
pub struct SayUp;

impl Operation for SayUp {
    type Output = ();
    const ACTION: Action = Action::SayUp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let now = tx.now();
        let before: Option<Downtime> = tx.get_at(Downtime::at()).await?;
        let downtime = match before {
            None => Downtime { up_at: now, since: now, until: now },
            Some(before) if now.duration_since(before.up_at) > SILENCE => {
                Downtime { up_at: now, since: before.up_at, until: now }
            }
            Some(before) => Downtime { up_at: now, ..before },
        };
        tx.put(&downtime)
    }
}
