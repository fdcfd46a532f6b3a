//! Walks both: whatever is done, the platform answers what the model answers, holds what the model holds, and is sound.
//!
//! Sixty walks in memory, six on disk and, with that feature, four on PostgreSQL; `PROPTEST_CASES` sets how many in memory, and a
//! tenth of it elsewhere.

use super::{
    acts::{Act, CampaignAct, Named, RequestAct, Terms, Who, WorkAct, next, opening},
    model::{CAP, Model, PEOPLE, SPONSORS},
};
#[cfg(feature = "postgres")]
use crate::store::{PostgresOptions, PostgresStore};
use crate::{
    Actor, Operation, Result, Settings,
    account::{Account, AccountState},
    campaign::{
        Campaign, CampaignChanges, CancelCampaign, CompleteCampaign, DraftCampaign, EditCampaign, FlagCampaign, PauseCampaign,
        PublishCampaign, RemoveCampaign, ResumeCampaign, UnflagCampaign, ViewCampaign,
    },
    collaboration::{
        AcceptSplit, ApproveWork, CancelOverdue, Collaboration, LeaveReview, OpenDispute, ProposeSplit, RequestChanges,
        RuleDispute, StepDown, SubmitWork, SubmittedWorkInput, WithdrawDispute, WithdrawSplit,
    },
    fixture::{Market, code},
    id::{CampaignId, CollaborationId, RequestId},
    ledger::{FundCampaign, LedgerAccount, RequestPayout, fund},
    request::{
        AcceptOffer, AmendOffer, Apply, ConfirmOffer, CounterOffer, DeliverableInput, Invite, OfferInput, RejectRequest, Request,
        WithdrawRequest,
    },
    run_due,
    settings::Funding,
    store::{MemoryStore, SledOptions, SledStore, Store},
};
use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// M1 to M8 are checked after each act, and all that is derived after so many.
const SOUND_EVERY: u64 = 10;

/// The most acts of one walk.
const STEPS: usize = 120;

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Self> {
        any::<bool>().prop_map(|planned| opening(planned).iter().fold(Self::new(planned), Self::does)).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Act> {
        next(state)
    }

    fn apply(state: Self, act: &Act) -> Self {
        state.does(act)
    }

    /// An act about something that is not there (as shrinking may leave it) is none.
    fn preconditions(state: &Self, act: &Act) -> bool {
        match act {
            Act::Campaign { campaign, .. }
            | Act::Flag { campaign, .. }
            | Act::Apply { campaign, .. }
            | Act::Invite { campaign, .. } => *campaign < state.campaigns.len(),
            Act::Request { request, .. } => *request < state.requests.len(),
            Act::Work { collaboration, .. } | Act::Rule { collaboration, .. } => *collaboration < state.collaborations.len(),
            _ => true,
        }
    }
}

/// The platform, and what the model calls by numbers.
struct Walk {
    runtime: Arc<Runtime>,
    market: Market,
    admin: Account,
    people: Vec<Account>,
    campaigns: Vec<CampaignId>,
    requests: Vec<RequestId>,
    collaborations: Vec<CollaborationId>,
    words: u64,
    steps: u64,
    _directory: Option<TempDir>,
}

fn begun() -> Timestamp {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

fn minutes(moment: Timestamp) -> i64 {
    moment.duration_since(begun()).as_mins()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

impl Walk {
    fn over(runtime: Runtime, store: impl Store, directory: Option<TempDir>, model: &Model) -> Self {
        let funding = if model.planned { Funding::Planned } else { Funding::Gateway };
        let mut settings = Settings { funding, ..Settings::default() };
        settings.caps.requests = CAP as u32;
        let runtime = Arc::new(runtime);
        let market = Market::over(store, settings);
        let (admin, people) = runtime.block_on(async {
            let mut people = Vec::new();
            for person in 0..PEOPLE {
                people.push(if person < SPONSORS { market.sponsor().await } else { market.influencer().await });
            }
            (market.admin().await, people)
        });
        let (campaigns, requests, collaborations) = (Vec::new(), Vec::new(), Vec::new());
        let mut walk = Self {
            runtime,
            market,
            admin,
            people,
            campaigns,
            requests,
            collaborations,
            words: 0,
            steps: 0,
            _directory: directory,
        };
        let mut so_far = Model::new(model.planned);
        for act in opening(model.planned) {
            so_far = so_far.does(&act);
            walk = walk.step(&so_far, &act);
        }
        walk
    }

    async fn run<O: Operation>(&self, by: usize, operation: O) -> Result<O::Output> {
        self.market.run(&self.people[by], operation).await
    }

    fn terms(&self, terms: &Terms) -> OfferInput {
        let now = self.market.platform.clock().now();
        let due = now + SignedDuration::from_hours(24 * terms.due_in);
        OfferInput {
            amount: terms.amount,
            deliverables: vec![DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 1, due: None }],
            due: self.market.platform.settings().day_of(due).to_string(),
            is_final: terms.is_final,
            expires_at: terms.expires_in.map(|minutes| (now + SignedDuration::from_mins(minutes)).to_string()),
            ..OfferInput::default()
        }
    }

    async fn does(&mut self, act: &Act) -> &'static str {
        match act {
            Act::Draft { sponsor, budget, days } => {
                let end = self.market.platform.clock().now() + SignedDuration::from_hours(24 * days);
                let mut input = Market::brief(*budget);
                input.rest.end = Some(self.market.platform.settings().day_of(end).to_string());
                input.rest.start = input.rest.end.clone();
                let made = self.run(*sponsor, DraftCampaign { input }).await;
                self.campaigns.extend(made.as_ref().map(|view| view.campaign.id));
                code(made)
            }
            Act::Campaign { campaign, by, what } => self.campaign(self.campaigns[*campaign], *by, what).await,
            Act::Flag { campaign, flagged } => {
                let campaign = self.campaigns[*campaign];
                if *flagged {
                    code(self.market.run(&self.admin, FlagCampaign { campaign, reason: "odd".into() }).await)
                } else {
                    code(self.market.run(&self.admin, UnflagCampaign { campaign }).await)
                }
            }
            Act::Apply { campaign, by, terms } => {
                let apply = Apply { campaign: self.campaigns[*campaign], offer: self.terms(terms) };
                let asked = self.run(*by, apply).await;
                self.requests.extend(asked.as_ref().map(|view| view.request.id));
                code(asked)
            }
            Act::Invite { campaign, by, whom, terms } => {
                let (campaign, influencer) = (self.campaigns[*campaign], self.people[*whom].id);
                let asked = self.run(*by, Invite { campaign, influencer, offer: self.terms(terms) }).await;
                self.requests.extend(asked.as_ref().map(|view| view.request.id));
                code(asked)
            }
            Act::Request { request, by, named, what } => self.negotiate(self.requests[*request], *by, *named, what).await,
            Act::Work { collaboration, by, what } => self.work(self.collaborations[*collaboration], *by, what).await,
            Act::Rule { collaboration, share } => {
                let collaboration = self.collaborations[*collaboration];
                let rule = RuleDispute { collaboration, to_influencer: *share, reasons: "So be it.".into() };
                code(self.market.run(&self.admin, rule).await)
            }
            Act::Payout { by, amount } => code(self.run(*by, RequestPayout { amount: *amount }).await),
            Act::Suspend { who, suspended } => {
                let state = if *suspended { AccountState::Suspended } else { AccountState::Active };
                self.market.set_state(&self.people[*who], state).await;
                "done"
            }
            Act::Pass { minutes } => {
                self.market.clock.advance(SignedDuration::from_mins(*minutes));
                "done"
            }
            Act::RunDue { was_up } => {
                if *was_up {
                    self.market.keep_up().await;
                }
                for _ in 0..3 {
                    let report = run_due(&self.market.platform, usize::MAX).await.unwrap();
                    assert_eq!(report.failed, []);
                }
                "done"
            }
        }
    }

    async fn campaign(&mut self, campaign: CampaignId, by: usize, what: &CampaignAct) -> &'static str {
        let changes = match what {
            CampaignAct::Look => return code(self.run(by, ViewCampaign { campaign }).await),
            CampaignAct::Publish => return code(self.run(by, PublishCampaign { campaign }).await),
            CampaignAct::Pause => return code(self.run(by, PauseCampaign { campaign }).await),
            CampaignAct::Resume => return code(self.run(by, ResumeCampaign { campaign }).await),
            CampaignAct::Complete => return code(self.run(by, CompleteCampaign { campaign }).await),
            CampaignAct::Cancel => return code(self.run(by, CancelCampaign { campaign }).await),
            CampaignAct::Remove => return code(self.run(by, RemoveCampaign { campaign, version: None }).await),
            CampaignAct::Fund(amount) => {
                let order = FundCampaign { campaign, amount: *amount };
                return code(fund(&self.market.platform, &Actor::account(self.people[by].id), None, order).await);
            }
            CampaignAct::Budget(budget) => CampaignChanges { budget: Some(*budget), ..CampaignChanges::default() },
            CampaignAct::Reword => {
                self.words += 1;
                CampaignChanges { goals: Some(format!("Goal {}.", self.words)), ..CampaignChanges::default() }
            }
            CampaignAct::Private(private) => {
                let visibility = Some(if *private { "private" } else { "public" }.into());
                CampaignChanges { visibility, ..CampaignChanges::default() }
            }
        };
        code(self.run(by, EditCampaign { campaign, changes, version: None }).await)
    }

    async fn negotiate(&mut self, request: RequestId, by: Who, named: Named, what: &RequestAct) -> &'static str {
        let record: Request = self.market.request_now(request).await;
        let by = self.person(by, record.sponsor, record.influencer);
        let offer = match named {
            Named::Current => record.offer,
            Named::Another(number) => number,
        };
        match what {
            RequestAct::Counter(terms) => code(self.run(by, CounterOffer { request, offer, terms: self.terms(terms) }).await),
            RequestAct::Amend(terms) => {
                code(self.run(by, AmendOffer { request, offer: Some(offer), terms: self.terms(terms) }).await)
            }
            RequestAct::Confirm => code(self.run(by, ConfirmOffer { request, offer }).await),
            RequestAct::Reject => code(self.run(by, RejectRequest { request, offer, reason: "No.".into() }).await),
            RequestAct::Withdraw => code(self.run(by, WithdrawRequest { request, reason: String::new() }).await),
            RequestAct::Accept => {
                let accepted = self.run(by, AcceptOffer { request, offer, signed: "A. Person".into() }).await;
                self.collaborations.extend(accepted.as_ref().map(|view| view.collaboration.unwrap()));
                code(accepted)
            }
        }
    }

    async fn work(&self, collaboration: CollaborationId, by: Who, what: &WorkAct) -> &'static str {
        let record: Collaboration = self.market.collaboration_now(collaboration).await;
        let by = self.person(by, record.sponsor, record.influencer);
        let reason = || "A word.".to_owned();
        match what {
            WorkAct::Submit => {
                let works = vec![SubmittedWorkInput { deliverable: 0, url: "https://example.com/reel".into() }];
                code(
                    self.run(by, SubmitWork { collaboration, works, note: String::new(), label_shown: true, proofs: Vec::new() })
                        .await,
                )
            }
            WorkAct::Approve => code(self.run(by, ApproveWork { collaboration }).await),
            WorkAct::Changes => code(self.run(by, RequestChanges { collaboration, reasons: reason() }).await),
            WorkAct::StepDown => code(self.run(by, StepDown { collaboration, reason: reason() }).await),
            WorkAct::CancelOverdue => code(self.run(by, CancelOverdue { collaboration, reason: reason() }).await),
            WorkAct::Propose(share) => {
                code(self.run(by, ProposeSplit { collaboration, to_influencer: *share, note: reason() }).await)
            }
            WorkAct::AcceptSplit(number) => {
                let split = number.unwrap_or(record.splits);
                code(self.run(by, AcceptSplit { collaboration, split }).await)
            }
            WorkAct::WithdrawSplit => code(self.run(by, WithdrawSplit { collaboration }).await),
            WorkAct::Dispute => code(self.run(by, OpenDispute { collaboration, reason: reason() }).await),
            WorkAct::WithdrawDispute => code(self.run(by, WithdrawDispute { collaboration }).await),
            WorkAct::Review => code(self.run(by, LeaveReview { collaboration, rating: 4, text: reason() }).await),
        }
    }

    fn person(&self, who: Who, sponsor: crate::id::AccountId, influencer: crate::id::AccountId) -> usize {
        let of = |id| self.people.iter().position(|person| person.id == id).unwrap();
        Model::person(who, of(sponsor), of(influencer))
    }

    /// What the model holds, the platform holds.
    async fn compare(&self, model: &Model) {
        for (at, (id, wanted)) in self.campaigns.iter().zip(&model.campaigns).enumerate() {
            let Some(campaign) = self.market.get::<Campaign>(Campaign::at(*id)).await else {
                assert!(wanted.removed, "campaign {at} is gone");
                continue;
            };
            assert!(!wanted.removed, "campaign {at} is still there");
            let there = (campaign.state, campaign.budget.0, campaign.wording, campaign.flagged.is_some());
            assert_eq!(there, (wanted.state, wanted.budget, wanted.wording, wanted.flagged), "campaign {at}");
            let left = self.market.balance(LedgerAccount::Budget(*id)).await;
            assert_eq!(left, wanted.funded - wanted.held - wanted.paid, "what is left in campaign {at}");
        }
        for (at, (id, wanted)) in self.requests.iter().zip(&model.requests).enumerate() {
            let request = self.market.request_now(*id).await;
            let there = (request.state, request.offer, request.offered_by, request.is_final, minutes(request.expires_at));
            assert_eq!(there, (wanted.state, wanted.offers, wanted.by, wanted.is_final, wanted.expires_at), "request {at}");
        }
        for (at, (id, wanted)) in self.collaborations.iter().zip(&model.collaborations).enumerate() {
            let it = self.market.collaboration_now(*id).await;
            let clock = it.review.map(|clock| (minutes(clock.started_at), minutes(clock.ends_at)));
            let there = (it.state, minutes(it.due_at), it.submissions, it.rounds, clock, it.splits);
            let wanted_there = (wanted.state, wanted.due_at, wanted.submissions, wanted.rounds, wanted.review, wanted.splits);
            assert_eq!(there, wanted_there, "collaboration {at}");
            let ends = (it.split.map(|split| split.number), it.dispute.map(|open| open.by), it.reviews_until.map(minutes));
            let wanted_ends = (wanted.split.map(|split| split.0), wanted.dispute.map(|open| open.0), wanted.reviews_until);
            assert_eq!(ends, wanted_ends, "collaboration {at}");
            let held = if wanted.state.has_ended() { 0 } else { wanted.amount };
            assert_eq!(self.market.balance(LedgerAccount::Hold(*id)).await, held, "what is held for collaboration {at}");
            assert_eq!(it.request, self.requests[wanted.request]);
        }
        for (at, person) in self.people.iter().enumerate().skip(SPONSORS) {
            assert_eq!(self.market.balance(LedgerAccount::Earnings(person.id)).await, model.earnings[at], "earnings of {at}");
            let waiting: i64 = model.payouts.iter().filter(|one| one.influencer == at && !one.sent).map(|one| one.amount).sum();
            assert_eq!(self.market.balance(LedgerAccount::Payout(person.id)).await, waiting, "payouts of {at}");
        }
        let world = self.market.balance(LedgerAccount::Outside).await + self.market.balance(LedgerAccount::External).await;
        assert_eq!(world, model.world);
    }

    fn step(mut self, model: &Model, act: &Act) -> Self {
        let runtime = self.runtime.clone();
        runtime.block_on(async {
            let before = self.market.store.latest();
            let answer = self.does(act).await;
            assert_eq!(answer, model.last.err().unwrap_or("done"), "the platform's answer, and the model's");
            if answer == "done" {
                self.compare(model).await;
                self.market.invariants_hold().await;
                self.steps += 1;
                if self.steps.is_multiple_of(SOUND_EVERY) {
                    self.market.sound().await;
                }
            } else {
                // What somebody may never do is noted in the audit trail, and nothing else of it.
                let noted = u64::from(answer == "forbidden");
                assert!(self.market.store.latest() <= before + noted, "a refusal changes nothing");
            }
        });
        self
    }
}

struct InMemory;

impl StateMachineTest for InMemory {
    type SystemUnderTest = Walk;
    type Reference = Model;

    fn init_test(model: &Model) -> Walk {
        Walk::over(runtime(), MemoryStore::new(), None, model)
    }

    fn apply(walk: Walk, model: &Model, act: Act) -> Walk {
        walk.step(model, &act)
    }

    fn teardown(walk: Walk, _: Model) {
        walk.runtime.block_on(walk.market.sound());
    }
}

struct OnDisk;

impl StateMachineTest for OnDisk {
    type SystemUnderTest = Walk;
    type Reference = Model;

    fn init_test(model: &Model) -> Walk {
        let directory = tempfile::tempdir().unwrap();
        let store = SledStore::open(directory.path(), SledOptions::default()).unwrap();
        Walk::over(runtime(), store, Some(directory), model)
    }

    fn apply(walk: Walk, model: &Model, act: Act) -> Walk {
        walk.step(model, &act)
    }

    fn teardown(walk: Walk, _: Model) {
        walk.runtime.block_on(walk.market.sound());
    }
}

/// On a server that the test started; each walk in a schema of its own.
#[cfg(feature = "postgres")]
struct OnPostgres;

#[cfg(feature = "postgres")]
static SERVER: std::sync::OnceLock<String> = std::sync::OnceLock::new();

#[cfg(feature = "postgres")]
impl StateMachineTest for OnPostgres {
    type SystemUnderTest = Walk;
    type Reference = Model;

    fn init_test(model: &Model) -> Walk {
        let runtime = runtime();
        let schema = format!("walk_{}", uuid::Uuid::now_v7().simple());
        let options = PostgresOptions { schema, readers: 2, ..PostgresOptions::default() };
        let store = runtime.block_on(PostgresStore::connect(SERVER.get().unwrap(), options)).unwrap();
        Walk::over(runtime, store, None, model)
    }

    fn apply(walk: Walk, model: &Model, act: Act) -> Walk {
        walk.step(model, &act)
    }

    fn teardown(walk: Walk, _: Model) {
        walk.runtime.block_on(walk.market.sound());
    }
}

fn walks<T: StateMachineTest<Reference = Model>>(cases: u32) {
    let mut runner = TestRunner::new(Config { cases, max_shrink_iters: 300, failure_persistence: None, ..Config::default() });
    let walks = Model::sequential_strategy(1..STEPS);
    runner
        .run(&walks, |(initial, acts, seen)| {
            T::test_sequential(Config::default(), initial, acts, seen);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn cases() -> Option<u32> {
    std::env::var("PROPTEST_CASES").ok()?.parse().ok()
}

#[test]
fn in_memory_the_platform_answers_and_holds_what_the_model_does() {
    walks::<InMemory>(cases().unwrap_or(60));
}

#[test]
fn on_disk_the_platform_answers_and_holds_what_the_model_does() {
    walks::<OnDisk>(cases().map_or(6, |cases| cases / 10));
}

#[cfg(feature = "postgres")]
#[test]
fn on_postgres_the_platform_answers_and_holds_what_the_model_does() {
    let cluster = super::cluster::Cluster::start();
    SERVER.set(cluster.url()).unwrap();
    walks::<OnPostgres>(cases().map_or(4, |cases| cases / 10));
}
