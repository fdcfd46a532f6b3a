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
async fn a_draft_is_seen_by_its_sponsor_and_admins_alone() {
    let market = Market::open();
    let pending = market.account(Role::Sponsor, AccountState::Pending).await;
    let (other, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let campaign = market.draft(&pending, 1000).await;
    for (who, seen) in
        [(None, false), (Some(&other), false), (Some(&influencer), false), (Some(&pending), true), (Some(&admin), true)]
    {
        assert_eq!(sees(&market, who, campaign).await, seen, "{who:?}");
    }
    assert_eq!(code(market.run(&other, budget(campaign, 5)).await), "not_found");
    assert_eq!(code(market.run(&influencer, Apply { campaign, offer: offer(1) }).await), "not_found");
    assert_eq!(code(market.publish(&pending, campaign).await), "forbidden", "a sponsor who waits for approval");
    market.sound().await;
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
async fn a_closing_campaign_ends_with_its_last_collaboration_and_the_rest_goes_back() {
    for (cancelled, ending) in [(false, CampaignState::Completed), (true, CampaignState::Cancelled)] {
        let market = Market::open();
        let (sponsor, one, two, three) =
            (market.sponsor().await, market.influencer().await, market.influencer().await, market.influencer().await);
        let campaign = market.campaign(&sponsor, 1000).await;
        let first = market.agree(&sponsor, &one, campaign, 300).await;
        let second = market.agree(&sponsor, &two, campaign, 200).await;
        let open = market.apply(&three, campaign, 100).await;
        if cancelled {
            market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
        } else {
            market.run(&sponsor, CompleteCampaign { campaign }).await.unwrap();
        }
        assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Closing);
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 500, "nothing goes back while work is open");

        assert_eq!(
            market.run(&three, ViewRequest { request: open }).await.unwrap().state,
            RequestState::Expired,
            "from that instant"
        );
        assert_eq!(code(market.accept(&sponsor, open, 1).await), "campaign_ended");
        assert_eq!(market.request_now(open).await.state, RequestState::Open, "no job ran");
        market.pass(0).await;
        assert_eq!(market.request_now(open).await.state, RequestState::Expired);
        assert_eq!(market.told(&three).await, [Notice::RequestExpired]);
        assert!(market.told(&sponsor).await.contains(&Notice::RequestExpired));

        market.run(&two, StepDown { collaboration: second, reason: "ill".into() }).await.unwrap();
        assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Closing);
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 700);
        market.submit(&one, first).await.unwrap();
        market.run(&sponsor, ApproveWork { collaboration: first }).await.unwrap();
        assert_eq!(market.campaign_now(campaign).await.state, ending);
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 0);
        assert_eq!(market.balance(LedgerAccount::Outside).await, -300, "700 of 1000 went back");
        market.sound().await;
    }
}

#[tokio::test]
async fn at_the_end_of_its_last_day_a_campaign_is_over_before_any_job_says_so() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let terms = || crate::request::OfferInput { due: "2026-05-20".into(), ..offer(50) };
    let working = market.run(&one, Apply { campaign, offer: terms() }).await.unwrap().request.id;
    market.accept(&sponsor, working, 1).await.unwrap();
    market.clock.set("2026-04-30T23:00:00Z".parse().unwrap());
    let request = market.run(&two, Apply { campaign, offer: terms() }).await.unwrap().request;
    assert_eq!(request.expires_at, "2026-05-01T00:00:00Z".parse().unwrap(), "with the campaign, if that is sooner");
    market.clock.set("2026-05-01T00:00:00Z".parse().unwrap());
    assert!(!sees(&market, None, campaign).await);
    assert_eq!(code(market.accept(&sponsor, request.id, 1).await), "campaign_ended");
    assert_eq!(code(market.run(&one, Apply { campaign, offer: terms() }).await), "campaign_ended");
    assert_eq!(code(market.run(&sponsor, PauseCampaign { campaign }).await), "campaign_ended");
    assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Active);
    market.work().await;
    let closing = market.campaign_now(campaign).await;
    assert_eq!((closing.state, closing.ending), (CampaignState::Closing, Some(CampaignState::Completed)));
    assert!(market.told(&sponsor).await.contains(&Notice::CampaignEnded));
    assert_eq!(market.told(&two).await, [Notice::RequestExpired]);
    market.sound().await;
}

#[tokio::test]
async fn a_campaign_cut_short_ends_its_open_requests_by_the_clock() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let request = market.apply(&influencer, campaign, 100).await;
    let shorter = CampaignChanges { end: Some("2026-03-02".into()), ..CampaignChanges::default() };
    market.run(&sponsor, edit(campaign, shorter)).await.unwrap();
    market.clock.set("2026-03-03T00:00:00Z".parse().unwrap());
    let view = market.run(&influencer, ViewRequest { request }).await.unwrap();
    assert_eq!((view.state, view.your_turn), (RequestState::Expired, false));
    let counter = CounterOffer { request, offer: 1, terms: offer(90) };
    assert_eq!(code(market.run(&sponsor, counter).await), "campaign_ended");
    assert_eq!(code(market.run(&influencer, ConfirmOffer { request, offer: 1 }).await), "campaign_ended");
    assert_eq!(code(market.run(&influencer, WithdrawRequest { request, reason: String::new() }).await), "campaign_ended");
    market.pass(0).await;
    assert_eq!(market.request_now(request).await.state, RequestState::Expired);
    market.sound().await;
}

#[tokio::test]
async fn the_hundreds_of_requests_of_a_campaign_that_ends_are_all_written_off() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.campaign(&sponsor, 1000).await;
    let mut requests = Vec::new();
    for _ in 0..230 {
        let influencer = market.influencer().await;
        requests.push(market.apply(&influencer, campaign, 100).await);
    }
    market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
    assert_eq!(market.pass(0).await.failed, []);
    for request in requests {
        assert_eq!(market.request_now(request).await.state, RequestState::Expired);
    }
    assert!(!market.campaign_now(campaign).await.requests_to_close);
    market.sound().await;
}

#[tokio::test]
async fn a_draft_that_nothing_hangs_on_is_removed_and_one_with_money_is_cancelled() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let (bare, paid) = (market.draft(&sponsor, 1000).await, market.draft(&sponsor, 1000).await);
    market.fund(&sponsor, paid, 700).await;
    for campaign in [bare, paid] {
        market.run(&sponsor, RemoveCampaign { campaign, version: None }).await.unwrap();
    }
    assert_eq!(code(market.run(&sponsor, ViewCampaign { campaign: bare }).await), "not_found");
    assert_eq!(market.campaign_now(paid).await.state, CampaignState::Cancelled);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0, "it went back to where it came from");
    let drafted = market.draft(&sponsor, 1000).await;
    market.fund(&sponsor, drafted, 700).await;
    market.run(&sponsor, CancelCampaign { campaign: drafted }).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    market.sound().await;
}

#[tokio::test]
async fn a_draft_with_a_payment_under_way_is_not_forgotten() {
    let market = Market::open();
    let sponsor = market.sponsor().await;
    let campaign = market.draft(&sponsor, 1000).await;
    market.run(&sponsor, FundCampaign { campaign, amount: 500 }).await.unwrap();
    market.run(&sponsor, RemoveCampaign { campaign, version: None }).await.unwrap();
    let report = market.pass(0).await;
    assert_eq!(report.failed, [], "the payment can be counted, and goes back");
    assert_eq!(market.campaign_now(campaign).await.state, CampaignState::Cancelled);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
    market.sound().await;
}

#[tokio::test]
async fn a_budget_can_be_lowered_to_what_is_committed_and_not_below() {
    for settings in [Settings::default(), planned()] {
        let paying = settings.funding == Funding::Gateway;
        let market = Market::with(settings);
        let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
        let campaign = market.draft(&sponsor, 1000).await;
        if paying {
            market.fund(&sponsor, campaign, 1000).await;
        }
        market.publish(&sponsor, campaign).await.unwrap();
        let paid = market.agree(&sponsor, &one, campaign, 300).await;
        market.agree(&sponsor, &two, campaign, 200).await;
        market.submit(&one, paid).await.unwrap();
        market.run(&sponsor, ApproveWork { collaboration: paid }).await.unwrap();
        assert_eq!(code(market.run(&sponsor, budget(campaign, 499)).await), "below_committed");
        assert_eq!(code(market.run(&sponsor, budget(campaign, 0)).await), "required");
        assert_eq!(code(market.run(&sponsor, budget(campaign, -1)).await), "too_small");
        assert_eq!(code(market.run(&sponsor, budget(campaign, i64::MAX)).await), "too_large");
        assert_eq!(market.campaign_now(campaign).await.budget, Money(1000));
        market.run(&sponsor, budget(campaign, 500)).await.unwrap();
        let money = market.run(&sponsor, ViewCampaign { campaign }).await.unwrap().money.unwrap();
        assert_eq!((money.held, money.paid, money.available), (Money(200), Money(300), Money(0)));
        market.sound().await;
    }
}

#[tokio::test]
async fn what_can_be_promised_is_the_lesser_of_budget_and_funds() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&sponsor, 1000).await;
    market.publish(&sponsor, campaign).await.unwrap();
    let request = market.apply(&influencer, campaign, 400).await;
    assert_eq!(code(market.accept(&sponsor, request, 1).await), "over_budget", "nothing is paid in");
    market.fund(&sponsor, campaign, 399).await;
    let why = market.accept(&sponsor, request, 1).await.unwrap_err().to_string();
    assert!(why.contains("3.99") && why.contains("4.00"), "{why}");
    market.fund(&sponsor, campaign, 5000).await;
    market.run(&sponsor, budget(campaign, 399)).await.unwrap();
    assert_eq!(code(market.accept(&sponsor, request, 1).await), "over_budget", "the budget is the bound");
    assert_eq!(market.request_now(request).await.state, RequestState::Open, "nothing of it happened");
    market.run(&sponsor, budget(campaign, 400)).await.unwrap();
    market.accept(&sponsor, request, 1).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn planned_money_follows_the_budget_and_leaves_with_the_campaign() {
    let market = Market::with(planned());
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&sponsor, 1000).await;
    assert_eq!(code(market.run(&sponsor, FundCampaign { campaign, amount: 5 }).await), "planned");
    market.run(&sponsor, budget(campaign, 900)).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::External).await, 0, "a draft plans nothing");
    market.publish(&sponsor, campaign).await.unwrap();
    for wanted in [900, 1500, 400] {
        market.run(&sponsor, budget(campaign, wanted)).await.unwrap();
        assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, wanted);
        assert_eq!(market.balance(LedgerAccount::External).await, -wanted);
    }
    let work = market.agree(&sponsor, &influencer, campaign, 300).await;
    assert_eq!(code(market.run(&sponsor, budget(campaign, 299)).await), "below_committed");
    market.submit(&influencer, work).await.unwrap();
    market.run(&sponsor, CompleteCampaign { campaign }).await.unwrap();
    market.run(&sponsor, ApproveWork { collaboration: work }).await.unwrap();
    assert_eq!(market.balance(LedgerAccount::External).await, -300);
    assert_eq!(market.balance(LedgerAccount::Outside).await, 0);
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
async fn a_private_campaign_is_known_to_those_it_concerns_alone() {
    let market = Market::open();
    let (sponsor, admin) = (market.sponsor().await, market.admin().await);
    let (invited, working, stranger) = (market.influencer().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    market.run(&sponsor, private(campaign)).await.unwrap();
    let invitation = market.invite(&sponsor, campaign, &invited, 100).await;
    let accepted = market.invite(&sponsor, campaign, &working, 100).await;
    market.accept(&working, accepted, 1).await.unwrap();
    let other = market.sponsor().await;
    for (who, seen) in [
        (None, false),
        (Some(&stranger), false),
        (Some(&other), false),
        (Some(&sponsor), true),
        (Some(&admin), true),
        (Some(&invited), true),
        (Some(&working), true),
    ] {
        assert_eq!(sees(&market, who, campaign).await, seen, "{who:?}");
    }
    assert_eq!(code(market.run(&stranger, Apply { campaign, offer: offer(1) }).await), "not_found");
    assert_eq!(market.run(&invited, ViewCampaign { campaign }).await.unwrap().money, None, "its money is its sponsor's affair");
    market.run(&sponsor, WithdrawRequest { request: invitation, reason: String::new() }).await.unwrap();
    assert!(!sees(&market, Some(&invited), campaign).await, "a withdrawn invitation hides it again");
    market.sound().await;
}

#[tokio::test]
async fn who_has_applied_reads_on_when_the_campaign_turns_private_until_the_request_is_over() {
    let market = Market::open();
    let (sponsor, applied, other) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let request = market.apply(&applied, campaign, 100).await;
    market.run(&sponsor, private(campaign)).await.unwrap();
    assert_eq!(code(market.run(&other, ViewCampaign { campaign }).await), "not_found");
    market.run(&applied, ViewCampaign { campaign }).await.unwrap();
    assert_ne!(market.run(&applied, ViewRequest { request }).await.unwrap().campaign_title, "");
    market.run(&applied, WithdrawRequest { request, reason: String::new() }).await.unwrap();
    assert_eq!(code(market.run(&applied, ViewCampaign { campaign }).await), "not_found");
    market.sound().await;
}

#[tokio::test]
async fn a_withdrawn_or_expired_invitation_hides_what_a_private_campaign_is_called_now() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    market.run(&sponsor, private(campaign)).await.unwrap();
    let withdrawn = market.invite(&sponsor, campaign, &one, 100).await;
    market.invite(&sponsor, campaign, &two, 100).await;
    market.run(&sponsor, WithdrawRequest { request: withdrawn, reason: String::new() }).await.unwrap();
    market.clock.advance(jiff::SignedDuration::from_hours(7 * 24));
    let renamed = CampaignChanges { title: Some("A secret plan".into()), ..CampaignChanges::default() };
    market.run(&sponsor, edit(campaign, renamed)).await.unwrap();
    for influencer in [&one, &two] {
        assert!(!sees(&market, Some(influencer), campaign).await);
        let listed = market.run(influencer, ListRequests { state: None, page: PageRequest::default() }).await.unwrap();
        assert_eq!(listed.items[0].campaign_title, "");
        let viewed = market.run(influencer, ViewRequest { request: listed.items[0].request.id }).await.unwrap();
        assert_eq!(viewed.campaign_title, "");
    }
    let mine = market.run(&sponsor, ViewRequest { request: withdrawn }).await.unwrap();
    assert_eq!(mine.campaign_title, "A secret plan");
    market.sound().await;
}

#[tokio::test]
async fn the_campaigns_of_a_suspended_sponsor_are_not_listed() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    assert!(sees(&market, Some(&influencer), campaign).await);
    market.set_state(&sponsor, AccountState::Suspended).await;
    assert!(!sees(&market, Some(&influencer), campaign).await);
    assert_eq!(code(market.run(&influencer, Apply { campaign, offer: offer(1) }).await), "not_found");
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

#[tokio::test]
async fn an_ended_campaign_is_history_and_its_agreements_keep_their_words() {
    let market = Market::open();
    let (sponsor, one, two) = (market.sponsor().await, market.influencer().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let work = market.agree(&sponsor, &one, campaign, 100).await;
    let rejected: RequestId = market.apply(&two, campaign, 100).await;
    market.run(&sponsor, RejectRequest { request: rejected, offer: 1, reason: "no".into() }).await.unwrap();
    market.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
    assert_eq!(market.collaboration_now(work).await.state, CollaborationState::Active);
    assert_eq!(market.request_now(rejected).await.state, RequestState::Rejected, "only open requests expire");
    assert_eq!(code(market.run(&sponsor, budget(campaign, 5000)).await), "campaign_ended");
    market.sound().await;
}
