use super::{
    gateway::{Collected, Gateway, PaidOut},
    *,
};
use crate::{
    Actor, IdempotencyKey, Once, PageRequest, Settings,
    account::{Account, AccountState},
    campaign::{Campaign, CampaignState, CancelCampaign},
    collaboration::{ApproveWork, Collaboration},
    downtime::Downtime,
    fixture::{Market, code},
    notification::Notice,
    request::Request,
    settings::Funding,
    store::{Batch, MemoryStore, Pending, StoreError, Write, record::encode},
};
use jiff::SignedDuration;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// A gateway that answers what it is told to, and moves money once for each id.
#[derive(Clone, Debug, Default)]
struct Scripted(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    collects: Vec<Option<Collected>>,
    pays: Vec<Option<PaidOut>>,
    collected: BTreeMap<Uuid, Money>,
    paid: BTreeMap<PayoutId, Money>,
}

impl Scripted {
    /// The next answers to collecting; `None` is no answer. The sandbox's when there are no more.
    fn will_collect(&self, answers: impl IntoIterator<Item = Option<Collected>>) {
        self.0.lock().unwrap().collects = answers.into_iter().collect();
    }

    fn will_pay(&self, answers: impl IntoIterator<Item = Option<PaidOut>>) {
        self.0.lock().unwrap().pays = answers.into_iter().collect();
    }

    /// What was collected and paid out in the world.
    fn moved(&self) -> (i64, i64) {
        let script = self.0.lock().unwrap();
        (script.collected.values().map(|money| money.0).sum(), script.paid.values().map(|money| money.0).sum())
    }
}

fn next<T>(answers: &mut Vec<Option<T>>, otherwise: T) -> Result<T, StoreError> {
    let answer = if answers.is_empty() { Some(otherwise) } else { answers.remove(0) };
    answer.ok_or_else(|| StoreError::Failed("the gateway does not answer".into()))
}

impl Gateway for Scripted {
    fn collect(&self, payment: Uuid, amount: Money) -> Pending<'_, Collected> {
        Box::pin(async move {
            let mut script = self.0.lock().unwrap();
            let answer = next(&mut script.collects, Collected::Settled)?;
            if answer == Collected::Settled {
                script.collected.insert(payment, amount);
            }
            Ok(answer)
        })
    }

    fn pay_out(&self, payout: PayoutId, amount: Money) -> Pending<'_, PaidOut> {
        Box::pin(async move {
            let mut script = self.0.lock().unwrap();
            let answer = next(&mut script.pays, PaidOut::Sent)?;
            if answer == PaidOut::Sent {
                script.paid.insert(payout, amount);
            }
            Ok(answer)
        })
    }
}

fn market(settings: Settings) -> (Market, Scripted) {
    let gateway = Scripted::default();
    (Market::paying_by(gateway.clone(), MemoryStore::new(), settings), gateway)
}

async fn pay(market: &Market, sponsor: &Account, campaign: CampaignId, amount: i64, key: Option<&str>) -> Result<Payment> {
    let key = key.map(|key| IdempotencyKey { key: key.into(), route: "fund".into(), fingerprint: amount.to_string() });
    let order = FundCampaign { campaign, amount };
    fund(&market.platform, &Actor::account(sponsor.id), key, order).await.map(|paid| paid.output)
}

/// An influencer who has earned so much.
async fn earner(market: &Market, amount: i64) -> Account {
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&sponsor, amount).await;
    if market.platform.settings().funding == Funding::Gateway {
        market.fund(&sponsor, campaign, amount).await;
    }
    market.publish(&sponsor, campaign).await.unwrap();
    let collaboration = market.agree(&sponsor, &influencer, campaign, amount).await;
    market.submit(&influencer, collaboration).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration }).await.unwrap();
    influencer
}

async fn balances(market: &Market, of: &Account) -> (i64, i64, i64) {
    let balances = market.run(of, ViewBalances).await.unwrap();
    (balances.earnings.0, balances.on_its_way.0, balances.earned.0)
}

#[tokio::test]
async fn what_is_paid_in_can_be_promised() {
    let (market, gateway) = market(Settings::default());
    let (sponsor, other) = (market.sponsor().await, market.sponsor().await);
    let campaign = market.draft(&sponsor, 1000).await;
    for (amount, wrong) in [(0, "too_small"), (-5, "too_small"), (i64::MAX, "too_large")] {
        assert_eq!(code(pay(&market, &sponsor, campaign, amount, None).await), wrong);
    }
    assert_eq!(code(pay(&market, &other, campaign, 5, None).await), "not_found");
    pay(&market, &sponsor, campaign, 700, None).await.unwrap();
    assert_eq!((market.balance(LedgerAccount::Budget(campaign)).await, gateway.moved().0), (700, 700));
    let ledger = ViewLedger { campaign: Some(campaign), page: PageRequest::default() };
    assert_eq!(market.run(&sponsor, ledger.clone()).await.unwrap().items[0].cause, Cause::Funded);
    assert_eq!(code(market.run(&other, ledger).await), "not_found");
    market.sound().await;
}

#[tokio::test]
async fn a_declined_payment_counts_nothing_and_says_why() {
    let (market, gateway) = market(Settings::default());
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    gateway.will_collect([Some(Collected::Declined("The card has expired.".into()))]);
    let refused = pay(&market, &sponsor, campaign, 700, Some("k")).await.unwrap_err();
    assert_eq!(refused.to_string(), "The card has expired.");
    assert_eq!(code(pay(&market, &sponsor, campaign, 700, Some("k")).await), "declined", "and stays so under its key");
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0);
    pay(&market, &sponsor, campaign, 700, Some("another")).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn a_pending_payment_is_asked_about_until_it_is_settled() {
    let (market, gateway) = market(Settings::default());
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    gateway.will_collect([Some(Collected::Pending), Some(Collected::Pending)]);
    let payment = pay(&market, &sponsor, campaign, 700, None).await.unwrap();
    assert_eq!(payment.state, PaymentState::Pending);
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0);
    market.pass(1).await;
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0, "asked again, and not known yet");
    market.pass(1).await;
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 700);
    market.pass(1).await;
    assert_eq!((market.balance(LedgerAccount::Budget(campaign)).await, gateway.moved().0), (700, 700));
    market.sound().await;
}

#[tokio::test]
async fn a_crash_between_gateway_and_note_takes_money_once() {
    let (market, gateway) = market(Settings::default());
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    gateway.will_collect([None]);
    let unknown = pay(&market, &sponsor, campaign, 700, Some("k")).await.unwrap();
    assert_eq!(unknown.state, PaymentState::Pending, "no answer came");
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0);
    pay(&market, &sponsor, campaign, 700, Some("k")).await.unwrap();
    market.work().await;
    assert_eq!((market.balance(LedgerAccount::Budget(campaign)).await, gateway.moved().0), (700, 700));

    let begun = market.run(&sponsor, FundCampaign { campaign, amount: 50 }).await.unwrap();
    market.platform.gateway().collect(begun.id, begun.amount).await.unwrap();
    market.work().await;
    market.work().await;
    assert_eq!((market.balance(LedgerAccount::Budget(campaign)).await, gateway.moved().0), (750, 750), "the worker notes it");
    market.sound().await;
}

#[tokio::test]
async fn money_that_arrives_after_the_end_goes_back_at_once() {
    let (market, gateway) = market(Settings::default());
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 1000).await;
    gateway.will_collect([Some(Collected::Pending)]);
    pay(&market, &sponsor, campaign, 700, None).await.unwrap();
    market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
    market.pass(1).await;
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    assert_eq!(code(pay(&market, &sponsor, campaign, 5, None).await), "campaign_ended");
    market.sound().await;
}

#[tokio::test]
async fn sixteen_equal_payments_at_once_are_one() {
    let (market, gateway) = market(Settings::default());
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    let mut paying = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (platform, actor) = (market.platform.clone(), Actor::account(sponsor.id));
        let key = Some(IdempotencyKey { key: "k".into(), route: "fund".into(), fingerprint: "700".into() });
        paying.spawn(async move { fund(&platform, &actor, key, FundCampaign { campaign, amount: 700 }).await });
    }
    let answers: Vec<Once<Payment>> = paying.join_all().await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(answers.iter().all(|answer| answer.output == answers[0].output), "equal answers");
    assert_eq!((market.balance(LedgerAccount::Budget(campaign)).await, gateway.moved().0), (700, 700));
    let other = IdempotencyKey { key: "k".into(), route: "fund".into(), fingerprint: "800".into() };
    let reused = fund(&market.platform, &Actor::account(sponsor.id), Some(other), FundCampaign { campaign, amount: 800 }).await;
    assert_eq!(code(reused), "key_reused");
    market.sound().await;
}

#[tokio::test]
async fn earnings_are_withdrawn_up_to_what_is_there() {
    for settings in [Settings::default(), Settings { funding: Funding::Planned, ..Settings::default() }] {
        let planned = settings.funding == Funding::Planned;
        let (market, gateway) = market(settings);
        let influencer = earner(&market, 500).await;
        let world = if planned { LedgerAccount::External } else { LedgerAccount::Outside };
        for (amount, wrong) in [(0, "too_small"), (-1, "too_small"), (501, "insufficient_earnings"), (i64::MAX, "too_large")] {
            assert_eq!(code(market.run(&influencer, RequestPayout { amount }).await), wrong);
        }
        market.run(&influencer, RequestPayout { amount: 300 }).await.unwrap();
        assert_eq!(balances(&market, &influencer).await, (200, 300, 500));
        assert_eq!(code(market.run(&influencer, RequestPayout { amount: 201 }).await), "insufficient_earnings");
        market.work().await;
        assert_eq!(balances(&market, &influencer).await, (200, 0, 500));
        assert_eq!((market.balance(world).await, gateway.moved().1), (-200, 300));
        assert_eq!(market.told(&influencer).await.last(), Some(&Notice::PayoutSent));
        let payouts = market.run(&influencer, ListPayouts::default()).await.unwrap().items;
        assert_eq!(payouts[0].state, PayoutState::Sent);
        market.sound().await;
    }
}

#[tokio::test]
async fn parallel_payouts_never_take_more_than_there_is() {
    let (market, _) = market(Settings::default());
    let influencer = earner(&market, 500).await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (platform, actor) = (market.platform.clone(), Actor::account(influencer.id));
        asking.spawn(async move { platform.run(&actor, RequestPayout { amount: 100 }).await });
    }
    let answers = asking.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
    assert!(answers.into_iter().filter(Result::is_err).all(|answer| code(answer) == "insufficient_earnings"));
    market.sound().await;
}

#[tokio::test]
async fn a_payout_that_fails_comes_back() {
    let (market, gateway) = market(Settings::default());
    let influencer = earner(&market, 500).await;
    gateway.will_pay([Some(PaidOut::Pending), None, Some(PaidOut::Failed("No such account.".into()))]);
    let payout = market.run(&influencer, RequestPayout { amount: 300 }).await.unwrap();
    pay_out(&market.platform, payout.id).await.unwrap();
    pay_out(&market.platform, payout.id).await.unwrap();
    assert_eq!(balances(&market, &influencer).await, (200, 300, 500), "it is still on its way");
    pay_out(&market.platform, payout.id).await.unwrap();
    assert_eq!(balances(&market, &influencer).await, (500, 0, 500));
    assert_eq!(market.told(&influencer).await.last(), Some(&Notice::PayoutFailed));
    pay_out(&market.platform, payout.id).await.unwrap();
    market.run(&influencer, RequestPayout { amount: 500 }).await.unwrap();
    market.work().await;
    assert_eq!((balances(&market, &influencer).await, gateway.moved().1), ((0, 0, 500), 500));
    market.sound().await;
}

#[tokio::test]
async fn the_payouts_of_a_suspended_influencer_are_frozen() {
    let (market, gateway) = market(Settings::default());
    let influencer = earner(&market, 500).await;
    market.run(&influencer, RequestPayout { amount: 300 }).await.unwrap();
    market.set_state(&influencer, AccountState::Suspended).await;
    market.pass(48).await;
    assert_eq!(gateway.moved().1, 0);
    assert_eq!(market.balance(LedgerAccount::Payout(influencer.id)).await, 300);
    assert_eq!(code(market.run(&influencer, RequestPayout { amount: 100 }).await), "signed_out");
    market.set_state(&influencer, AccountState::Active).await;
    market.pass(24).await;
    assert_eq!(gateway.moved().1, 300);
    market.sound().await;
}

#[tokio::test]
async fn frozen_payouts_do_not_keep_the_worker_from_other_things() {
    let (market, gateway) = market(Settings::default());
    let frozen = earner(&market, 500).await;
    for _ in 0..5 {
        market.run(&frozen, RequestPayout { amount: 10 }).await.unwrap();
    }
    market.set_state(&frozen, AccountState::Suspended).await;
    market.clock.advance(SignedDuration::from_mins(1));
    let free = earner(&market, 500).await;
    market.run(&free, RequestPayout { amount: 70 }).await.unwrap();
    for _ in 0..3 {
        market.clock.advance(SignedDuration::from_mins(1));
        crate::run_due(&market.platform, 5).await.unwrap();
    }
    assert_eq!(gateway.moved().1, 70, "five things at a time, and five that wait");
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_keeps_nobody_from_other_things() {
    let (market, gateway) = market(Settings::default());
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let earner = earner(&market, 500).await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let collaboration = market.agree(&sponsor, &influencer, campaign, 100).await;
    market.run(&sponsor, FundCampaign { campaign, amount: 50 }).await.unwrap();
    market.run(&earner, RequestPayout { amount: 70 }).await.unwrap();
    gateway.will_collect([None, None]);
    gateway.will_pay([None, None]);
    market.submit(&influencer, collaboration).await.unwrap();
    crate::run_due(&market.platform, 100).await.unwrap();
    assert!(market.collaboration_now(collaboration).await.review.is_some(), "the review clock started");
    market.pass(1).await;
    market.pass(1).await;
    assert_eq!((market.balance(LedgerAccount::Budget(campaign)).await, gateway.moved().1), (950, 70));
    market.sound().await;
}

#[tokio::test]
async fn what_is_left_goes_back_to_where_it_came_from() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    market.run(&sponsor, crate::campaign::CompleteCampaign { campaign }).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    let second = market.campaign(&sponsor, 1000).await;
    let collaboration = market.agree(&sponsor, &influencer, second, 250).await;
    market.run(&sponsor, CancelCampaign { campaign: second }).await.unwrap();
    market.submit(&influencer, collaboration).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration }).await.unwrap();
    assert_eq!(market.campaign_now(second).await.state, CampaignState::Cancelled);
    assert_eq!(market.balance(LedgerAccount::Outside).await, -250);
    market.sound().await;
}

/// The invariants are no use if they never object: each is broken once, by hand.
#[tokio::test]
async fn the_invariants_notice_what_is_broken() {
    async fn broken(invariant: &str, how: impl AsyncFnOnce(&Market, CampaignId, crate::id::CollaborationId)) {
        let market = Market::open();
        let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
        let campaign = market.campaign(&sponsor, 1000).await;
        let collaboration = market.agree(&sponsor, &influencer, campaign, 400).await;
        market.sound().await;
        how(&market, campaign, collaboration).await;
        let found = market.findings().await;
        assert!(found.iter().any(|finding| finding.message.starts_with(invariant)), "{invariant}: {found:?}");
    }
    async fn write(market: &Market, write: Write) {
        market.store.commit(Batch { writes: vec![write], ..Batch::default() }).await.unwrap();
    }
    fn moved(from: LedgerAccount, to: LedgerAccount, amount: i64, cause: Cause) -> Transfer {
        Transfer {
            id: TransferId(Uuid::max()),
            from,
            to,
            amount: Money(amount),
            cause,
            at: Timestamp::UNIX_EPOCH,
            campaign: None,
            collaboration: None,
            payout: None,
            sponsor: None,
            influencer: None,
            month: String::new(),
        }
    }
    broken("M1", async |market, campaign, work| {
        market.put(&moved(LedgerAccount::Budget(campaign), LedgerAccount::Hold(work), 1, Cause::Paid)).await;
    })
    .await;
    broken("M2", async |market, campaign, _| {
        let record = market.campaign_now(campaign).await;
        let forged = encode(&Campaign { budget: Money(399), ..record }).unwrap();
        write(market, Write::Put(Campaign::at(campaign), forged)).await;
    })
    .await;
    broken("M4", async |market, _, work| {
        let record = market.collaboration_now(work).await;
        market.put(&Collaboration { amount: Some(Money(399)), ..record }).await;
    })
    .await;
    broken("M4", async |market, _, work| {
        let request: Request = market.request_now(market.collaboration_now(work).await.request).await;
        market.put(&Request { state: crate::request::RequestState::Rejected, ..request }).await;
    })
    .await;
    broken("This counter is 0, and should be 600", async |market, campaign, _| {
        let key = LedgerAccount::Budget(campaign).balance();
        write(market, Write::Delete(key)).await;
    })
    .await;
    broken("M6", async |market, _, work| {
        let record = market.collaboration_now(work).await;
        market.put(&Collaboration { rounds: 1, ..record }).await;
    })
    .await;
    broken("M6", async |market, campaign, _| {
        let record = market.campaign_now(campaign).await;
        market.put(&Campaign { state: CampaignState::Completed, ..record }).await;
    })
    .await;
    broken("M7", async |market, _, work| {
        let record = market.collaboration_now(work).await;
        let earnings = LedgerAccount::Earnings(record.influencer);
        market.put(&moved(LedgerAccount::Hold(work), earnings, 400, Cause::Paid)).await;
    })
    .await;
    broken("M8", async |market, _, _| {
        let late = "2026-04-20T01:00:01Z".parse().unwrap();
        market.put(&Downtime { up_at: late, since: Timestamp::UNIX_EPOCH, until: Timestamp::UNIX_EPOCH }).await;
    })
    .await;
}
