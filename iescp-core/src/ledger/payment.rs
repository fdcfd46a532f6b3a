//! A sponsor pays into a campaign. The payment is written down before the gateway is asked, and settled after, so that no
//! crash between the two takes money without counting it, or counts it twice.

use super::{Cause, For, LedgerAccount, ask_again, gateway::Collected, payments_into, transfer};
use crate::{
    Actor, Error, IdempotencyKey, Once, Operation, Platform, Result, Tx,
    campaign::{Campaign, CampaignState},
    event::thing,
    id::{AccountId, CampaignId},
    policy::{Action, Subject},
    settings::Funding,
    store::{
        Key,
        keys::{Table, due},
        record::{Derived, Record},
    },
    value::{Form, Money},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// How far a payment has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum PaymentState {
    /// The gateway has not answered.
    Pending,
    /// The money is in the campaign's budget.
    Settled,
    /// The gateway declined, or the campaign had ended when it answered.
    Declined {
        /// Why, as a sentence.
        why: String,
    },
}

/// A sponsor's payment into a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its id, which the gateway knows it by.
    pub id: Uuid,
    /// Into which campaign.
    pub campaign: CampaignId,
    /// By whom.
    pub sponsor: AccountId,
    /// How much.
    pub amount: Money,
    /// How far it has come.
    pub state: PaymentState,
    /// When it was begun.
    pub at: Timestamp,
    /// When the gateway is asked again, if it was asked and did not know.
    #[serde(default)]
    pub ask_again_at: Option<Timestamp>,
}

impl Payment {
    /// Where a payment is kept.
    #[must_use]
    pub fn at(id: Uuid) -> Key {
        Table::Payment.start().id(id).key()
    }
}

impl Record for Payment {
    const TABLE: Table = Table::Payment;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        derived.count(payments_into(self.campaign), 1);
        if self.state == PaymentState::Pending {
            derived.listed(due(self.ask_again_at.unwrap_or(self.at), "payment", self.id));
        }
    }
}

/// Begins a payment into a campaign. [`fund`] does all of it.
#[derive(Clone, Debug)]
pub struct FundCampaign {
    /// Into which campaign.
    pub campaign: CampaignId,
    /// How much, in minor units.
    pub amount: i64,
}

impl Operation for FundCampaign {
    type Output = Payment;
    const ACTION: Action = Action::FundCampaign;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Payment> {
        let campaign = Campaign::fetch_seen(tx, self.campaign).await?;
        if tx.settings().funding == Funding::Planned {
            return Err(Error::not_now("planned", "Budgets are planned figures here; nothing is paid in."));
        }
        let mut form = Form::default();
        let amount = form.money("amount", self.amount, 1);
        form.finish()?;
        require_open(&campaign)?;
        let payment = Payment {
            id: tx.new_id(),
            campaign: campaign.id,
            sponsor: campaign.sponsor,
            amount,
            state: PaymentState::Pending,
            at: tx.now(),
            ask_again_at: None,
        };
        tx.put(&payment)?;
        tx.happened([thing("campaign", campaign.id), thing("payment", payment.id)], json!({ "amount": amount }));
        Ok(payment)
    }
}

fn require_open(campaign: &Campaign) -> Result<()> {
    match campaign.state {
        CampaignState::Draft | CampaignState::Active | CampaignState::Paused => Ok(()),
        _ => Err(Error::not_now("campaign_ended", "This campaign has ended; it takes no more money.")),
    }
}

/// Notes what the gateway says of a payment, and counts the money it has collected; if the campaign ended meanwhile, the money
/// goes back.
#[derive(Clone, Debug)]
pub struct SettlePayment {
    /// Which payment.
    pub payment: Uuid,
    /// What became of it.
    pub collected: Collected,
}

impl Operation for SettlePayment {
    type Output = Payment;
    const ACTION: Action = Action::SettlePayment;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Payment> {
        tx.allow(&Subject::PLATFORM)?;
        let mut payment: Payment = tx.fetch_at(Payment::at(self.payment)).await?;
        if payment.state != PaymentState::Pending {
            return Ok(payment);
        }
        payment.state = match &self.collected {
            Collected::Pending => {
                payment.ask_again_at = Some(ask_again(payment.at, tx.now()));
                tx.put(&payment)?;
                tx.quietly();
                return Ok(payment);
            }
            Collected::Declined(why) => PaymentState::Declined { why: why.clone() },
            Collected::Settled => {
                count_in(tx, &payment).await?;
                PaymentState::Settled
            }
        };
        tx.put(&payment)?;
        let about = [thing("campaign", payment.campaign), thing("payment", payment.id)];
        tx.happened(about, json!({ "amount": payment.amount, "state": &payment.state }));
        tx.heard_by(payment.sponsor);
        Ok(payment)
    }
}

async fn count_in(tx: &mut Tx<'_>, payment: &Payment) -> Result<()> {
    let campaign: Campaign = tx.fetch_at(Campaign::at(payment.campaign)).await?;
    let whose = For { campaign: Some(campaign.id), sponsor: Some(payment.sponsor), ..For::default() };
    let budget = LedgerAccount::Budget(campaign.id);
    transfer(tx, LedgerAccount::Outside, budget, payment.amount, Cause::Funded, whose)?;
    if require_open(&campaign).is_err() {
        transfer(tx, budget, LedgerAccount::Outside, payment.amount, Cause::Refunded, whose)?;
    }
    Ok(())
}

/// Pays into a campaign: begins a payment, asks the gateway, counts what it collected. With the same key it is one payment.
///
/// # Errors
/// As [`FundCampaign`]; also when the gateway declines.
pub async fn fund(platform: &Platform, actor: &Actor, key: Option<IdempotencyKey>, order: FundCampaign) -> Result<Once<Payment>> {
    let begun = platform.run_once(actor, key, order).await?;
    let payment = collect(platform, begun.output.id, begun.output.amount).await?;
    match &payment.state {
        PaymentState::Declined { why } => Err(Error::not_now("declined", why.clone())),
        _ => Ok(Once { output: payment, replayed: begun.replayed }),
    }
}

/// Asks again about a payment that a crash or the gateway left pending: the worker's.
///
/// # Errors
/// If the store fails.
pub async fn collect_pending(platform: &Platform, payment: Uuid) -> Result<()> {
    let pending = platform.run(&Actor::system("payments"), SettlePayment { payment, collected: Collected::Pending }).await?;
    match pending.state {
        PaymentState::Pending => collect(platform, payment, pending.amount).await.map(drop),
        _ => Ok(()),
    }
}

/// Asks the gateway what became of a payment, and notes it. One that does not answer is asked again later.
async fn collect(platform: &Platform, payment: Uuid, amount: Money) -> Result<Payment> {
    let collected = platform.gateway().collect(payment, amount).await.unwrap_or_else(|error| {
        tracing::warn!(%payment, %error, "the gateway did not answer");
        Collected::Pending
    });
    platform.run(&Actor::system("payments"), SettlePayment { payment, collected }).await
}
