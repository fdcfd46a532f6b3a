//! How often a person or an address may ask: a leaky bucket each, in bounded memory.
//!
//! Not here: sign-in attempts; those are counted in the store, over restarts (`iescp-core`).

use super::ClientAddress;
use crate::app::House;
use crate::identity::Caller;
use crate::problem::{Edge, Problem, kinds};
use poem::http::HeaderValue;
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Whom a request counts for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Payer {
    Person(Uuid),
    Address(IpAddr),
    /// All for whom there is no room left in memory, together.
    Crowd,
}

/// Most buckets remembered at once.
const MOST: usize = 100_000;

/// Every bucket, each as the moment at which it will be full again.
pub struct Rates {
    quota: u32,
    window: Duration,
    begun: Instant,
    full_at: Mutex<HashMap<Payer, Duration>>,
    most: usize,
}

/// What is left after a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Left {
    requests: u32,
    reset: Duration,
    wait: Option<Duration>,
}

impl Rates {
    /// `quota` requests in each `window`.
    #[must_use]
    pub fn new(quota: u32, window: Duration) -> Self {
        Self { quota: quota.max(1), window, begun: Instant::now(), full_at: Mutex::default(), most: MOST }
    }

    fn take(&self, payer: Payer, now: Duration) -> Left {
        let cost = self.window / self.quota;
        let mut buckets = self.buckets();
        let payer = if buckets.contains_key(&payer) || self.has_room(&mut buckets, now) { payer } else { Payer::Crowd };
        let full_at = buckets.get(&payer).copied().unwrap_or(now).max(now);
        let after = full_at + cost;
        let reset = after.saturating_sub(now);
        if reset > self.window {
            return Left { requests: 0, reset: full_at - now, wait: Some(reset - self.window) };
        }
        buckets.insert(payer, after);
        let free = self.window.saturating_sub(reset).as_nanos() / cost.as_nanos().max(1);
        Left { requests: u32::try_from(free).unwrap_or(self.quota), reset, wait: None }
    }

    fn has_room(&self, buckets: &mut HashMap<Payer, Duration>, now: Duration) -> bool {
        if buckets.len() >= self.most {
            buckets.retain(|_, full_at| *full_at > now);
        }
        buckets.len() < self.most
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<Payer, Duration>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn policy(&self) -> String {
        format!("\"default\";q={};w={}", self.quota, self.window.as_secs())
    }
}

/// Lets a request through or asks to wait; tells on each answer of the API how many are left.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn rate<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let path = request.uri().path();
    let api = path.starts_with("/api/");
    if path.starts_with("/assets/") || ["/healthz", "/readyz", "/metrics"].contains(&path) {
        return Ok(next.call(request).await?.into_response());
    }
    let payer = Caller::of(&request).account().map_or(Payer::Address(ClientAddress::of(&request).household()), Payer::Person);
    let left = house.rates.take(payer, house.rates.begun.elapsed());
    let mut answer = match left.wait {
        None => next.call(request).await?.into_response(),
        Some(wait) => {
            house.metrics.limited();
            let detail = "You are asking too often. Please wait as Retry-After says.";
            Edge::of(&request).refuse(Problem::new(&kinds::QUOTA, detail).again_in(seconds(wait)))
        }
    };
    if api {
        let headers = answer.headers_mut();
        let left = format!("\"default\";r={};t={}", left.requests, seconds(left.reset));
        for (name, value) in [("ratelimit-policy", house.rates.policy()), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
    Ok(answer)
}

/// Rounded up: who waits so long is early by nothing.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEBODY: Payer = Payer::Address(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_05_the_quota_can_be_spent_at_once_and_comes_back_evenly() {
        let rates = Rates::new(10, at(10));
        for left in (0..10).rev() {
            assert_eq!(rates.take(SOMEBODY, at(0)), Left { requests: left, reset: at(10 - u64::from(left)), wait: None });
        }
        assert_eq!(rates.take(SOMEBODY, at(0)).wait, Some(at(1)));
        assert_eq!(rates.take(SOMEBODY, at(1)).wait, None);
        assert_eq!(rates.take(SOMEBODY, at(1)).wait, Some(at(1)));
        assert_eq!(rates.take(SOMEBODY, at(100)).requests, 9);
    }

    #[test]
    fn a_05_who_waits_as_told_is_never_refused() {
        let rates = Rates::new(3, at(10));
        let mut now = at(0);
        for _ in 0..200 {
            let left = rates.take(SOMEBODY, now);
            assert_eq!(left.wait, None);
            if left.requests == 0 {
                now += at(seconds(left.reset));
            }
        }
    }

    #[test]
    fn one_persons_requests_do_not_count_for_another() {
        let rates = Rates::new(1, at(10));
        assert_eq!(rates.take(SOMEBODY, at(0)).wait, None);
        assert_eq!(rates.take(Payer::Person(Uuid::nil()), at(0)).wait, None);
        assert!(rates.take(SOMEBODY, at(0)).wait.is_some());
    }

    #[test]
    fn s_08_memory_is_bounded_and_the_crowd_shares_a_bucket() {
        let rates = Rates { most: 4, ..Rates::new(1, at(10)) };
        let person = |n: u128| Payer::Person(Uuid::from_u128(n));
        for n in 0..4 {
            assert_eq!(rates.take(person(n), at(0)).wait, None);
        }
        assert_eq!(rates.take(person(5), at(0)).wait, None);
        assert!(rates.take(person(6), at(0)).wait.is_some());
        assert!(rates.buckets().len() <= 5);
        assert_eq!(rates.take(person(7), at(20)).wait, None);
    }
}
