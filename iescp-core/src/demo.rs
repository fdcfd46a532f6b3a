//! That everything in a store is made up: a mark that whoever fills a store with a demonstration sets before and after, so that
//! made-up people never get among real ones, and everybody can be told.
//!
//! **Not here**: what is made up (the command that does it).

use crate::{
    Error, Operation, Result, Tx,
    event::thing,
    policy::{Action, Subject},
    store::{
        Key,
        keys::{Table, meta},
        record::Record,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// That a store holds a demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// What it was made from: the same seed makes the same market.
    pub seed: u64,
    /// When filling began, by the clock of the one who filled.
    pub begun_at: Timestamp,
    /// When it was done; nothing if filling broke off.
    pub finished_at: Option<Timestamp>,
}

impl Demo {
    pub(crate) fn at() -> Key {
        meta("demo")
    }
}

impl Record for Demo {
    const TABLE: Table = Table::Meta;

    fn key(&self) -> Key {
        Self::at()
    }
}

/// Says that a store is about to be filled with a demonstration. Only one in which there is no account.
#[derive(Clone, Copy, Debug)]
pub struct BeginDemo {
    /// What the demonstration is made from.
    pub seed: u64,
}

impl Operation for BeginDemo {
    type Output = ();
    const ACTION: Action = Action::BeginDemo;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut accounts = Table::Account.all();
        accounts.limit = 1;
        if tx.get_at::<Demo>(Demo::at()).await?.is_some() || !tx.scan(accounts).await?.is_empty() {
            return Err(Error::not_now("not_empty", "Only an empty store can be filled with a demonstration."));
        }
        tx.put(&Demo { seed: self.seed, begun_at: tx.now(), finished_at: None })?;
        tx.happened([thing("store", Uuid::nil())], json!({ "demo": "begun" }));
        Ok(())
    }
}

/// Says that the demonstration is all there.
#[derive(Clone, Copy, Debug)]
pub struct FinishDemo;

impl Operation for FinishDemo {
    type Output = ();
    const ACTION: Action = Action::FinishDemo;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut demo: Demo = tx.fetch_at(Demo::at()).await?;
        demo.finished_at = Some(tx.now());
        tx.put(&demo)?;
        tx.happened([thing("store", Uuid::nil())], json!({ "demo": "finished" }));
        Ok(())
    }
}

/// Whether the store holds a demonstration.
#[derive(Clone, Copy, Debug)]
pub struct ViewDemo;

impl Operation for ViewDemo {
    type Output = Option<Demo>;
    const ACTION: Action = Action::ViewDemo;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Demo>> {
        tx.allow(&Subject::PLATFORM)?;
        tx.peek_at(Demo::at()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, fixture::Market, fixture::code};

    #[tokio::test]
    async fn only_a_store_without_accounts_becomes_a_demonstration_and_only_once() {
        let market = Market::open();
        let terminal = Actor::terminal();
        let refused = market.platform.run(&Actor::visitor(), BeginDemo { seed: 1 }).await;
        assert_eq!(code(refused), "signed_out");
        market.platform.run(&terminal, BeginDemo { seed: 7 }).await.unwrap();
        let seen = market.platform.run(&Actor::visitor(), ViewDemo).await.unwrap().unwrap();
        assert_eq!((seen.seed, seen.finished_at), (7, None));
        market.platform.run(&terminal, FinishDemo).await.unwrap();
        assert!(market.platform.run(&terminal, ViewDemo).await.unwrap().unwrap().finished_at.is_some());
        assert_eq!(code(market.platform.run(&terminal, BeginDemo { seed: 7 }).await), "not_empty");

        let real = Market::open();
        real.influencer().await;
        assert_eq!(code(real.platform.run(&terminal, BeginDemo { seed: 7 }).await), "not_empty");
        assert_eq!(real.platform.run(&terminal, ViewDemo).await.unwrap(), None);
    }
}
