//! Any bytes as the body of any request that takes one, by anybody: an answer that the document knows, never a 500, and a
//! sentence where it is no.
#![no_main]

use clap::{Args, Command, FromArgMatches};
use iescp_core::account::{AdminInput, CreateAdmin, Register, RegisterInput};
use iescp_core::campaign::{CampaignChanges, CampaignInput, DraftCampaign, PublishCampaign};
use iescp_core::ledger::{FundCampaign, fund};
use iescp_core::moderation::accounts::ApproveSponsor;
use iescp_core::request::{AcceptOffer, Apply, DeliverableInput, OfferInput};
use iescp_core::session::{SignInInput, sign_in};
use iescp_core::settings::Passwords;
use iescp_core::store::MemoryStore;
use iescp_core::{Actor, Clock, ManualClock, Platform};
use iescp_web::access_token::AccessTokens;
use iescp_web::api::{Contract, PREFIX, document, service, shipped};
use iescp_web::app::{self, House};
use iescp_web::metrics::Metrics;
use iescp_web::secrets::Secrets;
use iescp_web::server::Shutdown;
use iescp_web::settings::Settings;
use libfuzzer_sys::fuzz_target;
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, Request};
use serde_json::Value;
use std::cell::RefCell;
use tokio::runtime::Runtime;
use uuid::Uuid;

const PASSWORD: &str = "quite-a-long-phrase-of-nine-words";

/// After so many inputs everything is made afresh, so that what inputs leave behind stays small.
const MOST_INPUTS: u32 = 2000;

/// A person and their proof of it.
struct Person {
    id: Uuid,
    bearer: String,
}

/// A house with a sponsor, an influencer and an admin, between whom something is going on.
struct Town {
    runtime: Runtime,
    app: BoxEndpoint<'static>,
    routes: Vec<(Method, String)>,
    people: Vec<Person>,
    ids: Vec<(&'static str, Uuid)>,
    inputs: u32,
}

impl Town {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let clock = ManualClock::at("2026-05-01T12:00:00Z".parse().expect("a moment"));
        let cheap = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 4 };
        let mut rules = iescp_core::Settings { passwords: cheap, ..iescp_core::Settings::default() };
        rules.caps.password_checks = u32::MAX;
        let platform = Platform::builder(MemoryStore::new()).clock(clock.clone()).settings(rules).open().expect("a platform");
        let matches = Settings::augment_args(Command::new("fuzz")).get_matches_from(["fuzz", "--rate-limit", "1000000"]);
        let settings = Settings::from_arg_matches(&matches).expect("settings");
        let public_url = settings.public_url(settings.listen);
        let secrets = Secrets::random(clock.now()).expect("secrets");
        let tokens = AccessTokens::new(&secrets, &public_url);
        let (people, ids) = runtime.block_on(settle(&platform, &tokens, clock.now()));

        let mut routes = Contract::new(&document(&service(shipped()).spec())).operations();
        routes.retain(|(method, _)| *method != Method::GET);
        routes.sort_by(|(a, at), (b, bt)| (at, a.as_str()).cmp(&(bt, b.as_str())));
        let metrics = Metrics::install().expect("metrics");
        let house = House::new(platform, settings, public_url, &secrets, metrics, Shutdown::new());
        let app = app::build(house, shipped());
        Self { runtime, app, routes, people, ids, inputs: 0 }
    }

    /// A path with ids that fit it.
    fn path(&self, pattern: &str) -> String {
        let thing = self.ids.iter().find(|(what, _)| pattern.contains(what)).map_or(self.people[0].id, |(_, id)| *id);
        let parts = pattern.split('/').map(|part| match part {
            "{account_id}" | "{influencer_id}" => self.people[1].id.to_string(),
            part if part.starts_with('{') => thing.to_string(),
            part => part.to_owned(),
        });
        format!("{PREFIX}{}", parts.collect::<Vec<_>>().join("/"))
    }

    fn ask(&mut self, route: u8, who: u8, body: &[u8]) {
        self.inputs += 1;
        let (method, pattern) = self.routes[usize::from(route) % self.routes.len()].clone();
        let mut request = Request::builder()
            .method(method.clone())
            .uri_str(self.path(&pattern))
            .content_type("application/json")
            .header("idempotency-key", self.inputs.to_string())
            .header("if-match", "*");
        if let Some(person) = self.people.get(usize::from(who) % (self.people.len() + 1)) {
            request = request.header("authorization", &person.bearer);
        }
        let answer = self.runtime.block_on(async {
            let (parts, body) = self.app.get_response(request.body(body.to_vec())).await.into_parts();
            (parts, body.into_vec().await.expect("a whole answer"))
        });
        judge(&format!("{method} {pattern}"), &answer.0, &answer.1);
    }
}

fn judge(what: &str, parts: &poem::ResponseParts, body: &[u8]) {
    let said = String::from_utf8_lossy(body);
    assert!(!parts.status.is_server_error(), "{what}: {} {said}", parts.status);
    if parts.status.is_success() {
        return;
    }
    let kind = parts.headers.get("content-type").map(|kind| kind.as_bytes());
    assert_eq!(kind, Some(&b"application/problem+json"[..]), "{what}: {} {said}", parts.status);
    let problem: Value = serde_json::from_slice(body).expect("a problem is JSON");
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.ends_with(['.', '!', '?']) && detail.contains(' '), "{what}: no sentence: {detail}");
}

async fn settle(platform: &Platform, tokens: &AccessTokens, now: jiff::Timestamp) -> (Vec<Person>, Vec<(&'static str, Uuid)>) {
    let terminal = Actor::terminal();
    let input = AdminInput { username: "admin".into(), email: "admin@example.com".into(), password: PASSWORD.into() };
    platform.run(&terminal, CreateAdmin::new(input)).await.expect("an admin");
    for (role, name) in [("sponsor", "sponsor"), ("influencer", "influencer")] {
        let input = RegisterInput {
            role: role.into(),
            username: name.into(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            display_name: Some(name.into()),
            ..RegisterInput::default()
        };
        platform.run(&Actor::visitor(), Register::new(input)).await.expect("an account");
    }
    let mut people = Vec::new();
    for name in ["sponsor", "influencer", "admin"] {
        let input = SignInInput { login: name.into(), password: PASSWORD.into(), refreshable: true, ..SignInInput::default() };
        let signed_in = sign_in(platform, &Actor::visitor(), &input).await.expect("a session");
        let id = signed_in.account.into();
        let token = tokens.issue(id, signed_in.session.into(), now).expect("a token");
        people.push(Person { id, bearer: format!("Bearer {token}") });
    }
    let [sponsor, influencer, admin] = [0, 1, 2].map(|at: usize| Actor::account(people[at].id.into()));
    platform.run(&admin, ApproveSponsor { account: people[0].id.into() }).await.expect("an approval");
    let ids = deal(platform, &sponsor, &influencer).await;
    (people, ids)
}

/// A published campaign with an agreed piece of work, and another with an open request.
async fn deal(platform: &Platform, sponsor: &Actor, influencer: &Actor) -> Vec<(&'static str, Uuid)> {
    let mut ids = Vec::new();
    for round in 0..2 {
        let rest = CampaignChanges {
            goals: Some("Show the tea.".into()),
            niches: Some(vec!["food".into()]),
            start: Some("2026-05-01".into()),
            end: Some("2026-06-30".into()),
            budget: Some(1_000_000),
            ..CampaignChanges::default()
        };
        let input = CampaignInput { title: "Tea".into(), rest };
        let campaign = platform.run(sponsor, DraftCampaign { input }).await.expect("a draft").campaign.id;
        fund(platform, sponsor, None, FundCampaign { campaign, amount: 1_000_000 }).await.expect("funds");
        platform.run(sponsor, PublishCampaign { campaign }).await.expect("a campaign");
        let work = DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 1, due: None };
        let offer = OfferInput { amount: 1000, deliverables: vec![work], due: "2026-05-20".into(), ..OfferInput::default() };
        let asked = platform.run(influencer, Apply { campaign, offer }).await.expect("a request");
        if round == 0 {
            let accept = AcceptOffer { request: asked.request.id, offer: 1, signed: "Sam".into() };
            let accepted = platform.run(sponsor, accept).await.expect("an agreement");
            let agreed = accepted.collaboration.expect("an agreed request has one");
            ids.extend([("/collaborations", agreed.into()), ("/disputes", agreed.into())]);
        } else {
            ids.extend([("/requests/{id}", asked.request.id.into()), ("/campaigns", campaign.into())]);
        }
    }
    ids
}

thread_local! {
    static TOWN: RefCell<Town> = RefCell::new(Town::new());
}

// The first byte says which route, the second who asks, the rest is the body.
fuzz_target!(|input: &[u8]| {
    let [route, who, body @ ..] = input else { return };
    TOWN.with_borrow_mut(|town| {
        if town.inputs >= MOST_INPUTS {
            *town = Town::new();
        }
        town.ask(*route, *who, body);
    });
});
