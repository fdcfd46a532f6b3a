//! M1, M2, M3, M5, M7: sums over transfers.

use super::{Invariants, SeenCampaign, SeenCollaboration};
use crate::{
    campaign::CampaignState,
    collaboration::Collaboration,
    id::CampaignId,
    ledger::{Cause, LedgerAccount, Payment, PaymentState, Payout, PayoutState, Transfer, room},
    value::Money,
};

/// Whether money goes this way here.
fn is_a_way(transfer: &Transfer) -> bool {
    use LedgerAccount::{Budget, Earnings, External, Hold, Outside, Payout};
    matches!(
        (transfer.from, transfer.to, transfer.cause),
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

impl Invariants {
    pub(super) fn transfer(&mut self, transfer: &Transfer) {
        let (id, amount) = (transfer.id, transfer.amount.0);
        self.must(amount > 0, "M1", || format!("transfer {id} moves {amount}"));
        self.must(is_a_way(transfer), "M1", || {
            format!("transfer {id} goes from {} to {} for {:?}", transfer.from.word(), transfer.to.word(), transfer.cause)
        });
        for (account, by) in [(transfer.from, -amount), (transfer.to, amount)] {
            let balance = self.balances.entry(account).or_default();
            *balance = balance.saturating_add(by);
            let below = *balance < 0 && !account.is_the_world();
            self.must(!(self.every_moment && below), "M3", || {
                format!("{} {} fell below zero by {id}", account.word(), account.id())
            });
        }
        self.count_for_collaboration(transfer);
        self.count_for_campaign(transfer);
    }

    fn count_for_collaboration(&mut self, transfer: &Transfer) {
        let hold = match (transfer.from, transfer.to) {
            (_, LedgerAccount::Hold(hold)) | (LedgerAccount::Hold(hold), _) => hold,
            _ => return,
        };
        let labelled = transfer.collaboration == Some(hold) && transfer.campaign.is_some();
        self.must(labelled, "M7", || format!("transfer {} does not say whose hold it moves", transfer.id));
        let seen = self.of(hold);
        match transfer.to {
            LedgerAccount::Hold(_) => seen.held.push(transfer.amount),
            LedgerAccount::Earnings(influencer) => {
                seen.paid.push(transfer.amount);
                let earned = self.earned.entry(influencer).or_default();
                *earned = earned.saturating_add(transfer.amount.0);
            }
            _ => seen.returned.push(transfer.amount),
        }
    }

    fn count_for_campaign(&mut self, transfer: &Transfer) {
        let Some(id) = transfer.campaign else { return };
        let amount = transfer.amount.0;
        let campaign = self.campaigns.entry(id).or_default();
        match (transfer.from, transfer.to) {
            (LedgerAccount::Budget(_), LedgerAccount::Hold(_)) => campaign.held += amount,
            (LedgerAccount::Hold(_), LedgerAccount::Budget(_)) => campaign.held -= amount,
            (LedgerAccount::Hold(_), LedgerAccount::Earnings(_)) => {
                campaign.held -= amount;
                campaign.paid += amount;
            }
            (world, LedgerAccount::Budget(_)) if world.is_the_world() => {
                campaign.funded += amount;
                campaign.paid_in += if transfer.cause == Cause::Funded { amount } else { 0 };
            }
            (LedgerAccount::Budget(_), world) if world.is_the_world() => campaign.funded -= amount,
            _ => {}
        }
        let over = campaign.held + campaign.paid > campaign.funded;
        self.must(!(self.every_moment && over), "M2", || {
            format!("campaign {id} promised more than its funds by {}", transfer.id)
        });
    }

    pub(super) fn payout(&mut self, payout: &Payout) {
        if payout.state == PayoutState::Pending {
            *self.payouts.entry(payout.influencer).or_default() += payout.amount.0;
        }
    }

    pub(super) fn payment(&mut self, payment: &Payment) {
        if payment.state == PaymentState::Settled {
            self.campaigns.entry(payment.campaign).or_default().payments += payment.amount.0;
        }
        let campaign = payment.campaign;
        // A pending payment into a campaign that is gone could never be counted.
        self.campaigns.entry(campaign).or_default();
    }

    /// M1, M3, M5 and the payouts that wait.
    pub(super) fn judge_balances(&mut self) {
        let balances = std::mem::take(&mut self.balances);
        let sum: i128 = balances.values().map(|balance| i128::from(*balance)).sum();
        self.must(sum == 0, "M1", || format!("all balances together are {sum}"));
        for (account, balance) in &balances {
            let (word, id) = (account.word(), account.id());
            self.must(*balance >= 0 || account.is_the_world(), "M3", || format!("{word} {id} is at {balance}"));
            let stored = self.stored.remove(&account.balance()).unwrap_or(0);
            self.must(stored == *balance, "M5", || format!("{word} {id} is stored as {stored} and computed as {balance}"));
            if let LedgerAccount::Payout(influencer) = account {
                let waiting = self.payouts.remove(influencer).unwrap_or(0);
                self.must(waiting == *balance, "M6", || format!("payouts of {influencer} wait for {waiting} of {balance}"));
            }
        }
        for (influencer, waiting) in std::mem::take(&mut self.payouts) {
            self.find("M6", format!("a payout of {influencer} waits for {waiting} that was never withdrawn"));
        }
        self.balances = balances;
    }

    /// M2, M5 and M7 of one campaign.
    pub(super) fn judge_campaign_money(&mut self, id: CampaignId, seen: &SeenCampaign) {
        let Some(campaign) = &seen.record else {
            self.find("M6", format!("there is money, a payment or an agreement of a campaign {id} that is not there"));
            return;
        };
        let committed = seen.held + seen.paid;
        let cap = campaign.budget.0.min(seen.funded);
        self.must(committed <= cap, "M2", || format!("campaign {id} promised {committed} of {cap}"));
        let room_left = campaign.budget.0 - committed;
        let stored = self.stored.get(&room(id)).copied().unwrap_or(0);
        self.must(stored == room_left, "M5", || {
            format!("the room of campaign {id} is stored as {stored}, computed as {room_left}")
        });
        let balance = self.balances.get(&LedgerAccount::Budget(id)).copied().unwrap_or(0);
        let left = seen.funded - committed;
        self.must(balance == left, "M7", || format!("campaign {id} has {balance} where its transfers leave {left}"));
        let (paid_in, payments) = (seen.paid_in, seen.payments);
        self.must(paid_in == payments, "M7", || format!("campaign {id} got {paid_in} by payments of {payments}"));
        let over = matches!(campaign.state, CampaignState::Completed | CampaignState::Cancelled);
        self.must(!over || balance == 0, "M6", || format!("campaign {id} is over and still has {balance}"));
    }

    /// M4 and M7 of one collaboration.
    pub(super) fn judge_hold(&mut self, record: &Collaboration, seen: &SeenCollaboration) {
        let id = record.id;
        let Some(amount) = record.amount else {
            let none = seen.held.is_empty() && seen.paid.is_empty() && seen.returned.is_empty();
            self.must(none, "M4", || format!("collaboration {id} has no recorded amount and moved money"));
            return;
        };
        let once = |amount: Money| if amount == Money::ZERO { vec![] } else { vec![amount] };
        self.must(seen.held == [amount], "M4", || format!("collaboration {id} of {} holds {:?}", amount.0, seen.held));
        let (paid, returned) = match &record.end {
            Some(end) => (once(end.paid), once(end.returned)),
            None => (vec![], vec![]),
        };
        self.must(seen.paid == paid, "M4", || format!("collaboration {id} paid {:?}, and says {paid:?}", seen.paid));
        self.must(seen.returned == returned, "M4", || {
            format!("collaboration {id} returned {:?}, and says {returned:?}", seen.returned)
        });
        let balance = self.balances.get(&record.hold()).copied().unwrap_or(0);
        let rightly = if record.end.is_some() { 0 } else { amount.0 };
        self.must(balance == rightly, "M4", || format!("collaboration {id} has {balance} on hold, not {rightly}"));
        let earned = self.earned.get(&record.influencer).copied().unwrap_or(0);
        let share = record.end.as_ref().map_or(0, |end| end.paid.0);
        self.must(share == 0 || earned >= share, "M7", || format!("what collaboration {id} paid reached somebody else"));
    }
}
