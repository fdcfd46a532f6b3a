//! Blocks: who wants to hear nothing from whom. Between two of whom one blocks the other there are no messages, invitations or
//! applications.

use crate::{
    Error, Operation, Page, PageRequest, Result,
    account::{Account, Named, name_of, named},
    event::thing,
    id::AccountId,
    message::{Pair, Thread},
    policy::{Action, SeenBy, Subject},
    store::{Key, keys::Table, record::Record},
    tx::Tx,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Somebody wants to hear nothing from somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Who wants so.
    pub by: AccountId,
    /// From whom.
    pub whom: AccountId,
    /// Since when.
    pub at: Timestamp,
}

impl Block {
    /// Where a block is kept. One that was lifted is not kept.
    #[must_use]
    pub fn at(by: AccountId, whom: AccountId) -> Key {
        Table::Block.start().id(by).id(whom).key()
    }
}

impl Record for Block {
    const TABLE: Table = Table::Block;

    fn key(&self) -> Key {
        Self::at(self.by, self.whom)
    }
}

/// Refuses if one of the two has blocked the other. It holds until the run lands: a block that comes meanwhile counts.
///
/// # Errors
/// [`Error::NotNow`] with code `blocked`; the sentence is for `me`.
pub async fn require_not_blocked(tx: &mut Tx<'_>, me: AccountId, other: AccountId) -> Result<()> {
    let (mine, theirs) = (Block::at(me, other), Block::at(other, me));
    tx.load(&[mine.clone(), theirs.clone()]).await?;
    if tx.get_at::<Block>(mine).await?.is_some() {
        return Err(Error::not_now("blocked", "You have blocked this account. Unblock it first."));
    }
    if tx.get_at::<Block>(theirs).await?.is_some() {
        return Err(Error::not_now("blocked", "This account does not want to be reached by you."));
    }
    Ok(())
}

/// Blocks somebody. Blocking twice changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockAccount {
    /// Whom.
    pub account: AccountId,
}

impl Operation for BlockAccount {
    type Output = Named<Block>;
    const ACTION: Action = Action::BlockAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Named<Block>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.me()?.clone();
        if me.id == self.account {
            return Err(Error::invalid("account", "oneself", "You cannot block yourself."));
        }
        if let Some(block) = tx.get_at::<Block>(Block::at(me.id, self.account)).await? {
            return Ok(Named { name: name_of(tx, block.whom).await?, of: block });
        }
        let other: Account = tx.peek_at(Account::at(self.account)).await?.ok_or(Error::NotFound)?;
        let thread = match Pair::of(&me, &other) {
            Some(pair) => tx.peek_at::<Thread>(Thread::at(pair)).await?,
            None => None,
        };
        if other.profile_subject().seen_by != SeenBy::Everyone && thread.is_none() {
            return Err(Error::NotFound);
        }
        let block = Block { by: me.id, whom: other.id, at: tx.now() };
        tx.put(&block)?;
        tx.happened([thing("account", other.id)], json!({}));
        Ok(Named { name: name_of(tx, other.id).await?, of: block })
    }
}

/// Lifts a block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnblockAccount {
    /// Whose.
    pub account: AccountId,
}

impl Operation for UnblockAccount {
    type Output = ();
    const ACTION: Action = Action::UnblockAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let block: Block = tx.fetch_at(Block::at(tx.my_id()?, self.account)).await?;
        tx.remove(&block)?;
        tx.happened([thing("account", block.whom)], json!({}));
        Ok(())
    }
}

/// Lists whom one has blocked.
#[derive(Clone, Debug, Default)]
pub struct ListBlocks {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListBlocks {
    type Output = Page<Named<Block>>;
    const ACTION: Action = Action::ListBlocks;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<Named<Block>>> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let page = tx.page_of_rows(Table::Block.start().id(me), &self.page).await?;
        Ok(Page { items: named(tx, page.items, |block: &Block| block.whom).await?, next: page.next })
    }
}
