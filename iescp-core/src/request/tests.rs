//! Negotiations, one sentence a test: here the bargaining.

mod agreeing;
mod asking;

use super::*;
use crate::{
    PageRequest, Settings,
    account::{Account, AccountState, Role},
    campaign::{FlagCampaign, PauseCampaign, ResumeCampaign},
    collaboration::{Agreement, ViewAgreement},
    fixture::{Market, code, offer},
    ledger::LedgerAccount,
    message::{self, BlockAccount, ReadThread, UnblockAccount},
    notification::Notice,
};
use jiff::SignedDuration;
use serde_json::json;

struct Table {
    market: Market,
    sponsor: Account,
    influencer: Account,
    campaign: CampaignId,
}

impl Table {
    async fn laid() -> Self {
        let market = Market::open();
        let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
        let campaign = market.campaign(&sponsor, 10_000).await;
        Self { market, sponsor, influencer, campaign }
    }

    fn counter(&self, request: RequestId, offer_number: u64, amount: i64) -> CounterOffer {
        CounterOffer { request, offer: offer_number, terms: offer(amount) }
    }

    fn amend(&self, request: RequestId, amount: i64) -> AmendOffer {
        AmendOffer { request, offer: None, terms: offer(amount) }
    }

    fn reject(&self, request: RequestId, offer: u64) -> RejectRequest {
        RejectRequest { request, offer, reason: "Not for us.".into() }
    }

    fn withdraw(&self, request: RequestId) -> WithdrawRequest {
        WithdrawRequest { request, reason: String::new() }
    }

    fn apply_with(&self, change: impl FnOnce(&mut OfferInput)) -> Apply {
        let mut offer = offer(100);
        change(&mut offer);
        Apply { campaign: self.campaign, offer }
    }

    /// The lines of the platform in the thread of the two, oldest first.
    async fn lines(&self) -> Vec<&'static str> {
        let read = ReadThread { with: self.sponsor.id, of: None, page: PageRequest::new(PageRequest::MOST, None) };
        let thread = self.market.run(&self.influencer, read).await.unwrap();
        let line = |said: &message::Said| match said {
            message::Said::Line { line, .. } => Some(line.word()),
            _ => None,
        };
        thread.messages.items.iter().rev().filter_map(|message| line(&message.said)).collect()
    }
}

#[tokio::test]
async fn an_application_is_bargained_over_and_accepted() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.clock.advance(SignedDuration::from_hours(3));
    let view = t.market.run(&t.sponsor, t.counter(request, 1, 80)).await.unwrap();
    assert_eq!((view.request.offer, view.request.turn(), view.your_turn), (2, Side::Influencer, false));
    t.market.clock.advance(SignedDuration::from_hours(2));
    t.market.run(&t.influencer, t.counter(request, 2, 90)).await.unwrap();
    t.market.run(&t.influencer, t.amend(request, 85)).await.unwrap();
    let view = t.market.accept(&t.sponsor, request, 4).await.unwrap();
    assert_eq!(view.state, RequestState::Accepted);
    let work = view.collaboration.unwrap();
    assert_eq!(t.market.balance(LedgerAccount::Hold(work)).await, 85);
    assert_eq!(t.market.balance(LedgerAccount::Budget(t.campaign)).await, 10_000 - 85);
    let seen = t.market.run(&t.influencer, ViewRequest { request }).await.unwrap();
    let offers: Vec<(u64, i64)> = seen.offers.iter().map(|offer| (offer.number, offer.amount.0)).collect();
    assert_eq!(offers, [(1, 100), (2, 80), (3, 90), (4, 85)], "every offer stays as it was made");
    assert_eq!(seen.collaboration, Some(work));
    assert_eq!(seen.request.influencer_answers, Answers { count: 1, seconds: 7200 });
    assert_eq!(seen.request.sponsor_answers, Answers { count: 2, seconds: 3 * 3600 });
    assert_eq!(t.market.told(&t.sponsor).await, [Notice::ApplicationReceived, Notice::OfferMade, Notice::OfferMade]);
    assert_eq!(t.market.told(&t.influencer).await, [Notice::OfferMade, Notice::OfferAccepted]);
    assert_eq!(t.lines().await, ["applied", "offer_countered", "offer_countered", "offer_amended", "offer_accepted"]);
    t.market.sound().await;
}

#[tokio::test]
async fn nobody_can_accept_their_own_offer() {
    let t = Table::laid().await;
    let applied = t.market.apply(&t.influencer, t.campaign, 100).await;
    assert_eq!(code(t.market.accept(&t.influencer, applied, 1).await), "not_your_turn");
    t.market.run(&t.sponsor, t.counter(applied, 1, 80)).await.unwrap();
    assert_eq!(code(t.market.accept(&t.sponsor, applied, 2).await), "not_your_turn");
    let other = t.market.influencer().await;
    let invited = t.market.invite(&t.sponsor, t.campaign, &other, 100).await;
    assert_eq!(code(t.market.accept(&t.sponsor, invited, 1).await), "not_your_turn");
    assert_eq!(code(t.market.accept(&t.sponsor, invited, 2).await), "not_your_turn", "by no number");
    t.market.sound().await;
}

#[tokio::test]
async fn nobody_else_sees_or_touches_a_negotiation() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    let (sponsor, influencer, admin) = (t.market.sponsor().await, t.market.influencer().await, t.market.admin().await);
    for stranger in [&sponsor, &influencer] {
        assert_eq!(code(t.market.run(stranger, ViewRequest { request }).await), "not_found");
        assert_eq!(code(t.market.accept(stranger, request, 1).await), "not_found");
        assert_eq!(code(t.market.run(stranger, t.withdraw(request)).await), "not_found");
    }
    assert_eq!(code(t.market.run(&admin, ViewRequest { request }).await), "done");
    assert_eq!(code(t.market.accept(&admin, request, 1).await), "forbidden", "an admin acts for nobody");
    let nothing = RequestId(uuid::Uuid::nil());
    assert_eq!(code(t.market.accept(&t.sponsor, nothing, 1).await), "not_found");
}

#[tokio::test]
async fn an_offer_is_accepted_once_and_by_its_number() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.run(&t.influencer, t.amend(request, 120)).await.unwrap();
    for named in [0, 1, 3, u64::MAX] {
        let Err(Error::NotNow(refusal)) = t.market.accept(&t.sponsor, request, named).await else { panic!("offer {named}") };
        assert_eq!(refusal.code, "offer_changed");
        let current = refusal.current.unwrap();
        assert_eq!((current["number"].clone(), current["amount"].clone()), (json!(2), json!(120)), "the offer now on the table");
    }
    assert_eq!(code(t.market.run(&t.sponsor, t.counter(request, 1, 5)).await), "offer_changed");
    assert_eq!(code(t.market.run(&t.sponsor, t.reject(request, 1)).await), "offer_changed");
    t.market.accept(&t.sponsor, request, 2).await.unwrap();
    for answer in [
        code(t.market.accept(&t.sponsor, request, 2).await),
        code(t.market.run(&t.sponsor, t.counter(request, 2, 5)).await),
        code(t.market.run(&t.influencer, t.amend(request, 5)).await),
        code(t.market.run(&t.influencer, ConfirmOffer { request, offer: 2 }).await),
        code(t.market.run(&t.sponsor, t.reject(request, 2)).await),
        code(t.market.run(&t.influencer, t.withdraw(request)).await),
    ] {
        assert_eq!(answer, "request_state");
    }
    t.market.sound().await;
}

#[tokio::test]
async fn everybody_waits_for_their_turn() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    assert_eq!(code(t.market.run(&t.influencer, t.counter(request, 1, 90)).await), "not_your_turn");
    assert_eq!(code(t.market.run(&t.influencer, t.reject(request, 1)).await), "not_your_turn");
    assert_eq!(code(t.market.run(&t.sponsor, t.amend(request, 90)).await), "your_turn");
    assert_eq!(code(t.market.run(&t.sponsor, t.withdraw(request)).await), "your_turn");
    assert_eq!(code(t.market.run(&t.sponsor, ConfirmOffer { request, offer: 1 }).await), "your_turn");
    t.market.sound().await;
}

#[tokio::test]
async fn a_final_offer_is_accepted_or_rejected_and_not_countered() {
    let t = Table::laid().await;
    let applied = t.market.run(&t.influencer, t.apply_with(|offer| offer.is_final = true)).await.unwrap().request;
    assert_eq!(code(t.market.run(&t.sponsor, t.counter(applied.id, 1, 90)).await), "final_offer");
    t.market.run(&t.influencer, t.amend(applied.id, 95)).await.unwrap();
    t.market.run(&t.sponsor, t.counter(applied.id, 2, 90)).await.unwrap();
    let last = CounterOffer { terms: OfferInput { is_final: true, ..offer(93) }, ..t.counter(applied.id, 3, 0) };
    t.market.run(&t.influencer, last).await.unwrap();
    assert_eq!(code(t.market.run(&t.sponsor, t.counter(applied.id, 4, 92)).await), "final_offer");
    t.market.run(&t.sponsor, t.reject(applied.id, 4)).await.unwrap();
    t.market.sound().await;
}

#[tokio::test]
async fn an_expired_offer_is_expired_before_any_job_has_written_it() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    t.market.clock.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_millis(1));
    assert_eq!(t.market.run(&t.sponsor, ViewRequest { request }).await.unwrap().state, RequestState::Open);
    t.market.clock.advance(SignedDuration::from_millis(1));
    for answer in [
        code(t.market.accept(&t.sponsor, request, 1).await),
        code(t.market.run(&t.sponsor, t.counter(request, 1, 5)).await),
        code(t.market.run(&t.sponsor, t.reject(request, 1)).await),
        code(t.market.run(&t.influencer, t.amend(request, 5)).await),
        code(t.market.run(&t.influencer, t.withdraw(request)).await),
    ] {
        assert_eq!(answer, "expired");
    }
    assert_eq!(t.market.run(&t.sponsor, ViewRequest { request }).await.unwrap().state, RequestState::Expired);
    assert_eq!(t.market.request_now(request).await.state, RequestState::Open, "as written");
    t.market.work().await;
    assert_eq!(t.market.request_now(request).await.state, RequestState::Expired);
    assert_eq!(t.market.told(&t.influencer).await, [Notice::RequestExpired]);
    assert_eq!(t.market.told(&t.sponsor).await, [Notice::ApplicationReceived, Notice::RequestExpired]);
    assert_eq!(t.lines().await, ["applied", "request_expired"]);
    t.market.sound().await;
}

#[tokio::test]
async fn the_expiry_one_asks_for_is_within_thirty_days_and_the_campaign() {
    let t = Table::laid().await;
    for (said, wrong) in [
        ("tomorrow", "moment"),
        ("2026-03-01T12:00:00Z", "expires_at"),
        ("2026-03-31T12:00:01Z", "expires_at"),
        ("2999-12-31T23:59:59Z", "expires_at"),
    ] {
        let offer = t.apply_with(|offer| offer.expires_at = Some(said.into()));
        assert_eq!(code(t.market.run(&t.influencer, offer).await), wrong, "{said}");
    }
    let soon = t.apply_with(|offer| offer.expires_at = Some("2026-03-01T13:00:00+01:00".into()));
    assert_eq!(code(t.market.run(&t.influencer, soon).await), "expires_at", "that is now");
    let soon = t.apply_with(|offer| offer.expires_at = Some("2026-03-01T12:00:01Z".into()));
    let request = t.market.run(&t.influencer, soon).await.unwrap().request.id;
    t.market.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(code(t.market.accept(&t.sponsor, request, 1).await), "expired");
}

#[tokio::test]
async fn offers_are_read_strictly() {
    let t = Table::laid().await;
    type Change = fn(&mut OfferInput);
    let wrong: [(&str, Change, &str); 19] = [
        ("amount", |offer| offer.amount = 0, "too_small"),
        ("amount", |offer| offer.amount = -100, "too_small"),
        ("amount", |offer| offer.amount = i64::MAX, "too_large"),
        ("amount", |offer| offer.amount = i64::MIN, "too_small"),
        ("due", |offer| offer.due = String::new(), "required"),
        ("due", |offer| offer.due = "2026-02-28".into(), "past"),
        ("due", |offer| offer.due = "2026-05-31".into(), "too_late"),
        ("due", |offer| offer.due = "2026-02-30".into(), "date"),
        ("due", |offer| offer.due = "9999-12-31".into(), "date"),
        ("deliverables", |offer| offer.deliverables = vec![], "too_few"),
        ("deliverables", |offer| offer.deliverables = vec![offer.deliverables[0].clone(); 21], "too_many"),
        ("deliverables/0/format", |offer| offer.deliverables[0].format = "smell".into(), "unknown"),
        ("deliverables/0/platform", |offer| offer.deliverables[0].platform = "myspace".into(), "unknown"),
        ("deliverables/0/count", |offer| offer.deliverables[0].count = 0, "count"),
        ("deliverables/0/count", |offer| offer.deliverables[0].count = i64::MIN, "count"),
        ("deliverables/0/due", |offer| offer.deliverables[0].due = Some("2026-03-21".into()), "after_offer"),
        ("usage_rights", |offer| offer.usage_rights = "x".repeat(2001), "too_long"),
        ("note", |offer| offer.note = "a\u{0}b".into(), "characters"),
        ("signed", |offer| offer.signed = Some("x".repeat(121)), "too_long"),
    ];
    for (field, change, why) in wrong {
        let answer = t.market.run(&t.influencer, t.apply_with(change)).await;
        let Err(Error::Invalid(fields)) = answer else { panic!("{field} {why}: {answer:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].code), (field, why));
    }
    let latest = t.apply_with(|offer| offer.due = "2026-05-30".into());
    t.market.run(&t.influencer, latest).await.unwrap();
}

#[tokio::test]
async fn one_negotiation_takes_a_hundred_offers() {
    let t = Table::laid().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    for _ in 1..100 {
        t.market.run(&t.influencer, t.amend(request, 90)).await.unwrap();
    }
    assert_eq!(code(t.market.run(&t.influencer, t.amend(request, 80)).await), "too_many_offers");
    assert_eq!(code(t.market.run(&t.sponsor, t.counter(request, 100, 80)).await), "too_many_offers");
    t.market.accept(&t.sponsor, request, 100).await.unwrap();
    t.market.sound().await;
}

#[tokio::test]
async fn lists_of_requests_are_ones_own_and_by_state() {
    let t = Table::laid().await;
    let stranger = t.market.influencer().await;
    let request = t.market.apply(&t.influencer, t.campaign, 100).await;
    let list = |state| ListRequests { state, page: PageRequest::default() };
    for (who, count) in [(&t.influencer, 1), (&t.sponsor, 1), (&stranger, 0)] {
        assert_eq!(t.market.run(who, list(None)).await.unwrap().items.len(), count);
    }
    let inside = |state| ListCampaignRequests { campaign: t.campaign, state, page: PageRequest::default() };
    assert_eq!(code(t.market.run(&stranger, inside(None)).await), "forbidden");
    t.market.run(&t.sponsor, t.reject(request, 1)).await.unwrap();
    for (state, count) in [(RequestState::Open, 0), (RequestState::Rejected, 1)] {
        assert_eq!(t.market.run(&t.sponsor, list(Some(state))).await.unwrap().items.len(), count);
        assert_eq!(t.market.run(&t.sponsor, inside(Some(state))).await.unwrap().items.len(), count);
    }
}
