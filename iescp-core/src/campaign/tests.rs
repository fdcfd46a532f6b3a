//! Campaigns, one sentence a test: here their states and words.

mod budget;
mod endings;
mod privacy;

use super::*;
use crate::{
    Actor, PageRequest, Settings,
    account::Role,
    collaboration::{ApproveWork, CollaborationState, StepDown},
    fixture::{Market, code, offer},
    id::RequestId,
    ledger::{FundCampaign, LedgerAccount, fund},
    notification::Notice,
    request::{
        Apply, ConfirmOffer, CounterOffer, Invite, ListRequests, RejectRequest, RequestState, ViewRequest, WithdrawRequest,
    },
    settings::Funding,
};

fn planned() -> Settings {
    Settings { funding: Funding::Planned, ..Settings::default() }
}

fn edit(campaign: CampaignId, changes: CampaignChanges) -> EditCampaign {
    EditCampaign { campaign, changes, version: None }
}

fn budget(campaign: CampaignId, budget: i64) -> EditCampaign {
    edit(campaign, CampaignChanges { budget: Some(budget), ..CampaignChanges::default() })
}

fn goals(campaign: CampaignId, goals: &str) -> EditCampaign {
    edit(campaign, CampaignChanges { goals: Some(goals.into()), ..CampaignChanges::default() })
}

fn private(campaign: CampaignId) -> EditCampaign {
    edit(campaign, CampaignChanges { visibility: Some("private".into()), ..CampaignChanges::default() })
}

async fn sees(market: &Market, who: Option<&Account>, campaign: CampaignId) -> bool {
    let actor = who.map_or_else(Actor::visitor, |who| Actor::account(who.id));
    market.platform.run(&actor, ViewCampaign { campaign }).await.is_ok()
}

#[tokio::test]
async fn a_campaign_is_published_when_it_is_complete_and_its_dates_make_sense() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let bare = CampaignInput { title: "Bare".into(), ..CampaignInput::default() };
    let bare = market.run(&sponsor, DraftCampaign { input: bare }).await.unwrap().campaign.id;
    let Err(Error::Invalid(missing)) = market.publish(&sponsor, bare).await else { panic!("a bare draft was published") };
    let fields: Vec<&str> = missing.iter().map(|wrong| wrong.field.as_str()).collect();
    assert_eq!(fields, ["goals", "niches", "start", "end", "budget"]);

    let campaign = market.draft(&sponsor, 1000).await;
    let days =
        |start: &str, end: &str| CampaignChanges { start: Some(start.into()), end: Some(end.into()), ..Default::default() };
    for (start, end, wrong) in
        [("2026-03-05", "2026-03-04", "before_start"), ("2026-01-01", "2026-02-28", "past"), ("2026-3-5", "2026-04-01", "date")]
    {
        assert_eq!(code(market.run(&sponsor, edit(campaign, days(start, end))).await), wrong);
    }
    assert!(!sees(&market, None, campaign).await);
    market.publish(&sponsor, campaign).await.unwrap();
    assert!(sees(&market, None, campaign).await, "it is listed");
    assert_eq!(code(market.publish(&sponsor, campaign).await), "campaign_state");
    let gone = edit(campaign, CampaignChanges { goals: Some(String::new()), ..CampaignChanges::default() });
    assert_eq!(code(market.run(&sponsor, gone).await), "required", "a published campaign stays complete");
    assert_eq!(code(market.run(&influencer, PauseCampaign { campaign }).await), "forbidden");
}

#[tokio::test]
async fn a_draft_whose_last_day_is_over_cannot_be_published() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    market.clock.set("2026-05-01T00:00:00Z".parse().unwrap());
    assert_eq!(code(market.publish(&sponsor, campaign).await), "past");
}

/// What no row of the table allows is refused, and changes nothing.
#[tokio::test]
async fn each_state_allows_what_its_rows_allow() {
    use CampaignState::{Active, Cancelled, Closing, Completed, Draft, Paused};
    // For each state: publish, pause, resume, complete, cancel, remove, edit, fund, apply.
    let table = [
        (Draft, ["done", "campaign_state", "campaign_state", "campaign_state", "done", "done", "done", "done", "not_found"]),
        (Active, ["campaign_state", "done", "campaign_state", "done", "done", "campaign_state", "done", "done", "done"]),
        (Paused, ["campaign_state", "campaign_state", "done", "done", "done", "campaign_state", "done", "done", "not_found"]),
        (
            Closing,
            [
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_ended",
                "campaign_ended",
                "not_found",
            ],
        ),
        (
            Completed,
            [
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_ended",
                "campaign_ended",
                "not_found",
            ],
        ),
        (
            Cancelled,
            [
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_state",
                "campaign_ended",
                "campaign_ended",
                "not_found",
            ],
        ),
    ];
    for (state, answers) in table {
        for (which, wanted) in answers.into_iter().enumerate() {
            let market = Market::open();
            let (sponsor, influencer, stranger) = (market.sponsor().await, market.influencer().await, market.influencer().await);
            let campaign =
                if state == Draft { market.draft(&sponsor, 1000).await } else { market.campaign(&sponsor, 1000).await };
            if state == Closing {
                market.agree(&sponsor, &influencer, campaign, 10).await;
            }
            match state {
                Paused => drop(market.run(&sponsor, PauseCampaign { campaign }).await.unwrap()),
                Closing | Completed => drop(market.run(&sponsor, CompleteCampaign { campaign }).await.unwrap()),
                Cancelled => drop(market.run(&sponsor, CancelCampaign { campaign }).await.unwrap()),
                Draft | Active => {}
            }
            assert_eq!(market.campaign_now(campaign).await.state, state);
            let before = market.platform.store().latest();
            let said = match which {
                0 => code(market.publish(&sponsor, campaign).await),
                1 => code(market.run(&sponsor, PauseCampaign { campaign }).await),
                2 => code(market.run(&sponsor, ResumeCampaign { campaign }).await),
                3 => code(market.run(&sponsor, CompleteCampaign { campaign }).await),
                4 => code(market.run(&sponsor, CancelCampaign { campaign }).await),
                5 => code(market.run(&sponsor, RemoveCampaign { campaign, version: None }).await),
                6 => code(market.run(&sponsor, goals(campaign, "Other words.")).await),
                7 => code(fund(&market.platform, &Actor::account(sponsor.id), None, FundCampaign { campaign, amount: 5 }).await),
                _ => code(market.run(&stranger, Apply { campaign, offer: offer(5) }).await),
            };
            assert_eq!(said, wanted, "number {which} on a campaign that is {}", state.word());
            assert_eq!(market.platform.store().latest() == before, wanted != "done");
            market.sound().await;
        }
    }
}

#[tokio::test]
async fn a_paused_campaign_takes_nothing_new_and_its_collaborations_go_on() {
    let market = Market::open();
    let (sponsor, one, two, three) =
        (market.sponsor().await, market.influencer().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let work = market.agree(&sponsor, &one, campaign, 100).await;
    let open = market.apply(&two, campaign, 100).await;
    market.run(&sponsor, PauseCampaign { campaign }).await.unwrap();
    assert!(!sees(&market, None, campaign).await, "it is not listed");
    assert_eq!(code(market.accept(&sponsor, open, 1).await), "campaign_paused");
    assert_eq!(code(market.run(&sponsor, Invite { campaign, influencer: three.id, offer: offer(1) }).await), "campaign_paused");
    assert_eq!(code(market.run(&one, Apply { campaign, offer: offer(1) }).await), "campaign_paused", "who works in it knows it");
    market.submit(&one, work).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    market.run(&sponsor, ResumeCampaign { campaign }).await.unwrap();
    market.accept(&sponsor, open, 1).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn edited_words_void_offers_until_their_makers_confirm_them() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let applied = market.apply(&one, campaign, 100).await;
    let invited = market.invite(&sponsor, campaign, &two, 100).await;
    let market_only = CampaignChanges { niches: Some(vec!["food".into()]), ..CampaignChanges::default() };
    market.run(&sponsor, edit(campaign, market_only)).await.unwrap();
    assert!(!market.run(&one, ViewRequest { request: applied }).await.unwrap().voided, "nobody is bound to a niche");
    market.run(&sponsor, goals(campaign, "Be heard.")).await.unwrap();
    assert!(market.run(&one, ViewRequest { request: applied }).await.unwrap().voided);
    market.pass(0).await;
    assert_eq!(market.told(&one).await, [Notice::OfferVoided]);
    assert_eq!(market.told(&two).await, [Notice::InvitationReceived], "the offer was not theirs");
    assert_eq!(market.told(&sponsor).await, [Notice::ApplicationReceived, Notice::OfferVoided]);
    market.pass(0).await;
    assert_eq!(market.told(&one).await.len(), 1, "told once");

    assert_eq!(code(market.accept(&sponsor, applied, 1).await), "offer_voided");
    assert_eq!(code(market.accept(&two, invited, 1).await), "offer_voided");
    assert_eq!(code(market.run(&sponsor, ConfirmOffer { request: applied, offer: 1 }).await), "your_turn");
    assert_eq!(code(market.run(&one, ConfirmOffer { request: applied, offer: 2 }).await), "offer_changed");
    market.run(&one, ConfirmOffer { request: applied, offer: 1 }).await.unwrap();
    assert_eq!(code(market.run(&one, ConfirmOffer { request: applied, offer: 1 }).await), "not_voided");
    assert!(market.told(&sponsor).await.contains(&Notice::OfferConfirmed));
    market.accept(&sponsor, applied, 1).await.unwrap();
    let counter = CounterOffer { request: invited, offer: 1, terms: offer(90) };
    market.run(&two, counter).await.unwrap();
    market.accept(&sponsor, invited, 2).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn every_one_of_hundreds_of_makers_is_told_once_that_the_words_changed() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let mut makers = Vec::new();
    for _ in 0..230 {
        let influencer = market.influencer().await;
        market.apply(&influencer, campaign, 100).await;
        makers.push(influencer);
    }
    market.run(&sponsor, goals(campaign, "Be heard.")).await.unwrap();
    assert_eq!(market.pass(0).await.failed, []);
    for maker in makers {
        assert_eq!(market.told(&maker).await, [Notice::OfferVoided]);
    }
    assert_eq!(market.campaign_now(campaign).await.untold_after, None);
    market.sound().await;
}

#[tokio::test]
async fn a_flagged_campaign_takes_no_requests_or_acceptances_and_its_collaborations_go_on() {
    let market = Market::open();
    let (sponsor, one, two, admin) =
        (market.sponsor().await, market.influencer().await, market.influencer().await, market.admin().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let work = market.agree(&sponsor, &one, campaign, 100).await;
    let open = market.apply(&two, campaign, 100).await;
    let flag = |reason: &str| FlagCampaign { campaign, reason: reason.into() };
    assert_eq!(code(market.run(&sponsor, flag("no")).await), "forbidden");
    assert_eq!(code(market.run(&admin, flag(" ")).await), "required");
    market.run(&admin, flag("a scam")).await.unwrap();
    assert_eq!(code(market.run(&admin, flag("again")).await), "flagged");
    assert!(!sees(&market, None, campaign).await);
    assert_eq!(code(market.accept(&sponsor, open, 1).await), "campaign_flagged");
    assert_eq!(code(market.run(&one, Apply { campaign, offer: offer(1) }).await), "campaign_flagged");
    let seen = market.run(&one, ViewCampaign { campaign }).await.unwrap();
    assert_eq!(seen.campaign.flagged, Some(Prose::default()), "the reason is for its sponsor and admins");
    market.submit(&one, work).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    market.run(&admin, UnflagCampaign { campaign }).await.unwrap();
    assert_eq!(code(market.run(&admin, UnflagCampaign { campaign }).await), "not_flagged");
    market.accept(&sponsor, open, 1).await.unwrap();
    let told = market.told(&sponsor).await;
    assert!(told.contains(&Notice::CampaignFlagged) && told.contains(&Notice::CampaignUnflagged));
    market.sound().await;
}

#[tokio::test]
async fn an_edit_of_what_somebody_else_changed_meanwhile_is_refused() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let version = Some(market.run(&sponsor, ViewCampaign { campaign }).await.unwrap().version);
    market.run(&sponsor, EditCampaign { version, ..goals(campaign, "First.") }).await.unwrap();
    assert_eq!(code(market.run(&sponsor, EditCampaign { version, ..goals(campaign, "Second.") }).await), "stale");
}
