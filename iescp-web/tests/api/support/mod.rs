//! A house over an empty store in memory, whose clock only moves when it is told to; and people who ask of it.
#![allow(dead_code)]

use clap::{Args, Command, FromArgMatches};
use iescp_core::account::{AdminInput, CreateAdmin};
use iescp_core::outbox::{Letter, OutboxItem};
use iescp_core::settings::{Caps, Passwords};
use iescp_core::store::{MemoryStore, keys::Table, record::decode};
use iescp_core::{Actor, Clock, ManualClock, Platform, Settings as Rules};
use iescp_web::access_token::AccessTokens;
use iescp_web::app::{self, House};
use iescp_web::metrics::Metrics;
use iescp_web::secrets::Secrets;
use iescp_web::server::Shutdown;
use iescp_web::settings::Settings;
use jiff::SignedDuration;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Endpoint, Request};
use serde_json::{Value, json};

/// What every account here signs in with.
pub const PASSWORD: &str = "correct horse battery staple";

/// A house and what belongs to it.
pub struct Stage {
    pub house: BoxEndpoint<'static>,
    pub platform: Platform,
    pub clock: ManualClock,
    pub shutdown: Shutdown,
    pub tokens: AccessTokens,
}

/// An answer, read whole.
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
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The value at a pointer.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    pub fn str(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", self.text())).to_owned()
    }

    /// The same, once it has that status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// The same, once it is that problem: its status and its code.
    #[track_caller]
    pub fn is_problem(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.at("/code"), code, "{}", answer.text());
        answer
    }

    /// The same, once it names what is wrong with one field.
    #[track_caller]
    pub fn names(self, pointer: &str, code: &str) -> Self {
        assert_eq!(self.at("/errors/0/pointer"), pointer, "{}", self.text());
        assert_eq!(self.at("/errors/0/code"), code, "{}", self.text());
        self
    }
}

/// A request to the API.
pub struct Asking<'a> {
    stage: &'a Stage,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Asking<'_> {
    pub fn by(mut self, who: &Person) -> Self {
        self.headers.push(("authorization", format!("Bearer {}", who.access)));
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn json(mut self, body: Value) -> Self {
        let kind = if self.method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
        self.headers.push(("content-type", kind.into()));
        self.body = Some(body.to_string());
        self
    }

    pub fn request(self) -> Request {
        let path = format!("/api/v1{}", self.path);
        let asked = Request::builder().method(self.method).uri(path.parse().unwrap());
        let asked = self.headers.into_iter().fold(asked, |asked, (name, value)| asked.header(name, value));
        match self.body {
            Some(body) => asked.body(body),
            None => asked.finish(),
        }
    }

    pub async fn ask(self) -> Answer {
        let stage = self.stage;
        let answer = stage.house.get_response(self.request()).await;
        let (parts, body) = answer.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.into_vec().await.unwrap() }
    }
}

/// Somebody who has signed in.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub username: String,
    pub access: String,
    pub refresh: String,
}

impl Stage {
    pub fn open() -> Self {
        Self::with(|_| ())
    }

    /// Over a platform with other rules; passwords are hashed cheaply and nobody is slowed down.
    pub fn with(change: impl FnOnce(&mut Rules)) -> Self {
        let clock = ManualClock::at("2026-05-01T12:00:00Z".parse().unwrap());
        let mut rules = Rules {
            passwords: Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 8 },
            caps: Caps { registrations_from: 10_000, letters_from: 10_000, password_checks_from: 10_000, ..Rules::default().caps },
            ..Rules::default()
        };
        change(&mut rules);
        let platform = Platform::builder(MemoryStore::new()).clock(clock.clone()).settings(rules).open().unwrap();
        let settings = settings(&["--rate-limit", "1000000"]);
        let public_url = settings.public_url(settings.listen);
        let secrets = Secrets::random(clock.now()).unwrap();
        let shutdown = Shutdown::new();
        let tokens = AccessTokens::new(&secrets, &public_url);
        let metrics = Metrics::install().unwrap();
        let house = House::new(platform.clone(), settings, public_url, &secrets, metrics, shutdown.clone());
        Self { house: app::build(house, iescp_web::api::shipped()), platform, clock, shutdown, tokens }
    }

    pub fn asking(&self, method: Method, path: impl Into<String>) -> Asking<'_> {
        Asking { stage: self, method, path: path.into(), headers: Vec::new(), body: None }
    }

    pub fn get(&self, path: impl Into<String>) -> Asking<'_> {
        self.asking(Method::GET, path)
    }

    pub fn post(&self, path: impl Into<String>) -> Asking<'_> {
        self.asking(Method::POST, path)
    }

    pub fn put(&self, path: impl Into<String>) -> Asking<'_> {
        self.asking(Method::PUT, path)
    }

    pub fn patch(&self, path: impl Into<String>) -> Asking<'_> {
        self.asking(Method::PATCH, path)
    }

    pub fn delete(&self, path: impl Into<String>) -> Asking<'_> {
        self.asking(Method::DELETE, path)
    }

    pub fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// Signs in.
    pub async fn log_in(&self, username: &str) -> Person {
        let body = json!({ "username": username, "password": PASSWORD });
        let tokens = self.post("/auth/login").json(body).ask().await.is(200);
        let mut person = Person {
            id: String::new(),
            username: username.into(),
            access: tokens.str("/access_token"),
            refresh: tokens.str("/refresh_token"),
        };
        person.id = self.get("/me").by(&person).ask().await.is(200).str("/id");
        person
    }

    async fn register(&self, role: &str, username: &str) -> Person {
        let body = json!({
            "role": role, "username": username, "email": format!("{username}@example.com"), "password": PASSWORD,
            "display_name": username, "company": format!("{username} Ltd"),
        });
        self.post("/auth/register").json(body).ask().await.is(201);
        self.log_in(username).await
    }

    /// An influencer.
    pub async fn influencer(&self, username: &str) -> Person {
        self.register("influencer", username).await
    }

    /// A sponsor who waits for approval.
    pub async fn pending_sponsor(&self, username: &str) -> Person {
        self.register("sponsor", username).await
    }

    /// A sponsor whom an admin approved.
    pub async fn sponsor(&self, username: &str) -> Person {
        let sponsor = self.pending_sponsor(username).await;
        let admin = self.admin(&format!("approver-of-{username}")).await;
        self.post(format!("/admin/accounts/{}/approve", sponsor.id)).by(&admin).ask().await.is(200);
        sponsor
    }

    /// An admin, made at the terminal.
    pub async fn admin(&self, username: &str) -> Person {
        let input = AdminInput {
            username: username.into(),
            email: format!("{username}@example.com"),
            password: PASSWORD.to_owned().into(),
        };
        self.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap();
        self.log_in(username).await
    }

    /// The letters that wait to be sent, in order.
    pub async fn letters(&self) -> Vec<Letter> {
        let waiting = self.platform.store().scan(Table::Outbox.all()).await.unwrap();
        let items = waiting.into_iter().map(|(_, stored)| decode::<OutboxItem>(&stored.bytes).unwrap());
        items.filter_map(|item| match item { OutboxItem { letter, .. } => Some(letter) }).collect()
    }
}

/// The server's settings, as the command line gives them.
fn settings(arguments: &[&str]) -> Settings {
    let command = Settings::augment_args(Command::new("test"));
    let matches = command.get_matches_from(std::iter::once("test").chain(arguments.iter().copied()));
    Settings::from_arg_matches(&matches).unwrap()
}
