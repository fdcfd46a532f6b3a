//! One request for a page: who asks, what they sent, and how they are answered.
//!
//! Not here: what single pages do (their own files), how a page looks (`view`).

mod answer;

use super::cookie::{Name, unescaped};
use super::picture::Upload;
use super::{Fields, Refused, foresight};
use crate::app::House;
use crate::htmx::Part;
use crate::identity;
use crate::middleware::{Asked, RequestId};
use crate::problem::{Problem, kinds};
use crate::text;
use crate::view::Look;
use iescp_core::account::Role;
use iescp_core::picture::{self, Image, PictureDraft, Placed};
use iescp_core::report::{Glance, ViewGlance};
use iescp_core::{Actor, Error, IdempotencyKey, Operation, PageRequest, Sight};
use poem::http::{HeaderValue, Method, header};
use poem::{Request, Response};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use uuid::Uuid;

/// The name of the hidden field with a form's key: what is sent twice is done once.
pub const KEY: &str = "key";

/// One request for a page. Cheap to clone.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    house: Arc<House>,
    actor: Actor,
    /// What was read for this page; a form reads everything anew.
    sight: Option<Arc<Sight>>,
    me: Option<Glance>,
    since: u64,
    look: Look,
    part: Part,
    method: Method,
    path: String,
    query: Fields,
    sent: Fields,
    files: Arc<Vec<Upload>>,
    params: Vec<(&'static str, String)>,
    said: Option<String>,
    theme: Option<String>,
    request_id: RequestId,
}

/// The changing segments that our paths have.
const PARAMS: [&str; 2] = ["id", "other"];

impl Visit {
    /// Reads a request.
    ///
    /// # Errors
    /// A form that comes from elsewhere or cannot be read; a failing store.
    pub async fn of(house: Arc<House>, mut request: Request) -> Result<Self, Refused> {
        let changes = request.method() == Method::POST;
        let (sight, since) = (Sight::new(), house.platform.store().latest());
        let (actor, me) = who(&house, &sight, &request).await?;
        let sent = match changes {
            true => Fields::of_body(&mut request).await,
            false => Some(Default::default()),
        };
        let (sent, files) = sent.ok_or_else(|| Problem::new(&kinds::MALFORMED, text::errors::UNREADABLE_FORM))?;
        let read = |name: Name| name.read(&house, &request);
        let params = PARAMS.iter().filter_map(|name| Some((*name, request.raw_path_param(name)?.to_owned())));
        let settings = house.platform.settings();
        let look = Look::new(settings, house.now(), request.header(header::ACCEPT_LANGUAGE), read(Name::Zone).as_deref());
        let inner = Inner {
            look,
            actor,
            sight: (!changes).then(|| Arc::new(sight)),
            me,
            since,
            part: Part::of(&request),
            method: request.method().clone(),
            path: Asked::of(&request).path().to_owned(),
            query: Fields::of_query(&request),
            params: params.collect(),
            said: read(Name::Said).map(|said| unescaped(&said)),
            theme: read(Name::Theme).filter(|theme| ["light", "dark"].contains(&theme.as_str())),
            request_id: RequestId::of(&request),
            sent,
            files: Arc::new(files),
            house,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The house.
    #[must_use]
    pub fn house(&self) -> &House {
        &self.0.house
    }

    /// Who asks.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// The person, if they have signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Glance> {
        self.0.me.as_ref()
    }

    /// The person, who must have signed in.
    ///
    /// # Errors
    /// If they have not.
    pub fn me(&self) -> Result<&Glance, Refused> {
        self.person().ok_or(Refused::SignIn)
    }

    /// The person's role, if they have signed in.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.person().map(|me| me.account.role)
    }

    /// Only for people of this role; to others the page does not exist.
    ///
    /// # Errors
    /// If they have not signed in or are something else.
    pub fn only(&self, role: Role) -> Result<&Glance, Refused> {
        let me = self.me()?;
        if me.account.role == role { Ok(me) } else { Err(Error::NotFound.into()) }
    }

    /// How money, days and moments are written for this person.
    #[must_use]
    pub fn look(&self) -> &Look {
        &self.0.look
    }

    /// The path that was asked for.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What the query says.
    #[must_use]
    pub fn query(&self) -> &Fields {
        &self.0.query
    }

    /// What the form says.
    #[must_use]
    pub fn sent(&self) -> &Fields {
        &self.0.sent
    }

    /// The files that the form brings.
    #[must_use]
    pub fn files(&self) -> &[Upload] {
        &self.0.files
    }

    /// The same visit, with another form.
    #[must_use]
    pub fn with_sent(&self, sent: Fields) -> Self {
        Self(Arc::new(Inner { sent, ..Inner::clone(&self.0) }))
    }

    /// The `{id}` in the path.
    ///
    /// # Errors
    /// Not found, if it is no id.
    pub fn id<T: From<Uuid>>(&self) -> Result<T, Refused> {
        self.id_named("id")
    }

    /// Another id in the path.
    ///
    /// # Errors
    /// Not found, if it is no id.
    pub fn id_named<T: From<Uuid>>(&self, name: &str) -> Result<T, Refused> {
        let id = self.named(name).and_then(|text| Uuid::try_parse(text).ok());
        Ok(id.ok_or(Error::NotFound)?.into())
    }

    /// The `{id}` in the path as it stands there, where it is none.
    #[must_use]
    pub fn token(&self) -> &str {
        self.named("id").unwrap_or_default()
    }

    fn named(&self, name: &str) -> Option<&str> {
        self.0.params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Which page of a list the query asks for.
    #[must_use]
    pub fn page_of(&self, limit: usize) -> PageRequest {
        self.0.query.page(limit)
    }

    /// Runs one of the core's operations.
    ///
    /// # Errors
    /// What it refuses.
    pub async fn run<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        let (platform, actor) = (&self.0.house.platform, &self.0.actor);
        match &self.0.sight {
            Some(sight) => platform.run_in(sight, actor, operation).await,
            None => platform.run(actor, operation).await,
        }
    }

    /// Runs one of the core's operations once for each rendering of the form that was sent.
    ///
    /// # Errors
    /// What it refuses.
    pub async fn run_once<O: Operation>(&self, operation: O) -> Result<O::Output, Error>
    where
        O::Output: Serialize + DeserializeOwned,
    {
        Ok(self.0.house.platform.run_once(&self.0.actor, self.key(), operation).await?.output)
    }

    /// Runs one of the core's operations that puts a picture somewhere.
    ///
    /// # Errors
    /// What it refuses.
    pub async fn place<O>(&self, image: Image, operation: impl FnOnce(PictureDraft) -> O) -> Result<Placed, Error>
    where
        O: Operation<Output = Placed>,
    {
        Ok(picture::place(&self.0.house.platform, &self.0.actor, None, image, operation).await?.output)
    }

    /// The key of the form that was sent.
    #[must_use]
    pub fn key(&self) -> Option<IdempotencyKey> {
        let key = self.0.sent.given(KEY).filter(|key| key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_graphic()))?;
        let fingerprint = self.0.sent.clone().without(&[KEY]).query();
        Some(IdempotencyKey { key: key.to_owned(), route: format!("page {}", self.0.path), fingerprint })
    }
}

/// Whether a path leads to a page of ours and nowhere else.
pub(super) fn is_local(path: &str) -> bool {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    plain && !path.chars().any(char::is_control) && path.len() <= 2000
}

/// Adds a cookie to an answer.
pub fn add_cookie(answer: &mut Response, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Who asks, by their cookie; a session that is over is nobody's.
async fn who(house: &House, sight: &Sight, request: &Request) -> Result<(Actor, Option<Glance>), Refused> {
    let actor = identity::by_cookie(house, sight, request, |asker| foresight::of(request, asker)).await?;
    if actor.account_id().is_none() {
        return Ok((actor, None));
    }
    match house.platform.run_in(sight, &actor, ViewGlance).await {
        Ok(glance) => Ok((actor, Some(glance))),
        Err(Error::SignedOut(_)) => Ok((Actor::visitor().from(identity::origin(request)), None)),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_20_nobody_is_sent_to_another_site() {
        for path in ["/", "/campaigns?niche=food&after=x", "/requests/7#offer-3"] {
            assert!(is_local(path), "{path}");
        }
        for path in ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a\r\nb", "evil"] {
            assert!(!is_local(path), "{path}");
        }
    }
}
