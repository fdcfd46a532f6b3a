//! two nodes behind a small balancer that asks `/readyz`, at two hundred requests a second; each is stopped and replaced in
//! its turn. No request fails, and who listens to the stream of events misses nothing and hears nothing twice.

use crate::cluster::Cluster;
use crate::house::{House, Pair};
use crate::server::{Line, Server, said};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

/// Together they ask some two hundred times a second.
const CLIENTS: usize = 4;
const BETWEEN: Duration = Duration::from_millis(15);
/// How often the balancer asks whether a node is ready.
const LOOK: Duration = Duration::from_millis(100);

/// A node, and whether it is to be given requests.
struct Node {
    line: Line,
    ready: AtomicBool,
}

/// Gives each connection to a node that is ready; to another, if nobody listens there any more.
#[derive(Clone)]
struct Balancer {
    nodes: Arc<RwLock<Vec<Arc<Node>>>>,
    turn: Arc<AtomicUsize>,
}

impl Balancer {
    fn over(lines: impl IntoIterator<Item = Line>) -> (Self, Line) {
        let nodes = lines.into_iter().map(|line| Arc::new(Node { line, ready: AtomicBool::new(true) })).collect();
        let balancer = Self { nodes: Arc::new(RwLock::new(nodes)), turn: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Line { address: listener.local_addr().unwrap().to_string() };
        let (looking, giving) = (balancer.clone(), balancer.clone());
        thread::spawn(move || {
            loop {
                let nodes = looking.nodes.read().unwrap().clone();
                for node in nodes {
                    let ready = node.line.look("/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"));
                    node.ready.store(ready, Ordering::Relaxed);
                }
                thread::sleep(LOOK);
            }
        });
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let balancer = giving.clone();
                thread::spawn(move || balancer.give(client));
            }
        });
        (balancer, line)
    }

    fn give(&self, mut client: TcpStream) {
        let nodes = self.nodes.read().unwrap().clone();
        let (ready, rest): (Vec<_>, Vec<_>) = nodes.into_iter().partition(|node| node.ready.load(Ordering::Relaxed));
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        let turns = (0..ready.len()).map(|at| &ready[(first + at) % ready.len()]).chain(&rest);
        let Some(mut node) = turns.map(|node| TcpStream::connect(&node.line.address)).find_map(Result::ok) else { return };
        let (mut from, mut to) = (client.try_clone().unwrap(), node.try_clone().unwrap());
        thread::spawn(move || {
            let _ended = copy(&mut from, &mut to);
            let _told = to.shutdown(Shutdown::Write);
        });
        let _ended = copy(&mut node, &mut client);
        let _told = client.shutdown(Shutdown::Both);
    }

    fn replace(&self, at: usize, line: Line) {
        self.nodes.write().unwrap()[at] = Arc::new(Node { line, ready: AtomicBool::new(true) });
    }
}

/// Somebody's ear.
#[derive(Default)]
struct Ear {
    /// The campaigns of which it heard, in the order in which it did.
    heard: Mutex<Vec<String>>,
    streams: AtomicUsize,
    /// The number of the last event, by which it goes on.
    last: Mutex<String>,
    ended: AtomicBool,
}

impl Ear {
    /// Listens to what concerns a sponsor, and goes on after the last event wherever it is let in.
    fn listen(&self, line: &Line, pair: &Pair) {
        while !self.ended.load(Ordering::Relaxed) {
            let mut socket = TcpStream::connect(&line.address).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let (token, last) = (pair.sponsor.token(), self.last.lock().unwrap().clone());
            let after = if last.is_empty() { String::new() } else { format!("last-event-id: {last}\r\n") };
            let head = format!("GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n{after}\r\n");
            socket.write_all(head.as_bytes()).unwrap();
            self.streams.fetch_add(1, Ordering::Relaxed);
            for line in BufReader::new(socket).lines().map_while(Result::ok) {
                if self.ended.load(Ordering::Relaxed) {
                    return;
                }
                assert!(!line.starts_with("event: reset"), "it was told to read everything afresh");
                if let Some(id) = line.strip_prefix("id: ") {
                    id.clone_into(&mut self.last.lock().unwrap());
                }
                if let Some(data) = line.strip_prefix("data: ") {
                    let data: Value = serde_json::from_str(data).unwrap();
                    if data["action"] == "draft_campaign" {
                        self.heard.lock().unwrap().push(data["about"][0]["id"].as_str().unwrap().to_owned());
                    }
                }
            }
        }
    }

    fn has_begun(&self) -> bool {
        !self.last.lock().unwrap().is_empty()
    }
}

/// Waits until something is so, at most half a minute.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Drafts one campaign after the other until it is over; their ids. Every answer must be a good one.
fn draft(line: &Line, pair: &Pair, name: &str, between: Duration, over: &AtomicBool) -> Vec<String> {
    let mut drafted = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let text = format!("{name}-{}", drafted.len());
        let answer = line.post(&pair.sponsor.token(), "/campaigns", &text, &json!({ "title": text }));
        let answer = answer.unwrap_or_else(|why| panic!("request {text} failed: {why}"));
        assert_eq!(answer.status, 201, "{}", answer.body);
        drafted.push(answer.body["id"].as_str().unwrap().to_owned());
        thread::sleep(between);
    }
    drafted
}

#[tokio::test(flavor = "multi_thread")]
async fn r_06_both_nodes_are_replaced_under_load_and_nobody_notices() {
    let cluster = Cluster::start();
    let (place, store) = (tempfile::tempdir().unwrap(), cluster.url());
    let directory = place.path();
    let (house, _) = House::on(&store).await;
    let pairs = house.pairs(0, CLIENTS + 1).await;
    let mut nodes = [Server::node(directory, &store), Server::node(directory, &store)];
    let (balancer, line) = Balancer::over(nodes.iter().map(Server::line));

    let (listener, others) = pairs.split_last().unwrap();
    let ear = Arc::new(Ear::default());
    let listening = {
        let (ear, line, pair) = (ear.clone(), line.clone(), listener.clone());
        thread::spawn(move || ear.listen(&line, &pair))
    };
    until("the stream does not begin", || ear.has_begun());
    let over = Arc::new(AtomicBool::new(false));
    let work = |pair: &Pair, name: String, between| {
        let (line, pair, over) = (line.clone(), pair.clone(), over.clone());
        thread::spawn(move || draft(&line, &pair, &name, between, &over))
    };
    let clients: Vec<_> = others.iter().enumerate().map(|(client, pair)| work(pair, client.to_string(), BETWEEN)).collect();
    let telling = work(listener, "told".to_owned(), 4 * BETWEEN);
    for round in 0..4 {
        thread::sleep(Duration::from_millis(1200));
        let at = round % 2;
        nodes[at].ask_to_stop();
        let fresh = Server::node(directory, &store);
        balancer.replace(at, fresh.line());
        assert_eq!(std::mem::replace(&mut nodes[at], fresh).ended().code(), Some(0), "{}", said(directory));
    }
    thread::sleep(Duration::from_millis(1200));
    over.store(true, Ordering::Relaxed);
    let told = telling.join().unwrap();
    let answered: usize = clients.into_iter().map(|client| client.join().unwrap().len()).sum();
    until("the last was not heard", || ear.heard.lock().unwrap().last() == told.last());
    ear.ended.store(true, Ordering::Relaxed);
    let waking = json!({ "title": "so that the listener looks up" });
    assert_eq!(line.post(&listener.sponsor.token(), "/campaigns", "waking", &waking).unwrap().status, 201);
    listening.join().unwrap();
    let streams = ear.streams.load(Ordering::Relaxed);
    eprintln!("{answered} requests answered; {} events heard by {streams} streams", told.len());
    assert_eq!(*ear.heard.lock().unwrap(), told, "each once, in order");
    assert!(streams > 1, "no stream had to go on elsewhere");
    house.check().await;
}
