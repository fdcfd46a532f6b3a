//! Who is asking: the only reader of credentials.
//!
//! On the API that is the `Authorization` header and nothing else; a cookie there counts for nothing (S-22). For pages it is the
//! cookie and nothing else; what may change something must come from our own pages (S-20).
//!
//! Not here: what somebody may do (`iescp-core`'s policy), and whether a session or token still lives (its store).

use crate::access_token::{AccessTokens, Claims, Rejected};
use crate::answers::Noting;
use crate::api::Failure;
use crate::app::House;
use crate::middleware::{ClientAddress, Trace};
use crate::pages::{Cookie, is_open_to_all, require_same_origin};
use crate::problem::{Edge, Problem, kinds};
use iescp_core::session::{by_cookie_in, by_token};
use iescp_core::store::Read;
use iescp_core::{Actor, IdempotencyKey, Likely, Once, Operation, Origin, Platform, Sight};
use jiff::Timestamp;
use poem::http::{HeaderMap, header};
use poem::{Endpoint, IntoResponse, Request, RequestBody, Response, Result};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// Who says to be asking, as far as the request itself can prove it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caller {
    /// Brought no credentials.
    Nobody,
    /// Brought an access token that we signed and whose time is now.
    Session(Arc<Claims>),
    /// Brought a personal token; the store knows whether there is such a one.
    Personal(PersonalToken),
    /// Brought something that is worth nothing; the sentence says why.
    Rejected(&'static str),
}

/// A personal token's text. Its `Debug` is `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalToken(String);

impl PersonalToken {
    /// The text, to be looked up by its hash.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonalToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What personal tokens begin with (S-54).
pub const PERSONAL: &str = "iescp_pat_";
/// Longest personal token that is looked at.
const LONGEST: usize = 256;

impl Caller {
    /// Reads the credentials of a request to the API.
    #[must_use]
    pub fn read(headers: &HeaderMap, tokens: &AccessTokens, now: Timestamp) -> Self {
        let mut lines = headers.get_all(header::AUTHORIZATION).iter();
        let Some(line) = lines.next() else {
            return Self::Nobody;
        };
        if lines.next().is_some() {
            return Self::Rejected("There is more than one Authorization header.");
        }
        let Some(token) = line.to_str().ok().and_then(bearer) else {
            return Self::Rejected("The Authorization header must be `Bearer` and a token.");
        };
        if token.starts_with(PERSONAL) {
            let plain = token.len() <= LONGEST && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            return if plain { Self::Personal(PersonalToken(token.to_owned())) } else { Self::Rejected(Rejected::NotOurs.why()) };
        }
        tokens.verify(token, now).map_or_else(|rejected| Self::Rejected(rejected.why()), Self::Session)
    }

    /// The request's, as the middleware read it.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().cloned().unwrap_or(Self::Nobody)
    }

    /// The account, when the request itself proves it.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        match self {
            Self::Session(claims) => Some(claims.sub),
            Self::Nobody | Self::Personal(_) | Self::Rejected(_) => None,
        }
    }
}

/// Learns of the key of a token, if another process may have made it; whether that was of any use.
async fn learn(headers: &HeaderMap, house: &House) -> bool {
    match headers.get(header::AUTHORIZATION).and_then(|line| line.to_str().ok()).and_then(bearer) {
        Some(token) => house.tokens.learn(token, house.now()).await,
        None => false,
    }
}

fn bearer(line: &str) -> Option<&str> {
    let (scheme, token) = line.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains(' ')).then_some(token)
}

/// Reads the credentials of requests to the API and remembers the caller.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn identity<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    if !request.uri().path().starts_with("/api/") {
        if !request.method().is_safe()
            && !is_open_to_all(request.uri().path())
            && let Err(problem) = require_same_origin(&house, &request)
        {
            return Ok(Edge::of(&request).refuse(problem));
        }
        return Ok(next.call(request).await?.into_response());
    }
    let mut caller = Caller::read(request.headers(), &house.tokens, house.now());
    if matches!(caller, Caller::Rejected(_)) && learn(request.headers(), &house).await {
        caller = Caller::read(request.headers(), &house.tokens, house.now());
    }
    Trace::of(&request).asked_by(&caller);
    request.set_data(caller);
    Ok(next.call(request).await?.into_response())
}

/// Who asks, and of what: what an operation's handler runs the core's operations with.
pub struct Asker {
    /// The platform.
    pub platform: Platform,
    /// Who asks.
    pub actor: Actor,
    /// Notes what the answer rests on, if it may be kept.
    noting: Option<Noting>,
}

impl Asker {
    /// Runs an operation of the core's as who asks.
    ///
    /// # Errors
    /// What the operation refuses.
    pub async fn run<O: Operation>(&self, operation: O) -> Result<O::Output, Failure> {
        Ok(self.ask(operation).await?)
    }

    /// Runs an operation of the core's as who asks, for callers who look at the refusal themselves.
    ///
    /// # Errors
    /// What the operation refuses.
    pub async fn ask<O: Operation>(&self, operation: O) -> iescp_core::Result<O::Output> {
        let Some(noting) = &self.noting else {
            return self.platform.run(&self.actor, operation).await;
        };
        let mut basis = self.platform.basis();
        let outcome = self.platform.run_on(&mut basis, &self.actor, operation).await;
        noting.add(basis);
        outcome
    }

    /// Runs an operation of the core's once for each key.
    ///
    /// # Errors
    /// What the operation refuses; also a key that was used for something else.
    pub async fn run_once<O: Operation>(&self, key: Option<IdempotencyKey>, operation: O) -> Result<Once<O::Output>, Failure>
    where
        O::Output: Serialize + DeserializeOwned,
    {
        Ok(self.platform.run_once(&self.actor, key, operation).await?)
    }
}

/// An operation's argument: somebody who brought credentials. Without them, or with worthless ones, 401.
pub struct SignedIn(pub Asker);

/// An operation's argument: anybody. Worthless credentials are still refused with 401.
pub struct Anyone(pub Asker);

/// An operation's argument: whoever asks, as a stranger. Credentials are not looked at, so that a program whose access token
/// has expired can sign in or refresh it without taking the header off.
pub struct Stranger(pub Asker);

const SCHEME: &str = "bearer";

fn register(registry: &mut Registry) {
    registry.create_security_scheme(
        SCHEME,
        MetaSecurityScheme {
            ty: "http",
            description: Some(
                "An access token from `POST /auth/login`, five minutes long, or a personal token (`iescp_pat_…`). Cookies are never accepted.",
            ),
            name: None,
            key_in: None,
            scheme: Some("bearer"),
            bearer_format: Some("JWT"),
            flows: None,
            openid_connect_url: None,
        },
    );
}

/// Who asks, when they can be known; personal tokens are looked up.
async fn asker(request: &Request) -> Result<Asker> {
    let platform = House::of(request)?.platform.clone();
    let origin = origin(request);
    let actor = match Caller::of(request) {
        Caller::Rejected(why) => return Err(Problem::new(&kinds::SIGNED_OUT, why).into()),
        Caller::Nobody => Actor::visitor().from(origin),
        Caller::Session(claims) => Actor::session(claims.sub.into(), claims.sid.into()).from(origin),
        Caller::Personal(token) => {
            let known = by_token(&platform, &token.reveal().to_owned().into(), origin).await.map_err(Problem::from)?;
            known.ok_or_else(|| Problem::new(&kinds::SIGNED_OUT, "There is no such token, or it has ended."))?
        }
    };
    Ok(Asker { platform, actor, noting: Noting::of(request) })
}

/// Who has the cookie that a request for a page brings; a visitor, if there is none or its session is over (S-12).
///
/// # Errors
/// A failing store.
pub async fn by_cookie(
    house: &House,
    sight: &Sight,
    request: &Request,
    foreseen: impl FnOnce(Likely) -> Vec<Read>,
) -> Result<Actor, iescp_core::Error> {
    let origin = origin(request);
    let visitor = Actor::visitor().from(origin.clone());
    let Some(secret) = Cookie::Session.read(house, request).filter(|secret| secret.len() <= LONGEST) else { return Ok(visitor) };
    Ok(by_cookie_in(&house.platform, sight, &secret.into(), origin, foreseen).await?.unwrap_or(visitor))
}

/// Where a request comes from, for the audit trail.
pub(crate) fn origin(request: &Request) -> Origin {
    let agent = request.header(header::USER_AGENT).map(|agent| agent.chars().filter(|c| !c.is_control()).take(200).collect());
    Origin { address: Some(ClientAddress::of(request).0.to_string()), agent }
}

impl<'a> ApiExtractor<'a> for SignedIn {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        if Caller::of(request) == Caller::Nobody {
            return Err(Problem::new(&kinds::SIGNED_OUT, "Please sign in and send the access token.").into());
        }
        Ok(Self(asker(request).await?))
    }
}

impl<'a> ApiExtractor<'a> for Anyone {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Ok(Self(asker(request).await?))
    }
}

impl<'a> ApiExtractor<'a> for Stranger {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        let platform = House::of(request)?.platform.clone();
        Ok(Self(Asker { platform, actor: Actor::visitor().from(origin(request)), noting: Noting::of(request) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secrets;

    fn read(lines: &[&str]) -> Caller {
        let tokens = AccessTokens::new(&Secrets::random(Timestamp::UNIX_EPOCH).unwrap(), "https://iescp.example");
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::AUTHORIZATION, line.parse().unwrap());
        }
        Caller::read(&headers, &tokens, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn no_header_is_nobody_and_junk_is_rejected() {
        assert_eq!(read(&[]), Caller::Nobody);
        for junk in
            ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer a.b.c", "iescp_pat_abc", "Bearer iescp_pat_\u{e4}"]
        {
            assert!(matches!(read(&[junk]), Caller::Rejected(_)), "{junk}");
        }
        assert!(matches!(read(&["Bearer iescp_pat_a", "Bearer iescp_pat_a"]), Caller::Rejected(_)));
    }

    #[test]
    fn s_54_personal_tokens_use_the_same_header_and_are_never_shown() {
        let caller = read(&["bearer iescp_pat_abcDEF123"]);
        assert!(matches!(&caller, Caller::Personal(token) if token.reveal() == "iescp_pat_abcDEF123"));
        assert!(!format!("{caller:?}").contains("abcDEF123"));
    }
}
