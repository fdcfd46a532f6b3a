//! Where failures become answers.

use super::{Problem, from_poem};
use crate::middleware::RequestId;
use crate::view::{layout, trouble};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Request, Response, Result};
use serde_json::{Map, Value, json};

/// What must be known of a request to answer its failure, taken before the request is given away.
/// Made from the whole path, so not inside of a nest.
#[derive(Clone, Debug)]
pub struct Edge {
    id: RequestId,
    api: bool,
    credentials: bool,
}

impl Edge {
    /// Of this request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path();
        Self {
            id: RequestId::of(request),
            api: path == "/api" || path.starts_with("/api/"),
            credentials: request.headers().contains_key(header::AUTHORIZATION),
        }
    }

    /// The answer, or the failure as an answer.
    pub fn settle(&self, result: Result<impl IntoResponse>) -> Response {
        match result {
            Ok(answer) => answer.into_response(),
            Err(error) if error.is_from_response() => error.into_response(),
            Err(error) => self.refuse(from_poem(error)),
        }
    }

    /// The problem as an answer; what went wrong on our side is logged here.
    #[must_use]
    pub fn refuse(&self, problem: Problem) -> Response {
        if problem.status().is_server_error() {
            let why = problem.internal.as_deref().unwrap_or(&problem.detail);
            tracing::error!(request_id = %self.id, code = %problem.code, why = ?why, "failed");
        }
        let mut answer = if self.api { self.json(&problem) } else { page(&problem, &self.id) };
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if problem.status() == StatusCode::UNAUTHORIZED {
            let challenge = if self.credentials { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(allow) = problem.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        let size = problem.current.as_deref().and_then(|(_, current)| current.get("bytes")?.as_u64());
        let size = size.filter(|_| problem.status() == StatusCode::RANGE_NOT_SATISFIABLE);
        headers.extend(size.and_then(|bytes| Some((header::CONTENT_RANGE, format!("bytes */{bytes}").parse().ok()?))));
        answer
    }

    fn json(&self, problem: &Problem) -> Response {
        let mut body = Map::new();
        body.insert("type".into(), problem.kind.uri().into());
        body.insert("title".into(), problem.kind.title.into());
        body.insert("status".into(), problem.status().as_u16().into());
        body.insert("detail".into(), problem.detail.clone().into());
        body.insert("instance".into(), format!("urn:uuid:{}", self.id).into());
        body.insert("code".into(), problem.code.into());
        if !problem.errors.is_empty() {
            body.insert("errors".into(), json!(problem.errors));
        }
        if let Some((member, value)) = problem.current.as_deref() {
            body.insert((*member).into(), value.clone());
        }
        Response::builder()
            .status(problem.status())
            .content_type("application/problem+json")
            .body(Value::Object(body).to_string())
    }
}

/// A failure outside the API before anybody was known, as a page.
fn page(problem: &Problem, id: &RequestId) -> Response {
    let page = layout::apart(&trouble(problem, &id.to_string()));
    Response::builder().status(problem.status()).content_type("text/html; charset=utf-8").body(page.into_string())
}
