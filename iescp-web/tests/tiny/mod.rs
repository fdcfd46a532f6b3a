//! A tiny API that shows every pattern, and ways to ask it.
#![allow(dead_code)]

use clap::{Args, Command, FromArgMatches};
use iescp_core::store::MemoryStore;
use iescp_core::{Clock, Error, ManualClock, Platform, Refusal};
use iescp_web::api::{
    Body, Cursor, Done, Failure, IfMatch, IfNoneMatch, Limit, Listed, Made, Money, OnceRequired, Page, Paging, Patch, Shown,
};
use iescp_web::app::{self, House};
use iescp_web::identity::{Anyone, SignedIn};
use iescp_web::metrics::Metrics;
use iescp_web::secrets::Secrets;
use iescp_web::server::Shutdown;
use iescp_web::settings::Settings;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Endpoint, Request, RequestBuilder};
use poem_openapi::param::{Path, Query};
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi, Tags};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

pub type App = Arc<BoxEndpoint<'static>>;

pub const ACCOUNT: Uuid = Uuid::from_u128(7);
pub static THING: LazyLock<String> = LazyLock::new(|| format!("/api/v1/things/{ACCOUNT}"));

static SECRETS: LazyLock<Secrets> = LazyLock::new(|| Secrets::random(clock().now()).unwrap());

fn clock() -> ManualClock {
    ManualClock::at("2026-05-01T12:00:00Z".parse().unwrap())
}

/// A bearer line for [`ACCOUNT`] that houses with the usual settings accept.
pub fn token() -> String {
    let tokens = iescp_web::access_token::AccessTokens::new(&SECRETS, "http://127.0.0.1:8080");
    format!("Bearer {}", tokens.issue(ACCOUNT, ACCOUNT, clock().now()).unwrap())
}

pub fn settings(arguments: &[&str]) -> Settings {
    let command = Settings::augment_args(Command::new("test"));
    let matches = command.get_matches_from(std::iter::once("test").chain(arguments.iter().copied()));
    Settings::from_arg_matches(&matches).unwrap()
}

pub fn built(settings: Settings, change: impl FnOnce(&mut House)) -> App {
    let public_url = settings.public_url(settings.listen);
    let platform = Platform::builder(MemoryStore::new()).clock(clock()).open().unwrap();
    let mut house = House::new(platform, settings, public_url, &SECRETS, Metrics::install().unwrap(), Shutdown::new());
    change(&mut house);
    Arc::new(app::build(house, Tiny))
}

pub fn house_with(settings: Settings) -> App {
    built(settings, |_| ())
}

pub fn house() -> App {
    house_with(settings(&[]))
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn all(&self, name: &str) -> String {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join(", ")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

pub async fn call(house: &App, request: Request) -> Answer {
    let answer = house.get_response(request).await;
    let (parts, body) = answer.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.into_vec().await.unwrap() }
}

pub async fn send(house: &App, make: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Answer {
    call(house, make(Request::builder()).finish()).await
}

pub async fn ask(house: &App, method: Method, path: &str) -> Answer {
    let path = path.to_owned();
    send(house, move |r| r.method(method).uri_str(path)).await
}

#[derive(Tags)]
enum Chapter {
    /// What tests are made of.
    Things,
}

#[derive(Object, Clone)]
struct Thing {
    id: Uuid,
    title: String,
    fee: Money,
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
}

#[derive(Object)]
struct NewThing {
    #[oai(validator(min_length = 1, max_length = 40))]
    title: String,
    fee: Money,
}

#[derive(Object)]
struct ThingPatch {
    #[oai(validator(min_length = 1, max_length = 40))]
    title: Option<String>,
    #[oai(nullable)]
    note: MaybeUndefined<String>,
}

#[derive(Object)]
struct Receipt {
    key: String,
    route: String,
    fingerprint: String,
}

#[derive(Object)]
struct Who {
    account: Option<Uuid>,
}

#[derive(Object)]
struct Empty {}

fn thing(n: usize) -> Thing {
    Thing { id: ACCOUNT, title: format!("thing {n}"), fee: Money { amount: 1, currency: "USD".into() }, note: None }
}

pub struct Tiny;

#[OpenApi(tag = "Chapter::Things")]
impl Tiny {
    /// List things
    ///
    /// In order.
    #[oai(path = "/things", method = "get", operation_id = "list_things")]
    async fn list(
        &self,
        _caller: Anyone,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
        word: Query<Option<String>>,
    ) -> Result<Listed<Thing>, Failure> {
        let _unused = word.0;
        let paging = Paging::new(limit.0, cursor.0);
        let from = paging.after.and_then(|bytes| bytes.first().copied()).unwrap_or(0) as usize;
        let to = (from + paging.limit).min(20);
        let next = (to < 20).then(|| Cursor(vec![to as u8]));
        let link = next.as_ref().map(|next| Paging::next(request, next));
        Ok(Listed::new(Page::new((from..to).map(thing).collect(), next.as_ref()), link))
    }

    /// Make a thing
    ///
    /// Of one's own.
    #[oai(path = "/things", method = "post", operation_id = "make_thing")]
    async fn make(&self, _caller: Anyone, body: Body<NewThing>) -> Result<Made<Thing>, Failure> {
        let made = Thing { id: ACCOUNT, title: body.0.title, fee: body.0.fee, note: None };
        Ok(Made::at(format!("/things/{ACCOUNT}"), made).version(1))
    }

    /// Show a thing
    ///
    /// As it is.
    #[oai(path = "/things/:id", method = "get", operation_id = "show_thing")]
    async fn show(&self, _caller: Anyone, id: Path<Uuid>, if_none_match: IfNoneMatch) -> Result<Shown<Thing>, Failure> {
        let _unused = id.0;
        Ok(Shown::at(thing(1), 1, &if_none_match))
    }

    /// Change a thing
    ///
    /// In part.
    #[oai(path = "/things/:id", method = "patch", operation_id = "change_thing")]
    async fn change(
        &self,
        _caller: Anyone,
        id: Path<Uuid>,
        if_match: IfMatch,
        patch: Patch<ThingPatch>,
    ) -> Result<Done<Thing>, Failure> {
        if if_match.expected()?.is_some_and(|version| version != 1) {
            return Err(Error::Stale.into());
        }
        let note = match patch.0.note {
            MaybeUndefined::Undefined => "unchanged".into(),
            MaybeUndefined::Null => "emptied".into(),
            MaybeUndefined::Value(note) => note,
        };
        Ok(Done::new(Thing { id: id.0, note: Some(note), ..thing(1) }).version(2))
    }

    /// Pay for a thing
    ///
    /// Once.
    #[oai(path = "/things/:id/pay", method = "post", operation_id = "pay_thing")]
    async fn pay(
        &self,
        _caller: Anyone,
        id: Path<Uuid>,
        idempotency_key: OnceRequired,
        body: Body<Empty>,
    ) -> Result<Done<Receipt>, Failure> {
        let (_, _) = (id.0, body.0);
        let key = idempotency_key.0;
        Ok(Done::new(Receipt { key: key.key, route: key.route, fingerprint: key.fingerprint }).replayed(true))
    }

    /// Refuse
    ///
    /// Always.
    #[oai(path = "/things/:id/refuse", method = "post", operation_id = "refuse_thing")]
    async fn refuse(&self, _caller: Anyone, id: Path<Uuid>) -> Result<Done<Empty>, Failure> {
        let _unused = id.0;
        Err(Error::NotNow(Refusal {
            code: "offer_changed",
            why: "Another offer is on the table.".into(),
            current: Some(json!({ "number": 4 })),
        })
        .into())
    }

    /// Tell who asks
    ///
    /// Only to whom signed in.
    #[oai(path = "/secret", method = "get", operation_id = "show_secret")]
    async fn secret(&self, caller: SignedIn) -> Result<Shown<Who>, Failure> {
        Ok(Shown::plain(Who { account: caller.0.actor.account_id().map(Into::into) }))
    }

    /// Panic
    ///
    /// Loudly.
    #[oai(path = "/panic", method = "get", operation_id = "panic")]
    async fn panic(&self) -> Result<Shown<Empty>, Failure> {
        panic!("planted in /src/")
    }

    /// Never end
    ///
    /// Not by itself.
    #[oai(path = "/endless", method = "get", operation_id = "endless")]
    async fn endless(&self) -> Result<Shown<Empty>, Failure> {
        std::future::pending().await
    }
}
