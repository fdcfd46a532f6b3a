//! Money: an append-only double-entry ledger in integer minor units of one currency.
//!
//! A [`Transfer`] moves an amount from one [`LedgerAccount`] to another, for a [`Cause`]; it is never edited or deleted.
//! Balances are derived from transfers and guarded: no account but *outside* and *external* can fall below zero, and a
//! campaign's *room* (budget less what is committed) neither, whoever runs at the same time.
//!
//! **Not here**: when money moves; that stands with the campaign and the collaboration. What moves it in the world: [`gateway`].

pub mod gateway;
pub mod invariants;
mod operations;
mod payment;
mod payout;

pub use operations::{Balances, Remaining, ViewBalances, ViewLedger, remaining};
pub use payment::{FundCampaign, Payment, PaymentState, SettlePayment, collect_pending, fund};
pub use payout::{ListPayouts, Payout, PayoutState, RequestPayout, SettlePayout, pay_out};

use crate::{
    Error, Result, Tx,
    id::{AccountId, CampaignId, CollaborationId, PayoutId, TransferId},
    store::{
        Key,
        keys::{KeyParts, Table, list, tally},
        record::{Derived, Record},
    },
    value::{Money, day_of, later},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One account of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "account", content = "id")]
pub enum LedgerAccount {
    /// The world behind the payment gateway.
    Outside,
    /// Money that moves elsewhere: planned budgets, imports.
    External,
    /// What a campaign can still promise.
    Budget(CampaignId),
    /// What is held for a collaboration.
    Hold(CollaborationId),
    /// What an influencer has earned and not withdrawn.
    Earnings(AccountId),
    /// What an influencer has asked to be paid out and the gateway has not confirmed.
    Payout(AccountId),
}

impl LedgerAccount {
    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::External => "external",
            Self::Budget(_) => "budget",
            Self::Hold(_) => "hold",
            Self::Earnings(_) => "earnings",
            Self::Payout(_) => "payout",
        }
    }

    /// The id of what it belongs to; none for the two of the world.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Outside | Self::External => Uuid::nil(),
            Self::Budget(id) => id.0,
            Self::Hold(id) => id.0,
            Self::Earnings(id) | Self::Payout(id) => id.0,
        }
    }

    /// Where its balance is kept.
    #[must_use]
    pub fn balance(self) -> Key {
        Table::Balance.start().word(self.word()).id(self.id()).key()
    }

    /// Where its transfers are listed; only those of budgets are.
    pub(crate) fn transfers(self) -> KeyParts {
        list("transfers-of").word(self.word()).id(self.id())
    }

    /// Whether it may fall below zero.
    #[must_use]
    pub const fn is_the_world(self) -> bool {
        matches!(self, Self::Outside | Self::External)
    }
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A sponsor paid in.
    Funded,
    /// A planned budget was set, raised or lowered.
    Planned,
    /// An offer was accepted.
    Held,
    /// Work was completed, or a split gave the influencer a share.
    Paid,
    /// A collaboration was cancelled, or a split gave the sponsor a share.
    Returned,
    /// A campaign ended with money left.
    Refunded,
    /// An influencer withdraws.
    Withdrawn,
    /// The gateway confirmed a payout.
    PaidOut,
    /// The gateway failed a payout.
    PayoutFailed,
    /// Brought over from V2.
    Imported,
}

impl Cause {
    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Funded => "funded",
            Self::Planned => "planned",
            Self::Held => "held",
            Self::Paid => "paid",
            Self::Returned => "returned",
            Self::Refunded => "refunded",
            Self::Withdrawn => "withdrawn",
            Self::PaidOut => "paid_out",
            Self::PayoutFailed => "payout_failed",
            Self::Imported => "imported",
        }
    }
}

/// One movement of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Whence.
    pub from: LedgerAccount,
    /// Whither.
    pub to: LedgerAccount,
    /// How much; more than zero.
    pub amount: Money,
    /// Why.
    pub cause: Cause,
    /// When.
    pub at: Timestamp,
    /// The campaign it belongs to.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// The collaboration it belongs to.
    #[serde(default)]
    pub collaboration: Option<CollaborationId>,
    /// The payout it belongs to.
    #[serde(default)]
    pub payout: Option<PayoutId>,
    /// The sponsor whose money it was or becomes.
    #[serde(default)]
    pub sponsor: Option<AccountId>,
    /// The influencer whose money it was or becomes.
    #[serde(default)]
    pub influencer: Option<AccountId>,
    /// The month it counts in, in the installation's zone: `2026-11`.
    pub month: String,
}

/// What a transfer belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct For {
    pub campaign: Option<CampaignId>,
    pub collaboration: Option<CollaborationId>,
    pub payout: Option<PayoutId>,
    pub sponsor: Option<AccountId>,
    pub influencer: Option<AccountId>,
}

impl Transfer {
    /// Where a transfer is kept.
    #[must_use]
    pub fn at(id: TransferId) -> Key {
        Table::Transfer.start().id(id).key()
    }
}

impl Record for Transfer {
    const TABLE: Table = Table::Transfer;

    fn key(&self) -> Key {
        Self::at(self.id)
    }

    fn derive(&self, derived: &mut Derived) {
        let amount = self.amount.0;
        for (account, by) in [(self.from, -amount), (self.to, amount)] {
            if account.is_the_world() {
                derived.count(account.balance(), by);
            } else {
                derived.count_down_to_zero(account.balance(), by);
            }
            if let LedgerAccount::Budget(_) = account {
                derived.listed(account.transfers().id(self.id).key());
            }
        }
        for party in [self.sponsor, self.influencer].into_iter().flatten() {
            derived.listed(list("ledger-of").id(party).id(self.id).key());
        }
        self.derive_campaign_totals(derived);
        if let (LedgerAccount::External, LedgerAccount::Earnings(influencer)) = (self.from, self.to) {
            derived.count(earned_before(influencer), amount);
        }
        if let (LedgerAccount::Hold(_), LedgerAccount::Earnings(influencer)) = (self.from, self.to) {
            derived.count(tally("money-paid").key(), amount);
            derived.count(tally("money-paid-in").word(&self.month).key(), amount);
            derived.count(earned(influencer), amount);
            derived.count(tally("earned-in").id(influencer).word(&self.month).key(), amount);
        }
    }
}

impl Transfer {
    fn derive_campaign_totals(&self, derived: &mut Derived) {
        let Some(campaign) = self.campaign else { return };
        let amount = self.amount.0;
        match (self.from, self.to) {
            (LedgerAccount::Budget(_), LedgerAccount::Hold(_)) => {
                derived.count_down_to_zero(room(campaign), -amount);
                derived.count(held(campaign), amount);
                derived.count(tally("money-held").key(), amount);
            }
            (LedgerAccount::Hold(_), LedgerAccount::Budget(_)) => {
                derived.count_down_to_zero(room(campaign), amount);
                derived.count(held(campaign), -amount);
                derived.count(tally("money-held").key(), -amount);
            }
            (LedgerAccount::Hold(_), LedgerAccount::Earnings(_)) => {
                derived.count(held(campaign), -amount);
                derived.count(tally("money-held").key(), -amount);
                derived.count(paid(campaign), amount);
            }
            (world @ (LedgerAccount::Outside | LedgerAccount::External), LedgerAccount::Budget(_)) => {
                derived.count(funded_from(campaign, world), amount);
            }
            (LedgerAccount::Budget(_), world @ (LedgerAccount::Outside | LedgerAccount::External)) => {
                derived.count(funded_from(campaign, world), -amount);
            }
            _ => {}
        }
    }
}

/// Where it stands how much of a campaign's budget is not committed.
#[must_use]
pub fn room(campaign: CampaignId) -> Key {
    Table::Room.start().id(campaign).key()
}

/// Where it stands how much is held for a campaign's collaborations.
#[must_use]
pub fn held(campaign: CampaignId) -> Key {
    tally("campaign-held").id(campaign).key()
}

/// Where it stands how much a campaign has paid to influencers.
#[must_use]
pub fn paid(campaign: CampaignId) -> Key {
    tally("campaign-paid").id(campaign).key()
}

/// Where it stands how much an influencer has earned on the platform.
#[must_use]
pub fn earned(influencer: AccountId) -> Key {
    tally("earned").id(influencer).key()
}

/// Where it stands how much an influencer had earned on the platform they came from.
#[must_use]
pub fn earned_before(influencer: AccountId) -> Key {
    tally("earned-before").id(influencer).key()
}

/// Where it stands how many payments were begun into a campaign.
#[must_use]
pub fn payments_into(campaign: CampaignId) -> Key {
    tally("campaign-payments").id(campaign).key()
}

/// Where it stands how much of a campaign's money came from there, less what went back.
#[must_use]
pub fn funded_from(campaign: CampaignId, world: LedgerAccount) -> Key {
    tally("campaign-funded").id(campaign).word(world.word()).key()
}

/// When to ask again about what was begun then and is not known now: after as long as it has waited, within a minute and an
/// hour. So what waits long does not stand before everything else that is due.
fn ask_again(begun: Timestamp, now: Timestamp) -> Timestamp {
    let waited = now.duration_since(begun);
    later(now, waited.clamp(SignedDuration::from_mins(1), SignedDuration::from_hours(1)))
}

/// Moves money. An amount of zero moves nothing.
///
/// # Errors
/// If the amount is negative. The guard on `from` is checked when the run lands: see [`Tx::on_guard`].
pub(crate) fn transfer(
    tx: &mut Tx<'_>,
    from: LedgerAccount,
    to: LedgerAccount,
    amount: Money,
    cause: Cause,
    whose: For,
) -> Result<()> {
    if amount == Money::ZERO {
        return Ok(());
    }
    if amount < Money::ZERO {
        return Err(Error::Corrupt(format!("a transfer of {} was tried", amount.0)));
    }
    let at = tx.now();
    let month = day_of(at, &tx.settings().time_zone).strftime("%Y-%m").to_string();
    tx.put(&Transfer {
        id: tx.new_id(),
        from,
        to,
        amount,
        cause,
        at,
        campaign: whose.campaign,
        collaboration: whose.collaboration,
        payout: whose.payout,
        sponsor: whose.sponsor,
        influencer: whose.influencer,
        month,
    })
}

#[cfg(test)]
mod tests;
