//! M1 to M4 and M7: sums over transfers.

use super::{Affairs, History, Judge, Moved};
use crate::{
    campaign::CampaignState,
    collaboration::Collaboration,
    id::{CampaignId, CollaborationId},
    ledger::{Cause, LedgerAccount, Payment, PaymentState, Payout, PayoutState},
    value::Money,
};

impl Moved {
    /// Whether money goes this way here.
    fn is_a_way(&self) -> bool {
        use LedgerAccount::{Budget, Earnings, External, Hold, Outside, Payout};
        matches!(
            (self.from, self.to, self.cause),
            (Outside, Budget(_), Cause::Funded)
                | (External, Budget(_), Cause::Planned | Cause::Imported)
                | (Budget(_), External, Cause::Planned | Cause::Refunded | Cause::Imported)
                | (Budget(_), Outside, Cause::Refunded)
                | (Budget(_), Hold(_), Cause::Held)
                | (Hold(_), Earnings(_), Cause::Paid)
                | (Hold(_), Budget(_), Cause::Returned)
                | (Earnings(_), Payout(_), Cause::Withdrawn)
                | (Payout(_), Outside | External, Cause::PaidOut)
                | (Payout(_), Earnings(_), Cause::PayoutFailed)
                | (External, Earnings(_), Cause::Imported)
                | (Earnings(_), External, Cause::Imported)
        )
    }

    /// The collaboration whose hold it moves.
    pub(super) fn hold(&self) -> Option<CollaborationId> {
        match (self.from, self.to) {
            (_, LedgerAccount::Hold(hold)) | (LedgerAccount::Hold(hold), _) => Some(hold),
            _ => None,
        }
    }
}

impl Judge<'_> {
    pub(super) fn take_transfer(&mut self, moved: &Moved) {
        let (id, amount) = (moved.id, moved.amount.0);
        self.must(amount > 0, "M1", || format!("transfer {id} moves {amount}"));
        self.must(moved.is_a_way(), "M1", || {
            format!("transfer {id} goes from {} to {} for {:?}", moved.from.word(), moved.to.word(), moved.cause)
        });
        for (account, by) in [(moved.from, -amount), (moved.to, amount)] {
            let balance = self.balances.entry(account).or_default();
            *balance = balance.saturating_add(by);
            let below = *balance < 0 && !account.is_the_world();
            self.must(!(self.every_moment && below), "M3", || {
                format!("{} {} fell below zero by transfer {id}", account.word(), account.id())
            });
        }
        let labelled = moved.hold().is_none_or(|hold| moved.collaboration == Some(hold) && moved.campaign.is_some());
        self.must(labelled, "M7", || format!("transfer {id} does not say whose hold it moves"));
        if let (LedgerAccount::Hold(_), LedgerAccount::Earnings(influencer)) = (moved.from, moved.to) {
            *self.earned.entry(influencer).or_default() += amount;
        }
        self.count_for_campaign(moved);
    }

    fn count_for_campaign(&mut self, moved: &Moved) {
        let Some(id) = moved.campaign else { return };
        let amount = moved.amount.0;
        let campaign = self.campaigns.entry(id).or_default();
        match (moved.from, moved.to) {
            (LedgerAccount::Budget(_), LedgerAccount::Hold(_)) => campaign.held += amount,
            (LedgerAccount::Hold(_), LedgerAccount::Budget(_)) => campaign.held -= amount,
            (LedgerAccount::Hold(_), LedgerAccount::Earnings(_)) => {
                campaign.held -= amount;
                campaign.paid += amount;
            }
            (world, LedgerAccount::Budget(_)) if world.is_the_world() => {
                campaign.funded += amount;
                campaign.paid_in += if moved.cause == Cause::Funded { amount } else { 0 };
            }
            (LedgerAccount::Budget(_), world) if world.is_the_world() => campaign.funded -= amount,
            _ => {}
        }
        let over = campaign.held + campaign.paid > campaign.funded;
        let what = || format!("campaign {id} promised more than its funds by transfer {}", moved.id);
        self.must(!(self.every_moment && over), "M2", what);
    }

    pub(super) fn take_payout(&mut self, payout: &Payout) {
        if payout.state == PayoutState::Pending {
            *self.payouts.entry(payout.influencer).or_default() += payout.amount.0;
        }
    }

    /// A payment belongs to a campaign that is there, or it could never be counted.
    pub(super) fn take_payment(&mut self, payment: &Payment) {
        let campaign = self.campaigns.entry(payment.campaign).or_default();
        if payment.state == PaymentState::Settled {
            campaign.payments += payment.amount.0;
        }
    }

    /// What all transfers together must come to.
    pub(super) fn money(&mut self) {
        let balances = std::mem::take(&mut self.balances);
        let sum: i128 = balances.values().map(|balance| i128::from(*balance)).sum();
        self.must(sum == 0, "M1", || format!("all balances together are {sum}"));
        let mut payouts = std::mem::take(&mut self.payouts);
        for (account, balance) in &balances {
            let (word, id) = (account.word(), account.id());
            self.must(*balance >= 0 || account.is_the_world(), "M3", || format!("{word} {id} is at {balance}"));
            if let LedgerAccount::Payout(influencer) = account {
                let waiting = payouts.remove(influencer).unwrap_or(0);
                self.must(waiting == *balance, "M6", || format!("payouts of {influencer} wait for {waiting} of {balance}"));
            }
        }
        for (influencer, waiting) in payouts {
            self.must(waiting == 0, "M6", || format!("a payout of {influencer} waits for {waiting} that was never withdrawn"));
        }
        self.balances = balances;
        let campaigns = std::mem::take(&mut self.campaigns);
        for (id, campaign) in &campaigns {
            self.campaign_money(*id, campaign);
            self.campaign_path(*id, campaign);
        }
        let paid: i128 = campaigns.values().map(|campaign| i128::from(campaign.paid)).sum();
        let earned: i128 = self.earned.values().map(|earned| i128::from(*earned)).sum();
        self.must(paid == earned, "M7", || format!("campaigns paid {paid} and influencers earned {earned}"));
    }

    fn campaign_money(&mut self, id: CampaignId, affairs: &Affairs<'_>) {
        let Some(campaign) = affairs.record else {
            self.must(false, "M6", || format!("something belongs to a campaign {id} that is not there"));
            return;
        };
        let committed = affairs.held + affairs.paid;
        let cap = campaign.budget.0.min(affairs.funded);
        self.must(committed <= cap, "M2", || format!("campaign {id} promised {committed} of {cap}"));
        let balance = self.balances.get(&LedgerAccount::Budget(id)).copied().unwrap_or(0);
        let left = affairs.funded - committed;
        self.must(balance == left, "M7", || format!("campaign {id} has {balance} where its transfers leave {left}"));
        let (paid_in, payments) = (affairs.paid_in, affairs.payments);
        self.must(paid_in == payments, "M7", || format!("campaign {id} got {paid_in} by payments of {payments}"));
        let over = matches!(campaign.state, CampaignState::Completed | CampaignState::Cancelled);
        self.must(!over || balance == 0, "M6", || format!("campaign {id} is over and still has {balance}"));
    }

    /// What was held for a collaboration, and where it went.
    pub(super) fn hold(&mut self, record: &Collaboration, history: &History<'_>) {
        let id = record.id;
        let Some(amount) = record.amount else {
            let none = history.moved.is_empty();
            self.must(none, "M4", || format!("collaboration {id} has no recorded amount and moved money"));
            return;
        };
        let once = |amount: Money| if amount == Money::ZERO { vec![] } else { vec![amount] };
        let (paid, returned) = record.end.as_ref().map_or((vec![], vec![]), |end| (once(end.paid), once(end.returned)));
        for (cause, wanted) in [(Cause::Held, vec![amount]), (Cause::Paid, paid), (Cause::Returned, returned)] {
            let moved: Vec<Money> = history.moved.iter().filter(|moved| moved.cause == cause).map(|moved| moved.amount).collect();
            self.must(moved == wanted, "M4", || format!("collaboration {id} has {cause:?} {moved:?} and not {wanted:?}"));
        }
        let balance = self.balances.get(&record.hold()).copied().unwrap_or(0);
        let rightly = if record.end.is_some() { 0 } else { amount.0 };
        self.must(balance == rightly, "M4", || format!("collaboration {id} has {balance} on hold, not {rightly}"));
        let own = LedgerAccount::Earnings(record.influencer);
        let elsewhere = history.moved.iter().find(|moved| moved.cause == Cause::Paid && moved.to != own);
        self.must(elsewhere.is_none(), "M7", || format!("what collaboration {id} paid reached somebody else"));
        let of_campaign = history.moved.iter().all(|moved| moved.campaign == Some(record.campaign));
        self.must(of_campaign, "M7", || format!("collaboration {id} moved money of another campaign"));
    }
}
