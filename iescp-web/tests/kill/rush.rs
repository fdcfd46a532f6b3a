//! A budget for ten and sixty-four acceptances at once, half of them at each of two nodes while two workers run: exactly ten are
//! accepted, round after round.
//!
//! Three rounds; `IESCP_RUSH_ROUNDS=200` for so many. The worker's program must have been built beside the server's.

use crate::chain::{campaign_called, offer_of, usd};
use crate::cluster::Cluster;
use crate::house::{House, Pair, Person};
use crate::server::{Answer, Line, Server};
use crate::worker::{Alone, all_is_done};
use serde_json::{Value, json};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

const RUNNERS: usize = 64;
const PLACES: usize = 10;
/// A tenth of a campaign's budget.
const AMOUNT: i64 = 100;
/// Who applies may do so fifty times a day; then others do.
const ROUNDS_A_DAY: usize = 45;

/// A campaign, and who applied to it.
struct Rush<'a> {
    lines: &'a [Line; 2],
    sponsor: &'a Person,
    name: String,
    campaign: String,
    requests: Vec<String>,
}

/// What must go well.
fn done(line: &Line, by: &Person, path: &str, key: &str, body: &Value) -> Value {
    let answer = line.post(&by.token(), path, key, body).unwrap_or_else(|why| panic!("{key}: {why}"));
    assert!(matches!(answer.status, 200 | 201), "{key}: {} {}", answer.status, answer.body);
    answer.body
}

/// Does something for each of these at the same moment, half of them at each node.
fn at_once<T: Sync, A: Send>(lines: &[Line; 2], all: &[T], act: impl Fn(&Line, &T) -> A + Sync) -> Vec<A> {
    let (start, act) = (Barrier::new(all.len()), &act);
    thread::scope(|threads| {
        let each = all.iter().zip(lines.iter().cycle()).map(|(one, line)| {
            let start = &start;
            threads.spawn(move || {
                start.wait();
                act(line, one)
            })
        });
        let running: Vec<_> = each.collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

impl<'a> Rush<'a> {
    fn prepare(lines: &'a [Line; 2], sponsor: &'a Person, influencers: &[Person], name: String) -> Self {
        let drafted = done(&lines[0], sponsor, "/campaigns", &format!("{name}-draft"), &campaign_called(&name));
        let campaign = drafted["id"].as_str().unwrap().to_owned();
        let at = |what: &str| format!("/campaigns/{campaign}/{what}");
        done(&lines[1], sponsor, &at("fund"), &format!("{name}-fund"), &json!({ "amount": usd(PLACES as i64 * AMOUNT) }));
        done(&lines[0], sponsor, &at("publish"), &format!("{name}-publish"), &Value::Null);
        let requests = at_once(lines, influencers, |line, influencer| {
            let request = done(line, influencer, &at("requests"), &format!("{name}-apply"), &offer_of(AMOUNT));
            request["id"].as_str().unwrap().to_owned()
        });
        Self { lines, sponsor, name, campaign, requests }
    }

    fn accept_all(&self) -> Vec<Answer> {
        at_once(self.lines, &self.requests, |line, request| {
            let body = json!({ "offer": 1, "name": "Sam Sponsor" });
            let key = format!("{}-accept-{request}", self.name);
            line.post(&self.sponsor.token(), &format!("/requests/{request}/accept"), &key, &body).unwrap()
        })
    }

    /// Refuses to go on unless ten were accepted, and both nodes say so.
    fn prove(&self, answers: &[Answer]) {
        let accepted = answers.iter().filter(|answer| answer.status == 200).count();
        for refused in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!((refused.status, &refused.body["code"]), (409, &"over_budget".into()), "{}: {}", self.name, refused.body);
        }
        assert_eq!(accepted, PLACES, "{}", self.name);
        let token = self.sponsor.token();
        for line in self.lines {
            let money = &line.get(&token, &format!("/campaigns/{}", self.campaign))["money"];
            assert_eq!((&money["held"], &money["available"]), (&usd(PLACES as i64 * AMOUNT), &usd(0)), "{}", self.name);
            let requests = line.get(&token, &format!("/campaigns/{}/requests?limit=100", self.campaign));
            let states = requests["items"].as_array().unwrap().iter().map(|request| request["state"].as_str().unwrap());
            assert_eq!(states.filter(|state| *state == "accepted").count(), PLACES, "{}", self.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs iescp-worker, which .ci/test builds"]
async fn of_sixty_four_accepted_at_once_at_two_nodes_exactly_ten_are() {
    let rounds = std::env::var("IESCP_RUSH_ROUNDS").map_or(3, |rounds| rounds.parse().unwrap());
    let cluster = Cluster::start();
    let (place, store) = (tempfile::tempdir().unwrap(), cluster.url());
    let directory = place.path();
    let (house, desk) = House::on(&store).await;
    let nodes = [Server::node(directory, &store), Server::node(directory, &store)];
    let _workers = [Alone::start(directory, &store), Alone::start(directory, &store)];
    let lines = nodes.each_ref().map(Server::line);
    let (began, mut accepting) = (Instant::now(), Duration::ZERO);
    let mut pairs: Vec<Pair> = Vec::new();
    for round in 0..rounds {
        if round % ROUNDS_A_DAY == 0 {
            pairs = house.pairs(round, RUNNERS).await;
        }
        let influencers: Vec<Person> = pairs.iter().map(|pair| pair.influencer.clone()).collect();
        let rush = Rush::prepare(&lines, &pairs[round % RUNNERS].sponsor, &influencers, format!("rush-{round}"));
        let began = Instant::now();
        let answers = rush.accept_all();
        accepting += began.elapsed();
        rush.prove(&answers);
    }
    eprintln!("{rounds} rounds in {:.1?}, of which {accepting:.1?} for {} acceptances", began.elapsed(), rounds * RUNNERS);
    all_is_done(&desk).await;
    house.check().await;
}
