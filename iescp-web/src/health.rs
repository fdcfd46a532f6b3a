//! Whether the process lives, and whether it should get requests.

use crate::app::House;
use futures_util::future::BoxFuture;
use poem::Response;
use poem::http::StatusCode;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// One thing that must be so for the server to be ready: its name and the question.
#[derive(Clone)]
pub struct Check {
    name: &'static str,
    ask: Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

impl Check {
    /// `ask` answers `Err` with a sentence for the log when it is not so.
    pub fn new<F, A>(name: &'static str, ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { name, ask: Arc::new(move || Box::pin(ask())) }
    }
}

/// Longest that one check may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/healthz`: the process answers.
#[must_use]
pub fn alive() -> Response {
    Response::builder().content_type("application/json").body(json!({ "status": "ok" }).to_string())
}

/// `/readyz`: not stopping, and all checks are well. What is wrong with one stands in the log.
pub async fn ready(house: Arc<House>) -> Response {
    let mut well = !house.shutdown.has_begun();
    let mut checks = Map::new();
    checks.insert("accepting".into(), word(well));
    for check in &house.checks {
        let outcome = timeout(PATIENCE, (check.ask)()).await.unwrap_or_else(|_| Err("it did not answer in time".into()));
        if let Err(why) = &outcome {
            tracing::warn!(check = check.name, why = ?why, "not ready");
        }
        well &= outcome.is_ok();
        checks.insert(check.name.into(), word(outcome.is_ok()));
    }
    let (status, said) = if well { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready") };
    Response::builder()
        .status(status)
        .content_type("application/json")
        .body(json!({ "status": said, "checks": checks }).to_string())
}

fn word(well: bool) -> Value {
    if well { "ok".into() } else { "failed".into() }
}
