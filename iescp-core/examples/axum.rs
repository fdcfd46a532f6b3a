//! The core inside another web framework, here axum: `cargo run -p iescp-core --example axum`, then
//! `curl http://127.0.0.1:3000/campaigns`.
//!
//! Three things are all there is to it: an [`Actor`] out of a request, an operation out of a body, a status out of an error.

use axum::{
    Json, Router,
    extract::{FromRequestParts, Query, State},
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
    routing::{get, post},
};
use iescp_core::{
    Actor, Error, Origin, Platform,
    account::{OwnAccount, Register, RegisterInput, Registered, ViewOwnAccount},
    discovery::{CampaignSearch, FoundCampaign, FoundPage, SearchCampaigns},
    session::{SignInInput, SignedIn, by_cookie, sign_in},
    store::MemoryStore,
};

type Core = State<Platform>;
type Refusal = (StatusCode, String);
type Answer<T> = Result<Json<T>, Refusal>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(Platform::builder(MemoryStore::new()).open()?)).await?)
}

/// Every URL.
pub fn app(platform: Platform) -> Router {
    let routes = Router::new().route("/register", post(register)).route("/sign-in", post(enter));
    routes.route("/me", get(me)).route("/campaigns", get(campaigns)).with_state(platform)
}

async fn register(State(core): Core, Json(input): Json<RegisterInput>) -> Answer<Registered> {
    Ok(Json(core.run(&Actor::visitor(), Register::new(input)).await.map_err(refuse)?))
}

async fn enter(State(core): Core, Json(input): Json<SignInInput>) -> Answer<SignedIn> {
    Ok(Json(sign_in(&core, &Actor::visitor(), &input).await.map_err(refuse)?))
}

async fn me(State(core): Core, Asking(actor): Asking) -> Answer<OwnAccount> {
    Ok(Json(core.run(&actor, ViewOwnAccount).await.map_err(refuse)?))
}

async fn campaigns(State(core): Core, Query(search): Query<CampaignSearch>) -> Answer<FoundPage<FoundCampaign>> {
    Ok(Json(core.run(&Actor::visitor(), SearchCampaigns { search, ..SearchCampaigns::default() }).await.map_err(refuse)?))
}

/// Who asks: whoever brings the secret of a living session.
struct Asking(Actor);

impl FromRequestParts<Platform> for Asking {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, core: &Platform) -> Result<Self, Refusal> {
        let line = parts.headers.get(AUTHORIZATION).and_then(|line| line.to_str().ok()?.strip_prefix("Bearer "));
        let found = by_cookie(core, &line.unwrap_or_default().into(), Origin::default()).await.map_err(refuse)?;
        found.map(Self).ok_or_else(|| refuse(Error::SignedOut("Please sign in.")))
    }
}

/// A refusal: its sentence, with the status that fits.
fn refuse(why: Error) -> Refusal {
    let status = match &why {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::SignedOut(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Busy | Error::Corrupt(_) | Error::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::NotNow(_) | Error::Taken(_) | Error::Stale => StatusCode::CONFLICT,
    };
    (status, why.to_string())
}
