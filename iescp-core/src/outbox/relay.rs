//! Handing letters over: reading the outbox in its order, and taking out what a queue has.

use super::{OutboxItem, Waiting};
use crate::{
    Operation, Result, Tx,
    policy::{Action, Subject},
    store::{Key, keys::Table, record::decode},
};

/// How many letters are listed or removed at once.
const AT_ONCE: usize = 500;

/// Letters that wait, those of the oldest event first: the relay's. At most 500 at a time.
#[derive(Clone, Copy, Debug)]
pub struct ListOutbox {
    /// How many at most.
    pub limit: usize,
    /// Only those behind this place.
    pub after: Option<Waiting>,
}

/// Letters that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxPage {
    /// Those that can be read.
    pub letters: Vec<OutboxItem>,
    /// Places whose letter this program cannot read: damaged, or written by a newer one. They stay where they are.
    pub unreadable: Vec<Waiting>,
    /// The last place that was looked at, if there may be more behind it.
    pub next: Option<Waiting>,
}

impl Operation for ListOutbox {
    type Output = OutboxPage;
    const ACTION: Action = Action::ListOutbox;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OutboxPage> {
        tx.allow(&Subject::PLATFORM)?;
        let mut scan = Table::Outbox.all();
        scan.limit = self.limit.clamp(1, AT_ONCE);
        if let Some(after) = self.after {
            scan.from = Key([OutboxItem::at(after).0, vec![0]].concat());
        }
        let limit = scan.limit;
        let found = tx.scan(scan).await?;
        let mut page = OutboxPage::default();
        if found.len() == limit {
            page.next = found.last().and_then(|(key, _)| Waiting::parse(key));
        }
        for (key, stored) in found {
            match (decode::<OutboxItem>(&stored.bytes), Waiting::parse(&key)) {
                (Ok(item), _) => page.letters.push(item),
                (Err(_), Some(place)) => page.unreadable.push(place),
                (Err(_), None) => {}
            }
        }
        Ok(page)
    }
}

/// Takes letters out of the outbox that a queue has taken over: the relay's. At most 500 at a time; those that are gone already
/// are passed over.
#[derive(Clone, Debug)]
pub struct RemoveFromOutbox {
    /// Where they are.
    pub letters: Vec<Waiting>,
}

impl Operation for RemoveFromOutbox {
    type Output = ();
    const ACTION: Action = Action::RelayOutbox;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let places = self.letters.iter().take(AT_ONCE);
        let keys: Vec<Key> = places.map(|place| OutboxItem::at(*place)).collect();
        tx.load(&keys).await?;
        for key in keys {
            if let Some(item) = tx.peek_at::<OutboxItem>(key).await? {
                tx.remove(&item)?;
            }
        }
        Ok(())
    }
}
