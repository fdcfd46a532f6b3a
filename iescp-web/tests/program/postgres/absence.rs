//! The database is away for a while: people are told so soon, nobody waits for long, and everything goes on by itself.
//!
//! Away for some seconds; `IESCP_ABSENCE=60` for a minute.

use super::{setup::OURS, wire::Wire, *};
use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

/// No answer takes longer; what is measured is printed.
const BOUND: Duration = Duration::from_secs(10);

/// How many write, and how much each of them.
const WRITERS: usize = 4;
const WORDS: usize = 3;

fn absence() -> Duration {
    let seconds = std::env::var("IESCP_ABSENCE").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(6))
}

/// No test of an absence takes longer.
fn at_most() -> Duration {
    absence() + Duration::from_secs(90)
}

/// Somebody who listens, and comes back when the stream ends, from where it ended.
struct Listener<'a> {
    node: &'a Running,
    bearer: &'a str,
    stream: BufReader<TcpStream>,
    last: String,
    came_back: usize,
}

impl<'a> Listener<'a> {
    fn new(node: &'a Running, bearer: &'a str) -> Self {
        Self { node, bearer, stream: open(node, bearer, ""), last: String::new(), came_back: 0 }
    }

    /// Reads on until a line holds this.
    fn hear(&mut self, what: &str) {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            let mut line = String::new();
            if self.stream.read_line(&mut line).unwrap_or_default() == 0 {
                thread::sleep(Duration::from_millis(200));
                self.came_back += 1;
                let last = if self.last.is_empty() { String::new() } else { format!("last-event-id: {}\r\n", self.last) };
                self.stream = open(self.node, self.bearer, &last);
            }
            if let Some(id) = line.strip_prefix("id: ") {
                self.last = id.trim().to_owned();
            }
            if line.contains(what) {
                return;
            }
        }
        panic!("nothing is heard of {what}");
    }
}

fn open(node: &Running, bearer: &str, more: &str) -> BufReader<TcpStream> {
    let mut socket = TcpStream::connect(&node.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let host = &node.address;
    socket.write_all(format!("GET /api/v1/events HTTP/1.1\r\nhost: {host}\r\n{bearer}{more}\r\n").as_bytes()).unwrap();
    BufReader::new(socket)
}

/// The cookie of somebody who signs in with a form.
fn cookie(node: &Running, username: &str, password: &str) -> String {
    let head = format!("POST /sign-in HTTP/1.1\r\ncontent-type: {}\r\n{OURS}", setup::FORM);
    let (head, _) = exchange(node, &head, format!("login={username}&password={password}").as_bytes());
    let (_, cookie) = head.split_once("set-cookie: ").unwrap_or_else(|| panic!("{head}"));
    let sent = cookie.split(';').next().unwrap();
    format!("cookie: {sent}\r\n")
}

/// A page and an answer of the API that say so.
fn says_that_it_is_away(answer: &Answer, path: &str) {
    assert_eq!(answer.status, 503, "{path}: {}", answer.body);
    assert!(answer.head.contains("retry-after: "), "{path}: {}", answer.head);
    match path.starts_with("/api/") {
        true => assert!(answer.head.contains("content-type: application/problem+json"), "{path}: {}", answer.head),
        false => assert!(answer.body.contains("We are back in a moment") && answer.body.contains("</html>"), "{path}"),
    }
}

#[test]
fn while_the_database_is_away_people_are_told_so_and_afterwards_everything_goes_on_by_itself() {
    let house = House::open();
    let printed = house.done(&["demo", "--influencers", "4", "--sponsors", "2", "--campaigns", "3"], "");
    let password = printed.lines().find(|line| line.trim_start().starts_with("admin ")).unwrap();
    let password = password.split_whitespace().nth(1).unwrap();
    let wire = Wire::to(&house.store());
    let node = house.start_over(&wire.name(), "one", &["--rate-limit", "1000000"]);
    let bearer = node.bearer("influencer", password).unwrap();
    let cookie = cookie(&node, "influencer", password);
    let threads = node.get_json("/api/v1/threads", &bearer);
    let messages = format!("/api/v1/threads/{}/messages", threads["items"][0]["account_id"].as_str().unwrap());
    let mut listener = Listener::new(&node, &bearer);
    listener.hear("id:");

    for (number, way) in ["is silent", "turns everybody away"].into_iter().enumerate() {
        until("it is ready", || node.get("/readyz", "").status == 200);
        let (back, written) = (AtomicBool::new(false), AtomicUsize::new(0));
        let address = node.address.as_str();
        let longest = thread::scope(|threads| {
            let writing = (0..WRITERS).map(|writer| {
                let (path, bearer, written) = (&messages, &bearer, &written);
                threads.spawn(move || write(address, path, bearer, &format!("{number}{writer}"), written))
            });
            let writing: Vec<_> = writing.collect();
            until("something is written", || written.load(Ordering::Relaxed) > 0);
            match number {
                0 => wire.go_dark(),
                _ => wire.shut(),
            }
            let asking = ["/campaigns", "/dashboard", "/api/v1/me", "/api/v1/campaigns", messages.as_str()].into_iter();
            let asking = asking.chain(["/campaigns"; 15]).map(|path| {
                let (back, credentials) = (&back, if path.starts_with("/api/") { &bearer } else { &cookie });
                threads.spawn(move || {
                    let (begun, mut longest) = (Instant::now(), Duration::ZERO);
                    while !back.load(Ordering::Relaxed) && begun.elapsed() < at_most() {
                        let began = Instant::now();
                        says_that_it_is_away(&get(address, path, credentials), path);
                        longest = longest.max(began.elapsed());
                    }
                    longest
                })
            });
            let asking: Vec<_> = asking.collect();
            until("it is not ready", || node.get("/readyz", "").status == 503);
            assert_eq!(node.get("/healthz", "").status, 200);
            thread::sleep(absence());
            back.store(true, Ordering::Relaxed);
            let longest = asking.into_iter().map(|asking| asking.join().unwrap()).max();
            wire.mend();
            let mended = Instant::now();
            until("it is ready again", || node.get("/readyz", "").status == 200);
            println!("the host {way}: ready {:.1?} after it was back", mended.elapsed());
            longest.max(writing.into_iter().map(|writing| writing.join().unwrap()).max()).unwrap_or_default()
        });
        println!("the host {way}: the longest answer took {longest:.1?}");
        assert!(longest < 2 * BOUND, "{longest:?}");

        let listed = node.get_json(&format!("{messages}?limit=100"), &bearer).to_string();
        for writer in 0..WRITERS {
            for word in 0..WORDS {
                let text = text(&format!("{number}{writer}"), word);
                assert_eq!(listed.matches(&text).count(), 1, "{text}: {listed}");
            }
        }
        listener.hear("message");
        for path in ["/campaigns", "/dashboard"] {
            assert_eq!(node.get(path, &cookie).status, 200, "{path}");
        }
    }
    println!("the listener came back {} times", listener.came_back);
    assert_eq!(node.stop("-TERM"), Some(0));
}

/// What a writer says.
fn text(writer: &str, word: usize) -> String {
    format!("Word {word} of writer {writer}.")
}

/// Says one word after the other, each again under its key until it is acknowledged; how long the longest answer took. Of those that
/// were sent when the database went away, some have landed, and nobody knows which.
fn write(address: &str, path: &str, bearer: &str, writer: &str, written: &AtomicUsize) -> Duration {
    let (begun, mut longest) = (Instant::now(), Duration::ZERO);
    for word in 0..WORDS {
        let head = format!("{bearer}idempotency-key: 0192f3c1-5d6e-7a8b-9c0d-000000000{writer}{word}\r\n");
        let body = json!({ "text": text(writer, word) }).to_string();
        loop {
            let began = Instant::now();
            let answer = post(address, path, "application/json", &head, &body);
            longest = longest.max(began.elapsed());
            if answer.status == 201 {
                written.fetch_add(1, Ordering::Relaxed);
                break;
            }
            says_that_it_is_away(&answer, path);
            assert!(begun.elapsed() < at_most(), "{}", answer.body);
            thread::sleep(Duration::from_millis(200));
        }
    }
    longest
}
