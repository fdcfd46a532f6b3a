//! Many at once: a budget is never promised twice, whoever runs beside.
//!
//! A hundred rounds in memory and twenty on disk; `RACE_ROUNDS` sets how many in memory, and a fifth of it on disk.

use crate::{
    Actor, Error, IdempotencyKey, Once, Operation, Result, Settings, Tx,
    account::{Account, AccountState},
    campaign::{CampaignChanges, CampaignState, CancelCampaign, EditCampaign, FlagCampaign, PublishCampaign},
    fixture::{Market, code, offer},
    id::{CampaignId, RequestId},
    ledger::{FundCampaign, LedgerAccount},
    policy::Action,
    request::{AcceptOffer, Apply, RequestState, RequestView},
    store::{MemoryStore, SledOptions, SledStore},
};
use tokio::task::JoinSet;

const RUNNERS: usize = 64;
const PLACES: usize = 10;
const AMOUNT: i64 = 100;

/// A campaign with a budget for ten and applications of sixty-four.
struct Rush {
    sponsor: Account,
    influencers: Vec<Account>,
    campaign: CampaignId,
    requests: Vec<RequestId>,
}

impl Rush {
    async fn in_a(market: &Market) -> Self {
        let sponsor = market.sponsor().await;
        let campaign = market.campaign(&sponsor, PLACES as i64 * AMOUNT).await;
        let mut applying = JoinSet::new();
        let mut influencers = Vec::new();
        for _ in 0..RUNNERS {
            let influencer = market.influencer().await;
            let (platform, actor) = (market.platform.clone(), Actor::account(influencer.id));
            applying.spawn(async move { platform.run(&actor, Apply { campaign, offer: offer(AMOUNT) }).await });
            influencers.push(influencer);
        }
        let requests = applying.join_all().await.into_iter().map(|applied| applied.unwrap().request.id).collect();
        Self { sponsor, influencers, campaign, requests }
    }

    /// Everybody is accepted at once, by turns on each of the nodes.
    fn accept_all(&self, nodes: &[Market]) -> JoinSet<crate::Result<RequestView>> {
        let mut accepting = JoinSet::new();
        for (request, market) in self.requests.clone().into_iter().zip(nodes.iter().cycle()) {
            let (platform, actor) = (market.platform.clone(), Actor::account(self.sponsor.id));
            accepting
                .spawn(async move { platform.run(&actor, AcceptOffer { request, offer: 1, signed: "A. Person".into() }).await });
        }
        accepting
    }

    async fn held(&self, market: &Market) -> i64 {
        market.counter(crate::ledger::held(self.campaign)).await
    }
}

fn rounds() -> usize {
    std::env::var("RACE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(100)
}

async fn sixty_four_for_ten(market: &Market) {
    sixty_four_on_nodes(market, std::slice::from_ref(market)).await;
}

/// Accepts them on several platforms over one store.
async fn sixty_four_on_nodes(market: &Market, nodes: &[Market]) {
    let rush = Rush::in_a(market).await;
    let answers = rush.accept_all(nodes).join_all().await;
    let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(accepted, PLACES);
    for refused in answers.into_iter().filter(Result::is_err) {
        assert!(!matches!(refused, Err(Error::Busy)), "nobody is told busy");
        assert_eq!(code(refused), "over_budget");
    }
    assert_eq!(market.balance(LedgerAccount::Budget(rush.campaign)).await, 0);
    assert_eq!(rush.held(market).await, PLACES as i64 * AMOUNT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_exactly_ten_are_accepted_in_memory() {
    for _ in 0..rounds() {
        let market = Market::open();
        sixty_four_for_ten(&market).await;
        market.invariants_hold().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_exactly_ten_are_accepted_on_disk() {
    let directory = tempfile::tempdir().unwrap();
    let market = Market::over(SledStore::open(directory.path(), SledOptions::default()).unwrap(), Settings::default());
    for _ in 0..rounds() / 5 {
        sixty_four_for_ten(&market).await;
    }
    market.sound().await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_on_two_nodes_exactly_ten_are_accepted() {
    use crate::{
        check::{Options, check},
        store::{PostgresOptions, PostgresStore},
    };
    let cluster = super::cluster::Cluster::start();
    let mut nodes = Vec::new();
    for _ in 0..2 {
        let store = PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await.unwrap();
        nodes.push(Market::over(store, Settings::default()));
    }
    for _ in 0..rounds() / 5 {
        sixty_four_on_nodes(&nodes[0], &nodes).await;
    }
    // Ids of two nodes are in the order of their clocks, not of what happened: what held at every moment cannot be asked here.
    let report = check(&nodes[1].platform, &Actor::terminal(), Options::default(), &mut |_| ()).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings.first());
}

/// Whatever else happens to the campaign meanwhile: what was accepted was accepted before it, and fits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn acceptances_race_with_what_ends_them() {
    for round in 0..rounds() / 2 {
        let market = Market::over(MemoryStore::new(), Settings::default());
        let (rush, admin) = (Rush::in_a(&market).await, market.admin().await);
        let (campaign, platform) = (rush.campaign, market.platform.clone());
        let sponsor = Actor::account(rush.sponsor.id);
        let mut accepting = rush.accept_all(std::slice::from_ref(&market));
        let why: &[&str] = match round % 5 {
            0 => {
                let changes = CampaignChanges { budget: Some(AMOUNT * 3), ..CampaignChanges::default() };
                let lowered = platform.run(&sponsor, EditCampaign { campaign, changes, version: None }).await;
                let answer = code(lowered);
                assert!(["done", "below_committed"].contains(&answer), "{answer}");
                &["over_budget"]
            }
            1 => {
                platform.run(&sponsor, CancelCampaign { campaign }).await.unwrap();
                &["over_budget", "campaign_ended"]
            }
            2 => {
                let flag = FlagCampaign { campaign, reason: "odd".into() };
                platform.run(&Actor::account(admin.id), flag).await.unwrap();
                &["over_budget", "campaign_flagged"]
            }
            3 => {
                market.set_state(&rush.sponsor, AccountState::Suspended).await;
                &["over_budget", "signed_out", "party_inactive"]
            }
            _ => {
                for influencer in rush.influencers.iter().take(30) {
                    market.set_state(influencer, AccountState::Suspended).await;
                }
                &["over_budget", "party_inactive"]
            }
        };
        let mut accepted = 0;
        while let Some(answer) = accepting.join_next().await {
            let answer = code(answer.unwrap());
            accepted += usize::from(answer == "done");
            assert!(answer == "done" || why.contains(&answer), "{answer} in round {round}");
        }
        assert!(accepted <= PLACES);
        let written = {
            let mut written = 0;
            for request in &rush.requests {
                written += usize::from(market.request_now(*request).await.state == RequestState::Accepted);
            }
            written
        };
        assert_eq!(written, accepted, "what was answered is what was written");
        assert_eq!(rush.held(&market).await, accepted as i64 * AMOUNT);
        let record = market.campaign_now(campaign).await;
        assert!(record.budget.0 >= accepted as i64 * AMOUNT, "a budget is not lowered below what is committed");
        if round % 5 == 1 && accepted == 0 {
            assert_eq!(record.state, CampaignState::Cancelled);
        }
        market.sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_collaborations_of_a_closing_campaign_may_all_end_at_once() {
    for _ in 0..rounds() / 5 {
        let market = Market::open();
        let rush = Rush::in_a(&market).await;
        let accepted: Vec<RequestView> =
            rush.accept_all(std::slice::from_ref(&market)).join_all().await.into_iter().filter_map(Result::ok).collect();
        let mut ending = JoinSet::new();
        for view in accepted {
            let (platform, actor) = (market.platform.clone(), Actor::account(view.request.influencer));
            let step_down = crate::collaboration::StepDown { collaboration: view.collaboration.unwrap(), reason: "Ill.".into() };
            ending.spawn(async move { platform.run(&actor, step_down).await.map(drop) });
        }
        market.run(&rush.sponsor, CancelCampaign { campaign: rush.campaign }).await.unwrap();
        assert!(ending.join_all().await.iter().all(Result::is_ok));
        assert_eq!(market.campaign_now(rush.campaign).await.state, CampaignState::Cancelled);
        assert_eq!(market.balance(LedgerAccount::Outside).await, 0, "all of it went back");
        market.sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_equal_requests_have_one_effect_and_one_answer() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let mut asking = JoinSet::new();
    for _ in 0..16 {
        let (platform, actor) = (market.platform.clone(), Actor::account(influencer.id));
        let key = Some(IdempotencyKey { key: "k".into(), route: "apply".into(), fingerprint: "f".into() });
        asking.spawn(async move { platform.run_once(&actor, key, Apply { campaign, offer: offer(AMOUNT) }).await });
    }
    let answers: Vec<Once<RequestView>> = asking.join_all().await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(answers.iter().all(|answer| answer.output == answers[0].output));
    let request = answers[0].output.request.id;
    let mut accepting = JoinSet::new();
    for _ in 0..16 {
        let (platform, actor) = (market.platform.clone(), Actor::account(sponsor.id));
        let key = Some(IdempotencyKey { key: "k".into(), route: "accept".into(), fingerprint: "f".into() });
        let accept = AcceptOffer { request, offer: 1, signed: "A. Person".into() };
        accepting.spawn(async move { platform.run_once(&actor, key, accept).await });
    }
    let answers: Vec<Once<RequestView>> = accepting.join_all().await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| answer.output == answers[0].output));
    assert_eq!(market.balance(LedgerAccount::Budget(campaign)).await, 1000 - AMOUNT);
    market.sound().await;
}

/// An application that is made by an equal request just before this one would be refused for it.
struct Overtaken(CampaignId);

fn applying() -> Option<IdempotencyKey> {
    Some(IdempotencyKey { key: "k".into(), route: "apply".into(), fingerprint: "f".into() })
}

impl Operation for Overtaken {
    type Output = RequestView;
    const ACTION: Action = Action::Apply;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<RequestView> {
        let equal = Apply { campaign: self.0, offer: offer(AMOUNT) };
        tx.platform().run_once(tx.actor(), applying(), equal).await?;
        Err(Error::not_now("request_exists", "There is one already."))
    }
}

#[tokio::test]
async fn who_is_refused_because_an_equal_request_was_quicker_is_answered_as_that_was() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.campaign(&sponsor, 1000).await;
    let actor = Actor::account(influencer.id);
    let second = market.platform.run_once(&actor, applying(), Overtaken(campaign)).await.unwrap();
    let third = market.platform.run_once(&actor, applying(), Apply { campaign, offer: offer(AMOUNT) }).await.unwrap();
    assert!(second.replayed && third.replayed);
    assert_eq!(second.output, third.output);
    market.sound().await;
}

#[tokio::test]
async fn a_key_of_a_request_that_was_refused_or_changed_nothing_may_be_used_again() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    let campaign = market.draft(&sponsor, 1000).await;
    let key = || Some(IdempotencyKey { key: "k".into(), route: "publish".into(), fingerprint: "f".into() });
    let actor = Actor::account(sponsor.id);
    market.set_state(&sponsor, AccountState::Pending).await;
    let refused = market.platform.run_once(&actor, key(), PublishCampaign { campaign }).await;
    assert_eq!(code(refused), "forbidden");
    market.set_state(&sponsor, AccountState::Active).await;
    assert!(!market.platform.run_once(&actor, key(), PublishCampaign { campaign }).await.unwrap().replayed);
    assert!(market.platform.run_once(&actor, key(), PublishCampaign { campaign }).await.unwrap().replayed);

    let block = || crate::message::BlockAccount { account: influencer.id };
    market.run(&sponsor, block()).await.unwrap();
    let other = Some(IdempotencyKey { key: "k".into(), route: "block".into(), fingerprint: "f".into() });
    market.platform.run_once(&actor, other, block()).await.unwrap();
    market.sound().await;
}

#[tokio::test]
async fn a_payment_begun_while_its_draft_is_removed_is_refused_or_has_a_place_to_go() {
    for _ in 0..50 {
        let market = Market::open();
        let sponsor = market.sponsor().await;
        let campaign = market.draft(&sponsor, 1000).await;
        let (platform, actor) = (market.platform.clone(), Actor::account(sponsor.id));
        let paying = tokio::spawn(async move { platform.run(&actor, FundCampaign { campaign, amount: 50 }).await });
        market.run(&sponsor, crate::campaign::RemoveCampaign { campaign, version: None }).await.unwrap();
        let answer = code(paying.await.unwrap());
        assert!(["done", "not_found", "campaign_ended"].contains(&answer), "{answer}");
        assert_eq!(market.pass(1).await.failed, []);
        market.sound().await;
    }
}
