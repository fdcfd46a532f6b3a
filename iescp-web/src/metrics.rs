//! Counts and times, and who may read them.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use poem::http::{Method, StatusCode, header};
use poem::{IntoResponse, Request, Response, Result};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use subtle::ConstantTimeEq;

use crate::app::House;
use crate::middleware::ClientAddress;

/// Bounds of the time histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The process's figures. Everything that uses the `metrics` macros ends up here, the core and the worker too.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

static INSTALLED: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

impl Metrics {
    /// Starts counting for this process; later calls give the same figures.
    ///
    /// # Errors
    /// When something else in the process has claimed the figures, or the buckets are refused.
    pub fn install() -> Result<Self, BuildError> {
        let installed = INSTALLED.get_or_init(|| {
            let recorder = build().ok()?;
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok().map(|()| handle)
        });
        match installed {
            Some(handle) => Ok(Self { handle: handle.clone() }),
            None => Ok(Self { handle: build()?.handle() }),
        }
    }

    /// One request answered.
    pub fn count(&self, method: &Method, place: &str, status: StatusCode, took: Duration) {
        let labels = [("method", known(method).to_owned()), ("path", place.to_owned()), ("status", status.as_u16().to_string())];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_seconds", "path" => place.to_owned()).record(took.as_secs_f64());
    }

    /// One request refused for coming too often.
    pub fn limited(&self) {
        metrics::counter!("http_requests_limited_total").increment(1);
    }

    /// Keeps memory flat while nobody reads the figures.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// The figures as Prometheus reads them.
    #[must_use]
    pub fn render(&self) -> String {
        self.handle.render()
    }
}

fn build() -> Result<PrometheusRecorder, BuildError> {
    Ok(PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)?.build_recorder())
}

/// Methods that clients invent share a label.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::OPTIONS => {
            method.as_str()
        }
        _ => "OTHER",
    }
}

/// `/metrics`: there when switched on, for this machine or for who brings the token (S-69).
///
/// # Errors
/// Not found for everybody else.
pub async fn page(house: Arc<House>, request: Request) -> Result<Response> {
    if !house.settings.metrics || !may_read(&house, &request) {
        return Err(poem::error::NotFoundError.into());
    }
    Ok(house.metrics.render().with_content_type("text/plain; version=0.0.4; charset=utf-8").into_response())
}

fn may_read(house: &House, request: &Request) -> bool {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|line| line.to_str().ok()?.strip_prefix("Bearer "));
    match (&house.settings.metrics_token, sent) {
        (Some(token), Some(sent)) => token.reveal().as_bytes().ct_eq(sent.as_bytes()).into(),
        (Some(_), None) => false,
        (None, _) => {
            let forwarded = request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
            !forwarded && ClientAddress::of(request).0.is_loopback()
        }
    }
}
