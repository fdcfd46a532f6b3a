//! Counts and times, and who may read them.

use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use poem::http::{Method, StatusCode, header};
use poem::{IntoResponse, Request, Response, Result};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;
use subtle::ConstantTimeEq;

use crate::app::House;
use crate::middleware::ClientAddress;
use crate::routes::Place;

/// Bounds of the time histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The process's figures. Everything that uses the `metrics` macros ends up here, the core and the worker too.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    lines: Arc<RwLock<HashMap<Line, (Counter, Histogram)>>>,
}

/// What requests are counted by: method, pattern of the path, status.
type Line = (&'static str, Arc<Place>, u16);

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
            Some(handle) => Ok(Self::of(handle.clone())),
            None => Ok(Self::of(build()?.handle())),
        }
    }

    fn of(handle: PrometheusHandle) -> Self {
        Self { handle, lines: Arc::default() }
    }

    /// One request answered; those that led nowhere share a label.
    pub fn count(&self, method: &Method, place: Option<&Arc<Place>>, status: StatusCode, took: Duration) {
        let Some(place) = place else {
            let (requests, times) = line(known(method), "none", status);
            requests.increment(1);
            return times.record(took.as_secs_f64());
        };
        let key = (known(method), Arc::clone(place), status.as_u16());
        let met = self.lines.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let (requests, times) = met.unwrap_or_else(|| {
            let line = line(key.0, &place.pattern, status);
            self.lines.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(line).clone()
        });
        requests.increment(1);
        times.record(took.as_secs_f64());
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

/// The figures that a request belongs to; to look them up by their labels takes longer than to count.
fn line(method: &'static str, pattern: &str, status: StatusCode) -> (Counter, Histogram) {
    let labels = [("method", method.to_owned()), ("path", pattern.to_owned()), ("status", status.as_u16().to_string())];
    let times = metrics::histogram!("http_request_seconds", "path" => pattern.to_owned());
    (metrics::counter!("http_requests_total", &labels), times)
}

/// Methods that clients invent share a label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
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
    if let Some(desk) = &house.desk {
        crate::jobs::count(desk).await;
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
