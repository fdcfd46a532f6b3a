//! A house with people in it, and ways to ask it.
#![allow(dead_code)]

use crate::{promise, store};
use clap::{Args, Command, FromArgMatches};
use iescp_core::account::{AdminInput, CreateAdmin, Register, RegisterInput};
use iescp_core::moderation::accounts::{ApproveSponsor, FlagAccount};
use iescp_core::session::{SignInInput, sign_in};
use iescp_core::settings::Passwords;
use iescp_core::{Actor, Clock, ManualClock, Platform, run_due};
use iescp_web::access_token::AccessTokens;
use iescp_web::api::shipped;
use iescp_web::app;
use iescp_web::metrics::Metrics;
use iescp_web::secrets::Secrets;
use iescp_web::server::Shutdown;
use iescp_web::settings::Settings;
use iescp_worker::outside::{Connection, Outside, Roads, Way};
use iescp_worker::{Chats, Desk, Files, Mail, MailError, Mailer, Queue, Sender, Sending, Worker};
use jiff::{SignedDuration, ToSpan, civil::Date};
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

pub const PASSWORD: &str = "quite-a-long-phrase-of-nine-words";

/// A house over an empty store, on the first of May 2026 at noon.
pub struct House {
    pub platform: Platform,
    pub clock: ManualClock,
    pub shutdown: Shutdown,
    pub files: Files,
    app: Arc<BoxEndpoint<'static>>,
    desk: Option<Desk>,
    build: Box<dyn Fn(Option<Desk>) -> BoxEndpoint<'static> + Send + Sync>,
    tokens: AccessTokens,
    keys: AtomicU64,
}

/// A network in which there is nothing.
struct Nowhere;

impl Roads for Nowhere {
    fn look_up<'a>(&'a self, _: &'a str) -> Way<'a, Vec<IpAddr>> {
        Box::pin(async { Err(io::Error::other("there is no such name")) })
    }

    fn connect(&self, _: SocketAddr) -> Way<'_, Box<dyn Connection>> {
        Box::pin(async { Err(io::Error::other("nobody is there")) })
    }
}

/// A mailer whose server takes nothing.
struct Refusing;

impl Mailer for Refusing {
    fn send(&self, _: Mail) -> Sending<'_> {
        Box::pin(async { Err(MailError::refused("550 nobody here")) })
    }
}

/// Somebody who signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub session: Uuid,
}

impl House {
    pub fn open() -> Self {
        let clock = ManualClock::at("2026-05-01T12:00:00Z".parse().unwrap());
        let cheap = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 4 };
        let rules = iescp_core::Settings { passwords: cheap, ..iescp_core::Settings::default() };
        let platform = Platform::over(store::empty()).clock(clock.clone()).settings(rules).open().unwrap();
        let command = Settings::augment_args(Command::new("test"));
        let matches = command.get_matches_from(["test", "--rate-limit", "1000000"]);
        let settings = Settings::from_arg_matches(&matches).unwrap();
        let (secrets, public_url) = (Secrets::random(clock.now()).unwrap(), settings.public_url(settings.listen));
        let tokens = AccessTokens::new(&secrets, &public_url);
        let (shutdown, metrics) = (Shutdown::new(), Metrics::install().unwrap());
        let (shared, stop) = (platform.clone(), shutdown.clone());
        let files = Files::passing().unwrap();
        let kept = files.clone();
        let build = move |desk| {
            let (settings, url) = (settings.clone(), public_url.clone());
            let house = app::House::new(shared.clone(), settings, url, &secrets, metrics.clone(), stop.clone());
            let chats = Chats::over(Outside::over(Arc::new(Nowhere), Chats::rules()));
            app::build(app::House { desk, files: Some(kept.clone()), chats, ..house }, shipped())
        };
        let app = Arc::new(build(None));
        Self { platform, clock, shutdown, files, app, desk: None, build: Box::new(build), tokens, keys: AtomicU64::new(0) }
    }

    /// Lets a worker give up the letters that wait, and supervises it from now on; answers one of its jobs.
    pub async fn gives_up_a_job(&mut self) -> Uuid {
        if let Some(desk) = &self.desk {
            return desk.given_up(1, None).await.unwrap()[0].id;
        }
        // One at a time: a worker of its own for each of many worlds at once would wait for the others' threads.
        static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let _turn = TURN.lock().await;
        let queue = Queue::in_memory().await.unwrap();
        let settings = iescp_worker::Settings::new(Sender::parse("no-reply@iescp.example").unwrap(), self.files.clone());
        let worker = Worker::new(self.platform.clone(), queue, Arc::new(Refusing), "https://iescp.example", settings);
        let desk = worker.desk();
        let given_up = async {
            while desk.stock().await.unwrap().dead == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(300), Box::pin(worker.run(given_up))).await.unwrap();
        let job = desk.given_up(1, None).await.unwrap()[0].id;
        self.app = Arc::new((self.build)(Some(desk.clone())));
        self.desk = Some(desk);
        job
    }

    /// Lets days pass, without the worker.
    pub fn days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Does what the clock has in store.
    pub async fn work(&self) {
        let report = run_due(&self.platform, 1000).await.unwrap();
        assert!(report.failed.is_empty(), "{report:?}");
    }

    /// The day it will be in so many days.
    pub fn day(&self, days: i64) -> String {
        let today: Date = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        today.checked_add(days.days()).unwrap().to_string()
    }

    async fn register(&self, role: &str, name: &str) -> Person {
        let input = RegisterInput {
            role: role.to_owned(),
            username: name.to_owned(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            display_name: Some(format!("{name} of old")),
            company: None,
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
        self.sign_in(name).await
    }

    /// Signs somebody in, again.
    pub async fn sign_in(&self, name: &str) -> Person {
        let input =
            SignInInput { login: name.to_owned(), password: PASSWORD.into(), refreshable: true, ..SignInInput::default() };
        let signed_in = sign_in(&self.platform, &Actor::visitor(), &input).await.unwrap();
        Person { id: signed_in.account.into(), name: name.to_owned(), session: signed_in.session.into() }
    }

    pub async fn influencer(&self, name: &str) -> Person {
        self.register("influencer", name).await
    }

    /// A sponsor who waits for approval.
    pub async fn pending(&self, name: &str) -> Person {
        self.register("sponsor", name).await
    }

    /// A sponsor whom an admin approved.
    pub async fn sponsor(&self, name: &str) -> Person {
        let (sponsor, admin) = (self.pending(name).await, self.admin(&format!("approves-{name}")).await);
        let approval = ApproveSponsor { account: sponsor.id.into() };
        self.platform.run(&Actor::account(admin.id.into()), approval).await.unwrap();
        sponsor
    }

    pub async fn admin(&self, name: &str) -> Person {
        let input = AdminInput { username: name.to_owned(), email: format!("{name}@example.com"), password: PASSWORD.into() };
        self.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap();
        self.sign_in(name).await
    }

    pub async fn suspend(&self, person: &Person) {
        let admin = self.admin(&format!("suspends-{}", person.name)).await;
        let flag = FlagAccount { account: person.id.into(), reason: "Sold what was never made.".to_owned() };
        self.platform.run(&Actor::account(admin.id.into()), flag).await.unwrap();
    }

    /// A request, to be completed and sent. Its path is below `/api/v1`.
    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask { house: self, method, path: format!("/api/v1{path}"), headers: Vec::new(), body: Vec::new() }
    }

    /// What stands beside the API, such as a picture.
    pub async fn beside_the_api(&self, who: Option<&Person>, path: &str) -> Response {
        let ask = Ask { house: self, method: Method::GET, path: path.to_owned(), headers: Vec::new(), body: Vec::new() };
        match who {
            Some(who) => ask.by(who).begin().await,
            None => ask.begin().await,
        }
    }

    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        self.ask(Method::GET, path).by(who).send().await
    }

    /// A POST with a key of its own.
    pub async fn post(&self, who: &Person, path: &str, body: Value) -> Answer {
        let key = self.keys.fetch_add(1, Ordering::Relaxed);
        self.ask(Method::POST, path).by(who).header("Idempotency-Key", &format!("key-{key}")).json(&body).send().await
    }

    /// A POST that must succeed, and what it answers.
    pub async fn done(&self, who: &Person, path: &str, body: Value) -> Value {
        let answer = self.post(who, path, body).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// What a GET that must succeed answers.
    pub async fn seen(&self, who: &Person, path: &str) -> Value {
        let answer = self.get(who, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// All that people have: to see that nothing changed.
    pub async fn picture(&self, people: &[&Person]) -> Vec<Value> {
        let mut picture = Vec::new();
        for person in people {
            for path in ["/requests", "/collaborations", "/ledger", "/me/balances", "/payouts"] {
                picture.push(self.seen(person, path).await);
            }
            let campaigns = self.get(person, "/me/campaigns").await;
            picture.push(if campaigns.status == StatusCode::OK { campaigns.json() } else { Value::Null });
        }
        picture
    }

    /// What a campaign is drafted with: complete, and public.
    pub fn campaign(&self, title: &str, budget: i64) -> Value {
        json!({
            "title": title, "goals": "Show the tea to those who drink coffee.", "niches": ["food"],
            "start": self.day(0), "end": self.day(60), "budget": usd(budget), "label": "Ad",
        })
    }

    /// A published and funded campaign's id.
    pub async fn published(&self, sponsor: &Person, budget: i64) -> String {
        let drafted = self.done(sponsor, "/campaigns", self.campaign("Tea for all", budget)).await;
        let id = text(&drafted["id"]);
        self.done(sponsor, &format!("/campaigns/{id}/fund"), json!({ "amount": usd(budget) })).await;
        self.done(sponsor, &format!("/campaigns/{id}/publish"), json!({})).await;
        id
    }

    /// An offer's terms.
    pub fn terms(&self, amount: i64) -> Value {
        json!({
            "amount": usd(amount), "due": self.day(20), "note": "With pleasure.",
            "deliverables": [{ "format": "reel", "platform": "instagram", "count": 1 }],
        })
    }

    /// An application's id.
    pub async fn applied(&self, influencer: &Person, campaign: &str, amount: i64) -> String {
        text(&self.done(influencer, &format!("/campaigns/{campaign}/requests"), self.terms(amount)).await["id"])
    }

    /// The id of a collaboration that a sponsor agreed to.
    pub async fn agreed(&self, sponsor: &Person, influencer: &Person, campaign: &str, amount: i64) -> String {
        let request = self.applied(influencer, campaign, amount).await;
        let accepted =
            self.done(sponsor, &format!("/requests/{request}/accept"), json!({ "offer": 1, "name": "Sam Sponsor" })).await;
        text(&accepted["collaboration_id"])
    }

    /// Work, as it is submitted.
    pub fn work_done(&self) -> Value {
        json!({ "works": [{ "deliverable": 0, "url": "https://example.com/reel/1" }], "label_shown": true })
    }
}

/// An amount in the houses' currency.
pub fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// One object with the members of another.
pub fn with(mut object: Value, more: Value) -> Value {
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

pub struct Ask<'h> {
    house: &'h House,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask<'_> {
    pub fn by(self, who: &Person) -> Self {
        let token = self.house.tokens.issue(who.id, who.session, self.house.clock.now()).unwrap();
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn patch(self, body: &Value) -> Self {
        self.raw("application/merge-patch+json", body.to_string())
    }

    pub fn raw(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", media_type)
    }

    /// The answer, which is one that the document promises.
    pub async fn send(self) -> Answer {
        let (method, path) = (self.method.clone(), self.path.clone());
        let (parts, body) = self.begin().await.into_parts();
        let answer = Answer { status: parts.status, headers: parts.headers, body: body.into_vec().await.unwrap() };
        promise::kept(&method, &path, &answer);
        answer
    }

    /// The answer before its body is read: a stream's never ends by itself.
    pub async fn begin(self) -> Response {
        let mut request = Request::builder().method(self.method).uri_str(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        self.house.app.get_response(request.body(self.body)).await
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Refuses to be anything but this problem, and answers it.
    #[track_caller]
    pub fn fails(&self, status: u16, code: &str) -> Value {
        assert_eq!((self.status.as_u16(), self.header("content-type")), (status, "application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{problem}");
        let detail = text(&problem["detail"]);
        assert!(detail.ends_with('.') && detail.contains(' '), "no sentence: {detail}");
        problem
    }

    /// The same for wrong fields: where, and by which word.
    #[track_caller]
    pub fn wrong(&self, places: &[(&str, &str)]) {
        let problem = self.fails(422, "invalid");
        let found: Vec<(&str, &str)> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        assert_eq!(found, places, "{problem}");
    }
}
