//! Every URL on one screen, and the middleware in order.

use crate::access_token::AccessTokens;
use crate::answers::{Answers, answers};
use crate::api::{self, Contract};
use crate::health::Check;
use crate::metrics::Metrics;
use crate::middleware::{self, Rates};
use crate::pictures::{MOST_BYTES, Studio, serving};
use crate::problem::Problem;
use crate::routes::{Place, Routes, Table};
use crate::secrets::Secrets;
use crate::server::Shutdown;
use crate::settings::Settings;
use crate::{assets, docs, health, identity, metrics, pages};
use iescp_core::Platform;
use iescp_core::picture::MOST_PROOFS;
use iescp_worker::{Chats, Desk, Destination, Files};
use jiff::Timestamp;
use poem::endpoint::{BoxEndpoint, make, make_sync};
use poem::{Endpoint, EndpointExt, Request, Response};
use poem_openapi::OpenApi;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What the whole house shares.
pub struct House {
    /// What all requests are asked of.
    pub platform: Platform,
    /// Every setting.
    pub settings: Settings,
    /// The platform's address for people.
    pub public_url: String,
    /// Issues and verifies access tokens.
    pub tokens: AccessTokens,
    /// How often somebody may ask.
    pub rates: Arc<Rates>,
    /// Answers that are given again.
    pub answers: Answers,
    /// Where pictures are brought in.
    pub studio: Studio,
    /// Where mails go.
    pub mails: Destination,
    /// How messages reach people's chats.
    pub chats: Chats,
    /// How many large bodies are read at once.
    pub uploads: Semaphore,
    /// Where the worker puts files that people asked for; none if there is no such folder.
    pub files: Option<Files>,
    /// Counts and times.
    pub metrics: Metrics,
    /// What must be so for the server to be ready.
    pub checks: Vec<Check>,
    /// The worker of this process, if there is one.
    pub desk: Option<Desk>,
    /// Whether the server is stopping.
    pub shutdown: Shutdown,
    /// Every path; filled by [`build`].
    pub table: Table,
    /// What the API's document promises; filled by [`build`].
    pub contract: Contract,
}

impl House {
    /// A house without paths yet.
    #[must_use]
    pub fn new(
        platform: Platform,
        settings: Settings,
        public_url: String,
        secrets: &Secrets,
        metrics: Metrics,
        shutdown: Shutdown,
    ) -> Self {
        Self {
            tokens: AccessTokens::new(secrets, &public_url),
            rates: Arc::new(Rates::new(settings.rate_limit(), Duration::from_secs(settings.rate_window.into()))),
            answers: Answers::default(),
            studio: Studio::default(),
            mails: Destination::default(),
            chats: Chats::default(),
            uploads: Semaphore::new(UPLOADS),
            files: None,
            platform,
            settings,
            public_url,
            metrics,
            checks: Vec::new(),
            desk: None,
            shutdown,
            table: Table::default(),
            contract: Contract::default(),
        }
    }

    /// The house that a request is in.
    ///
    /// # Errors
    /// When the request came past [`build`].
    pub fn of(request: &Request) -> poem::Result<Arc<Self>> {
        request.data::<Arc<Self>>().cloned().ok_or_else(|| Problem::internal("a request came past the house").into())
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.platform.clock().now()
    }

    /// Whether people come over TLS.
    #[must_use]
    pub fn over_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The largest body that a request may have: more where pictures come in.
    #[must_use]
    pub fn body_limit(&self, request: &Request) -> usize {
        let place = Place::of(request).filter(|_| !request.method().is_safe());
        self.settings.max_body as usize + place.map_or(0, |place| pictures_at(&place.pattern)) * MOST_BYTES
    }
}

/// Large bodies that are read at once; others wait. Each may have as many bytes as its route takes.
const UPLOADS: usize = 16;

/// How many pictures a request to this place may bring, by their bytes. Forms take more than they need: what is too large is
/// then said beside the field, with everything else that was typed.
fn pictures_at(pattern: &str) -> usize {
    match pattern.strip_prefix(api::PREFIX).unwrap_or(pattern) {
        "/settings" | "/campaigns/new" | "/campaigns/:id/edit" => 4,
        "/me/picture" | "/campaigns/{id}/picture" | "/collaborations/{id}/proofs" => 1,
        "/collaborations/:id/submit" => MOST_PROOFS + 2,
        _ => 0,
    }
}

/// Builds the house around an API: the paths below, behind the middleware.
pub fn build<A: OpenApi + 'static>(mut house: House, api: A) -> BoxEndpoint<'static> {
    let service = api::service(api);
    let document = api::document(&service.spec());
    let reference = docs::Reference::new(&document);
    house.contract = Contract::new(&document);
    let operations = house.contract.operations();

    let (routes, table) = pages::routes(Routes::new())
        .get("/manifest.webmanifest", shared(pages::well_known::manifest))
        .get("/.well-known/security.txt", shared(pages::well_known::security))
        .get("/robots.txt", shared(pages::well_known::robots))
        .get("/healthz", make_sync(|_| health::alive()))
        .get("/readyz", shared(|house, _| async move { Ok(health::ready(house).await) }))
        .get("/metrics", shared(metrics::page))
        .get("/pictures/:id/:size", shared(serving::serve))
        .get("/assets/*name", make_sync(|request| assets::serve(&request)))
        .get("/api/openapi.json", docs::cached("application/json", document.to_string()))
        .get("/api/docs", docs::cached("text/html; charset=utf-8", reference.page))
        .get("/api/docs/problems", docs::cached("text/html; charset=utf-8", reference.problems))
        .nest(api::PREFIX, operations, service)
        .finish();
    house.table = table;
    layered(house, routes)
}

/// The middleware, outermost last.
fn layered(house: House, routes: impl Endpoint + 'static) -> BoxEndpoint<'static> {
    routes
        .around(pages::nowhere)
        .around(middleware::panics)
        .around(api::enforce)
        .around(middleware::body)
        .boxed()
        .around(answers)
        .around(middleware::paths)
        .around(middleware::rate)
        .around(identity::identity)
        .boxed()
        .around(middleware::cors)
        .around(middleware::header_size)
        .around(middleware::address)
        .around(middleware::compression)
        .around(middleware::headers)
        .around(middleware::observe)
        .data(Arc::new(house))
        .map_to_response()
        .boxed()
}

/// An endpoint that knows the house.
fn shared<F, A>(answer: F) -> impl Endpoint<Output = Response>
where
    F: Fn(Arc<House>, Request) -> A + Send + Sync + 'static,
    A: Future<Output = poem::Result<Response>> + Send + 'static,
{
    make(move |request: Request| {
        let answering = House::of(&request).map(|house| answer(house, request));
        async move { answering?.await }
    })
}
