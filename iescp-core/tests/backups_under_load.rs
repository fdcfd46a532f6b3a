//! Backups while people trade and write to each other: each, brought back elsewhere, is sound, and is one moment of what was
//! acknowledged: of every client all that was before it, and nothing that was after.
//!
//! Four rounds, one after the other without a rest; `IESCP_BACKUP_ROUNDS=50` runs more.
#![cfg(feature = "sled")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use iescp_core::{
    Actor, Operation, Platform, Settings,
    account::{AdminInput, CreateAdmin, Register, RegisterInput},
    backup::{Reader, Target, Writer, pour, take},
    blob::MemoryBlobs,
    campaign::{CampaignChanges, CampaignInput, DraftCampaign, PublishCampaign},
    check::{self, Options},
    collaboration::{ApproveWork, SubmitWork, SubmittedWorkInput},
    id::AccountId,
    ledger::{FundCampaign, fund},
    message::SendMessage,
    moderation::accounts::ApproveSponsor,
    request::{AcceptOffer, Apply, DeliverableInput, OfferInput},
    settings::Passwords,
    store::{Found, Read, Scan, SledOptions, SledStore, Store, keys::Table},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

const CLIENTS: usize = 4;

/// What leads from a draft to a payment.
const STEPS: u64 = 7;

const PASSWORD: &str = "nine loud herons over a meadow";

fn over(store: Arc<dyn Store>) -> Platform {
    let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
    let mut settings = Settings { passwords, ..Settings::default() };
    let caps = &mut settings.caps;
    (caps.messages, caps.requests, caps.registrations_from) = (u32::MAX, u32::MAX, u32::MAX);
    Platform::over(store).settings(settings).open().unwrap()
}

/// A sponsor and an influencer who trade with each other, and count what was acknowledged.
struct Client {
    platform: Platform,
    name: usize,
    sponsor: AccountId,
    influencer: AccountId,
    acknowledged: AtomicU64,
}

impl Client {
    async fn register(platform: &Platform, admin: AccountId, name: usize) -> Self {
        let mut accounts = Vec::new();
        for role in ["sponsor", "influencer"] {
            let input = RegisterInput {
                role: role.into(),
                username: format!("{role}-{name}"),
                email: format!("{role}-{name}@example.com"),
                password: PASSWORD.into(),
                company: Some("The Tea House".into()),
                ..RegisterInput::default()
            };
            accounts.push(platform.run(&Actor::visitor(), Register::new(input)).await.unwrap().account);
        }
        let (sponsor, influencer) = (accounts[0], accounts[1]);
        platform.run(&Actor::account(admin), ApproveSponsor { account: sponsor }).await.unwrap();
        Self { platform: platform.clone(), name, sponsor, influencer, acknowledged: AtomicU64::new(0) }
    }

    async fn run<O: Operation>(&self, who: AccountId, operation: O) -> O::Output {
        self.platform.run(&Actor::account(who), operation).await.unwrap()
    }

    /// After each step of the trade the influencer is told its number.
    async fn note(&self) {
        let number = self.acknowledged.load(Ordering::SeqCst) + 1;
        self.run(self.sponsor, SendMessage { to: self.influencer, text: number.to_string() }).await;
        self.acknowledged.store(number, Ordering::SeqCst);
    }

    async fn trade(&self) {
        let rest = CampaignChanges {
            goals: Some("Show the tea to those who drink coffee.".into()),
            niches: Some(vec!["food".into()]),
            start: Some(self.day(0)),
            end: Some(self.day(60)),
            budget: Some(300_000),
            label: Some("Advertisement".into()),
            ..CampaignChanges::default()
        };
        let draft = DraftCampaign { input: CampaignInput { title: format!("client {}", self.name), rest } };
        let campaign = self.run(self.sponsor, draft).await.campaign.id;
        self.note().await;
        let funding = FundCampaign { campaign, amount: 300_000 };
        fund(&self.platform, &Actor::account(self.sponsor), None, funding).await.unwrap();
        self.note().await;
        self.run(self.sponsor, PublishCampaign { campaign }).await;
        self.note().await;
        let reel = DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 1, due: None };
        let offer = OfferInput { amount: 150_000, deliverables: vec![reel], due: self.day(20), ..OfferInput::default() };
        let request = self.run(self.influencer, Apply { campaign, offer }).await.request.id;
        self.note().await;
        let accepted = self.run(self.sponsor, AcceptOffer { request, offer: 1, signed: "T. House".into() }).await;
        let collaboration = accepted.collaboration.unwrap();
        self.note().await;
        let works = vec![SubmittedWorkInput { deliverable: 0, url: "https://example.com/reel/1".into() }];
        let work = SubmitWork { collaboration, works, note: String::new(), label_shown: true, proofs: Vec::new() };
        self.run(self.influencer, work).await;
        self.note().await;
        self.run(self.sponsor, ApproveWork { collaboration }).await;
        self.note().await;
    }

    fn day(&self, from_now: i64) -> String {
        let today = self.platform.clock().now().to_zoned(jiff::tz::TimeZone::UTC).date();
        today.saturating_add(jiff::Span::new().days(from_now)).to_string()
    }
}

/// Everything of a table, as JSON.
async fn all(store: &dyn Store, table: Table) -> Vec<Value> {
    let everything = Scan { limit: usize::MAX, ..table.all() };
    let Some(Found::Many(pairs)) = store.read(vec![Read::Scan(everything)]).await.unwrap().pop() else { panic!() };
    pairs.into_iter().map(|(_, stored)| serde_json::from_slice(&stored.bytes[1..]).unwrap()).collect()
}

/// How far each client was at the moment of a backup.
async fn standing(store: &dyn Store, clients: &[Arc<Client>]) -> Vec<u64> {
    let mut notes: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for message in all(store, Table::Message).await {
        // Lines that tell what happened stand between what people write.
        let Some(number) = message["text"].as_str().map(|text| text.parse().unwrap()) else { continue };
        notes.entry(message["sponsor"].as_str().unwrap().to_owned()).or_default().push(number);
    }
    let campaigns = all(store, Table::Campaign).await;
    let mut standing = Vec::new();
    for client in clients {
        let noted = notes.remove(&client.sponsor.to_string()).unwrap_or_default();
        let reached = noted.len() as u64;
        assert_eq!(noted, (1..=reached).collect::<Vec<_>>(), "what came before is there, and what came after is not");
        let title = format!("client {}", client.name);
        let campaigns = campaigns.iter().filter(|campaign| campaign["title"] == title.as_str()).count() as u64;
        let possible = reached.div_ceil(STEPS)..=(reached + 1).div_ceil(STEPS);
        assert!(possible.contains(&campaigns), "after {reached} steps there are {campaigns} campaigns");
        standing.push(reached);
    }
    standing
}

async fn is_sound(platform: &Platform) {
    let report = check::check(platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

async fn brought_back(file: &Path, to: &Path) -> Arc<dyn Store> {
    let reader = Reader::open(file).unwrap();
    let options = SledOptions { numbered_after: reader.manifest().commit, kept_commits: 1, ..SledOptions::default() };
    let store = Arc::new(SledStore::open(to, options).unwrap());
    pour(reader, store.as_ref(), &MemoryBlobs::new(), &mut |_, _| Ok(()), &mut |_| {}).await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_under_load_are_each_a_moment_of_what_was_acknowledged() {
    let rounds: usize = std::env::var("IESCP_BACKUP_ROUNDS").map_or(4, |rounds| rounds.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let store = Arc::new(SledStore::open(directory.path().join("store"), SledOptions::default()).unwrap());
    let platform = over(store);
    let admin = AdminInput { username: "warden".into(), email: "warden@example.com".into(), password: PASSWORD.into() };
    let admin = platform.run(&Actor::terminal(), CreateAdmin::new(admin)).await.unwrap().account;
    let mut clients = Vec::new();
    for name in 0..CLIENTS {
        clients.push(Arc::new(Client::register(&platform, admin, name).await));
    }
    let done = Arc::new(AtomicBool::new(false));
    let mut trading = tokio::task::JoinSet::new();
    for client in clients.iter().cloned() {
        let done = done.clone();
        trading.spawn(async move {
            while !done.load(Ordering::Relaxed) {
                client.trade().await;
            }
        });
    }
    let acknowledged = || clients.iter().map(|client| client.acknowledged.load(Ordering::SeqCst)).collect::<Vec<_>>();
    while acknowledged().contains(&0) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let mut last = vec![0; CLIENTS];
    for round in 0..rounds {
        let file = directory.path().join(format!("{round}.backup"));
        let before = acknowledged();
        let mut writer = Writer::begin(Target::begin(&file, false).unwrap());
        let moment = take(&platform, &mut writer, &mut |_| {}).await.unwrap();
        let manifest = writer.finish(moment, platform.clock().now()).await.unwrap();
        let after = acknowledged();
        let back = brought_back(&file, &directory.path().join(format!("{round}.store"))).await;
        let reached = standing(back.as_ref(), &clients).await;
        for client in 0..CLIENTS {
            let possible = before[client]..=after[client] + 1;
            assert!(possible.contains(&reached[client]), "{} is not in {possible:?}", reached[client]);
        }
        is_sound(&over(back)).await;
        eprintln!("round {round}: {} keys, {} changes meanwhile, at {reached:?}", manifest.counts.keys, manifest.counts.changes);
        last = reached;
    }
    done.store(true, Ordering::Relaxed);
    while let Some(ended) = trading.join_next().await {
        ended.unwrap();
    }
    assert!(last.iter().all(|reached| *reached > 0), "nobody traded: {last:?}");
    is_sound(&platform).await;
}
