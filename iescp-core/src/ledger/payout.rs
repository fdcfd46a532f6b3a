//! An influencer withdraws. The money leaves the earnings when they ask, and comes back if the gateway fails.

use super::{Cause, For, LedgerAccount, ask_again, gateway::PaidOut, transfer};
use crate::{
    Actor, Error, Operation, Page, PageRequest, Platform, Result, Tx,
    account::{Account, AccountState},
    event::thing,
    id::{AccountId, PayoutId},
    notification::Notice,
    policy::{Action, Subject},
    settings::Funding,
    store::{
        Key,
        keys::{Table, due, list},
        record::{Derived, Record},
    },
    value::{Form, Money},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How far a payout has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum PayoutState {
    /// The gateway has not confirmed it.
    Pending,
    /// It is on its way.
    Sent,
    /// It failed; the money is back in the earnings.
    Failed {
        /// Why, as a sentence.
        why: String,
    },
}

/// An influencer's withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Its id, which the gateway knows it by.
    pub id: PayoutId,
    /// Whose.
    pub influencer: AccountId,
    /// How much.
    pub amount: Money,
    /// How far it has come.
    pub state: PayoutState,
    /// When it was asked for.
    pub at: Timestamp,
    /// When it was sent or failed.
    #[serde(default)]
    pub settled_at: Option<Timestamp>,
    /// When the gateway is asked again, if it was asked and did not know, or the payout is frozen.
    #[serde(default)]
    pub ask_again_at: Option<Timestamp>,
}

impl Payout {
    /// Where a payout is kept.
    #[must_use]
    pub fn at(id: PayoutId) -> Key {
        Table::Payout.start().id(id).key()
    }

    fn whose(&self) -> For {
        For { payout: Some(self.id), influencer: Some(self.influencer), ..For::default() }
    }
}

impl Record for Payout {
    const TABLE: Table = Table::Payout;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.listed(list("payouts-of").id(self.influencer).id(self.id).key());
        if self.state == PayoutState::Pending {
            derived.listed(due(self.ask_again_at.unwrap_or(self.at), "payout", self.id));
        }
    }
}

/// Asks for a payout from one's earnings.
#[derive(Clone, Debug)]
pub struct RequestPayout {
    /// How much, in minor units.
    pub amount: i64,
}

impl Operation for RequestPayout {
    type Output = Payout;
    const ACTION: Action = Action::RequestPayout;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Payout> {
        tx.allow(&Subject::PLATFORM)?;
        let influencer = tx.my_id()?;
        let mut form = Form::default();
        let amount = form.money("amount", self.amount, 1);
        form.finish()?;
        let (id, at, state) = (tx.new_id(), tx.now(), PayoutState::Pending);
        let payout = Payout { id, influencer, amount, state, at, settled_at: None, ask_again_at: None };
        let (earnings, waiting) = (LedgerAccount::Earnings(influencer), LedgerAccount::Payout(influencer));
        let there = Money(tx.counter(earnings.balance()).await?);
        let why = format!("You can withdraw at most {}.", there.show(tx.settings().currency));
        tx.on_guard(earnings.balance(), Error::not_now("insufficient_earnings", why));
        transfer(tx, earnings, waiting, amount, Cause::Withdrawn, payout.whose())?;
        tx.put(&payout)?;
        tx.happened([thing("payout", payout.id)], json!({ "amount": amount }));
        Ok(payout)
    }
}

/// Notes what the gateway says of a payout.
#[derive(Clone, Debug)]
pub struct SettlePayout {
    /// Which payout.
    pub payout: PayoutId,
    /// What became of it.
    pub paid_out: PaidOut,
}

impl Operation for SettlePayout {
    type Output = Payout;
    const ACTION: Action = Action::SettlePayout;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Payout> {
        tx.allow(&Subject::PLATFORM)?;
        let mut payout: Payout = tx.fetch_at(Payout::at(self.payout)).await?;
        if payout.state != PayoutState::Pending {
            return Ok(payout);
        }
        let waiting = LedgerAccount::Payout(payout.influencer);
        let notice = match &self.paid_out {
            PaidOut::Pending => {
                payout.ask_again_at = Some(ask_again(payout.at, tx.now()));
                tx.put(&payout)?;
                tx.quietly();
                return Ok(payout);
            }
            PaidOut::Sent => {
                let planned = tx.settings().funding == Funding::Planned;
                let world = if planned { LedgerAccount::External } else { LedgerAccount::Outside };
                transfer(tx, waiting, world, payout.amount, Cause::PaidOut, payout.whose())?;
                payout.state = PayoutState::Sent;
                Notice::PayoutSent
            }
            PaidOut::Failed(why) => {
                let earnings = LedgerAccount::Earnings(payout.influencer);
                transfer(tx, waiting, earnings, payout.amount, Cause::PayoutFailed, payout.whose())?;
                payout.state = PayoutState::Failed { why: why.clone() };
                Notice::PayoutFailed
            }
        };
        payout.settled_at = Some(tx.now());
        tx.put(&payout)?;
        tx.happened([thing("payout", payout.id)], json!({ "amount": payout.amount, "state": &payout.state }));
        tx.tell(payout.influencer, notice, thing("payout", payout.id), json!({ "amount": payout.amount }));
        Ok(payout)
    }
}

/// Asks the gateway to send a payout, and notes what it says: the worker's. Payouts of a suspended account are frozen. A gateway
/// that does not answer is asked again later.
///
/// # Errors
/// If the store fails.
pub async fn pay_out(platform: &Platform, payout: PayoutId) -> Result<()> {
    let system = Actor::system("payouts");
    let Some(payout) = platform.run(&system, NextPayout { payout }).await? else { return Ok(()) };
    let paid_out = platform.gateway().pay_out(payout.id, payout.amount).await.unwrap_or_else(|error| {
        tracing::warn!(payout = %payout.id, %error, "the gateway did not answer");
        PaidOut::Pending
    });
    platform.run(&system, SettlePayout { payout: payout.id, paid_out }).await.map(drop)
}

/// A payout that may be sent now.
#[derive(Clone, Debug)]
struct NextPayout {
    payout: PayoutId,
}

impl Operation for NextPayout {
    type Output = Option<Payout>;
    const ACTION: Action = Action::SettlePayout;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Payout>> {
        tx.allow(&Subject::PLATFORM)?;
        let payout: Payout = tx.fetch_at(Payout::at(self.payout)).await?;
        let owner: Account = tx.fetch_at(Account::at(payout.influencer)).await?;
        if payout.state != PayoutState::Pending {
            return Ok(None);
        }
        if owner.state != AccountState::Active {
            let ask_again_at = Some(ask_again(payout.at, tx.now()));
            tx.put(&Payout { ask_again_at, ..payout })?;
            tx.quietly();
            return Ok(None);
        }
        Ok(Some(payout))
    }
}

/// One's payouts, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListPayouts {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListPayouts {
    type Output = Page<Payout>;
    const ACTION: Action = Action::ListPayouts;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<Payout>> {
        tx.allow(&Subject::PLATFORM)?;
        let me = tx.my_id()?;
        tx.page_of(list("payouts-of").id(me), &self.page, |id| Payout::at(id.into())).await
    }
}
