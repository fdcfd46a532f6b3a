//! How often a person or an address may ask: a leaky bucket each, in bounded memory. Where several nodes serve, each tells the
//! others what was spent at it, so that a bucket is one for all of them: who asks two at once has spent it a moment later, and owes
//! what was too much.
//!
//! - `nodes` is how they tell each other.
//!
//! Not here: sign-in attempts; those are counted in the store, over restarts (`iescp-core`).

mod nodes;

pub use nodes::tell_each_other;

use super::ClientAddress;
use crate::app::House;
use crate::identity::Caller;
use crate::problem::{Edge, Problem, kinds};
use poem::http::HeaderValue;
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Whom a request counts for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
enum Payer {
    Person(Uuid),
    Address(IpAddr),
    /// All for whom there is no room left in memory, together.
    Crowd,
}

/// Most buckets remembered at once.
const MOST: usize = 100_000;

/// What is less than this part of a quota is not told to other nodes.
const LITTLE: u32 = 100;

/// Every bucket, each as the moment at which it will be full again.
pub struct Rates {
    quota: u32,
    window: Duration,
    begun: Instant,
    full_at: Mutex<HashMap<Payer, Duration>>,
    most: usize,
    /// What was spent here and other nodes were not told yet; none if there are no others.
    untold: Mutex<Option<HashMap<Payer, u32>>>,
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
        Self {
            quota: quota.max(1),
            window,
            begun: Instant::now(),
            full_at: Mutex::default(),
            most: MOST,
            untold: Mutex::default(),
        }
    }

    /// From now on other nodes are told.
    fn share(&self) {
        unpoisoned(&self.untold).get_or_insert_default();
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
        if let Some(untold) = unpoisoned(&self.untold).as_mut() {
            *untold.entry(payer).or_default() += 1;
        }
        let free = self.window.saturating_sub(reset).as_nanos() / cost.as_nanos().max(1);
        Left { requests: u32::try_from(free).unwrap_or(self.quota), reset, wait: None }
    }

    /// What somebody spent at another node. What they owe is bounded: in two windows they may ask again.
    fn spent_elsewhere(&self, payer: Payer, requests: u32, now: Duration) {
        let mut buckets = self.buckets();
        if buckets.contains_key(&payer) || self.has_room(&mut buckets, now) {
            let full_at = buckets.entry(payer).or_insert(now);
            *full_at = (*full_at).max(now).saturating_add(self.window / self.quota * requests).min(now + 2 * self.window);
        }
    }

    /// What is to be told to other nodes: those who spent most first, of whom who spent little waits until it is more.
    fn to_be_told(&self, most: usize) -> Vec<(Payer, u32)> {
        let (buckets, mut untold, now) = (self.buckets(), unpoisoned(&self.untold), self.begun.elapsed());
        let Some(untold) = untold.as_mut() else { return Vec::new() };
        // A bucket that is full again has nothing to tell.
        untold.retain(|payer, _| buckets.get(payer).is_some_and(|full_at| *full_at > now));
        let little = self.quota / LITTLE;
        let mut told: Vec<(Payer, u32)> =
            untold.iter().filter(|(_, spent)| **spent > little).map(|(payer, spent)| (*payer, *spent)).collect();
        told.sort_unstable_by_key(|(_, spent)| Reverse(*spent));
        told.truncate(most);
        for (payer, _) in &told {
            untold.remove(payer);
        }
        told
    }

    fn has_room(&self, buckets: &mut HashMap<Payer, Duration>, now: Duration) -> bool {
        if buckets.len() >= self.most {
            buckets.retain(|_, full_at| *full_at > now);
        }
        buckets.len() < self.most
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<Payer, Duration>> {
        unpoisoned(&self.full_at)
    }

    fn policy(&self) -> String {
        format!("\"default\";q={};w={}", self.quota, self.window.as_secs())
    }
}

fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn a_05_what_is_spent_at_two_nodes_is_spent_once() {
        let nodes = [Rates::new(200, at(10)), Rates::new(200, at(10))];
        nodes.iter().for_each(Rates::share);
        let mut let_through = 0;
        for round in 0..400 {
            let_through += u32::from(nodes[round % 2].take(SOMEBODY, at(0)).wait.is_none());
            if round % 20 == 0 {
                for (one, other) in [(0, 1), (1, 0)] {
                    for (payer, spent) in nodes[one].to_be_told(10) {
                        nodes[other].spent_elsewhere(payer, spent, at(0));
                    }
                }
            }
        }
        assert!((195..=220).contains(&let_through), "{let_through}");
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
