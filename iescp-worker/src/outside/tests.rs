use super::*;
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::Mutex,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

/// A resolver and servers in this process: names with the addresses they have one look after the other, paths with answers.
#[derive(Default)]
struct Town {
    names: Mutex<HashMap<&'static str, Vec<Vec<IpAddr>>>>,
    answers: HashMap<&'static str, String>,
    connected: Mutex<Vec<SocketAddr>>,
}

const THEIRS: &str = "93.184.216.34";

impl Town {
    fn name(self, name: &'static str, looks: &[&[&str]]) -> Self {
        let looks = looks.iter().rev().map(|look| look.iter().map(|address| address.parse().unwrap()).collect());
        self.names.lock().unwrap().insert(name, looks.collect());
        self
    }

    fn path(mut self, path: &'static str, answer: impl Into<String>) -> Self {
        self.answers.insert(path, answer.into());
        self
    }

    fn went_to(&self) -> Vec<String> {
        self.connected.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}

impl Roads for Town {
    fn look_up<'a>(&'a self, name: &'a str) -> Way<'a, Vec<IpAddr>> {
        let mut names = self.names.lock().unwrap();
        let found = names.get_mut(name).map(|looks| if looks.len() > 1 { looks.pop().unwrap() } else { looks[0].clone() });
        Box::pin(async { found.ok_or_else(|| io::Error::other("there is no such name")) })
    }

    fn connect(&self, to: SocketAddr) -> Way<'_, Box<dyn Connection>> {
        self.connected.lock().unwrap().push(to);
        let answers = self.answers.clone();
        Box::pin(async move {
            let (ours, mut theirs) = duplex(64 * 1024);
            tokio::spawn(async move {
                let mut asked = vec![0; 4096];
                let read = theirs.read(&mut asked).await.unwrap_or(0);
                let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
                let path = asked.split(' ').nth(1).unwrap_or_default();
                let missing = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned();
                let answer = answers.get(path).cloned().unwrap_or(missing);
                if answer == "nothing" {
                    return std::future::pending().await;
                }
                let _ = theirs.write_all(answer.as_bytes()).await;
            });
            Ok(Box::new(ours) as Box<dyn Connection>)
        })
    }
}

fn found(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn moved(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

fn rules() -> Rules {
    Rules { plain: true, bytes: 1000, ..Rules::default() }
}

async fn fetch(town: &Arc<Town>, address: &str) -> Result<String, NoAnswer> {
    let outside = Outside::over(town.clone(), rules());
    outside.fetch(address, HeaderMap::new()).await.map(|bytes| String::from_utf8(bytes).unwrap())
}

#[tokio::test]
async fn what_is_at_an_address_is_fetched_from_the_address_that_was_checked() {
    let town = Town::default().name("pictures.example", &[&[THEIRS], &["127.0.0.1"]]).path("/a.png?x=1", found("bytes"));
    let town = Arc::new(town);
    assert_eq!(fetch(&town, " http://pictures.example/a.png?x=1#top ").await.unwrap(), "bytes");
    assert_eq!(town.went_to(), [format!("{THEIRS}:80")], "its name was looked up once");
}

#[tokio::test]
async fn s_48_addresses_that_are_not_everybodys_are_never_connected_to_however_they_are_written() {
    let town = Arc::new(Town::default().path("/", found("secret")));
    for host in [
        "127.0.0.1",
        "127.1",
        "0",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.0.0.1.",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[fe80::1]",
        "[fd00::1]",
        "169.254.169.254",
        "10.0.0.7",
        "192.168.0.1",
        "172.16.9.9",
        "100.64.0.1",
        "\u{ff11}27.0.0.1",
    ] {
        assert_eq!(fetch(&town, &format!("http://{host}/")).await, Err(NoAnswer::NotThere), "{host}");
    }
    assert!(town.went_to().is_empty());
}

#[tokio::test]
async fn s_48_a_name_is_refused_if_any_of_its_addresses_is_inside() {
    for inside in ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "10.1.2.3", "0.0.0.0"] {
        let town = Arc::new(Town::default().name("evil.example", &[&[THEIRS, inside]]).path("/", found("secret")));
        assert_eq!(fetch(&town, "http://evil.example/").await, Err(NoAnswer::NotThere), "{inside}");
        assert!(town.went_to().is_empty());
    }
}

#[tokio::test]
async fn s_48_a_name_that_is_rebound_between_redirects_is_checked_again() {
    let town = Town::default().name("evil.example", &[&[THEIRS], &["127.0.0.1"]]).path("/", moved("/secret"));
    let town = Arc::new(town.path("/secret", found("secret")));
    assert_eq!(fetch(&town, "http://evil.example/").await, Err(NoAnswer::NotThere));
    assert_eq!(town.went_to(), [format!("{THEIRS}:80")]);
}

#[tokio::test]
async fn s_48_redirects_lead_nowhere_that_could_not_be_asked_for() {
    for (to, why) in [
        ("http://127.0.0.1/secret", NoAnswer::NotThere),
        ("//[::1]/secret", NoAnswer::NotThere),
        ("http://inside.example/secret", NoAnswer::NotThere),
    ] {
        let town = Town::default().name("evil.example", &[&[THEIRS]]).name("inside.example", &[&["10.0.0.1"]]);
        let town = Arc::new(town.path("/", moved(to)).path("/secret", found("secret")));
        assert_eq!(fetch(&town, "http://evil.example/").await, Err(why), "{to}");
    }
    for to in ["file:///etc/passwd", "gopher://x/", "http://evil.example:6379/", "http://a:b@evil.example/", "data:text/plain,x"]
    {
        let town = Arc::new(Town::default().name("evil.example", &[&[THEIRS]]).path("/", moved(to)));
        assert!(matches!(fetch(&town, "http://evil.example/").await, Err(NoAnswer::NotAllowed(_))), "{to}");
        assert_eq!(town.went_to().len(), 1);
    }
}

#[tokio::test]
async fn s_48_five_redirects_are_followed_and_no_more() {
    let town = Town::default().name("far.example", &[&[THEIRS]]).path("/6", moved("/5")).path("/5", moved("/4"));
    let town = town.path("/4", moved("/3")).path("/3", moved("/2")).path("/2", moved("/1")).path("/1", moved("/0"));
    let town = Arc::new(town.path("/0", found("here")));
    assert_eq!(fetch(&town, "http://far.example/5").await.unwrap(), "here");
    assert_eq!(fetch(&town, "http://far.example/6").await, Err(NoAnswer::TooManyRedirects));
}

#[tokio::test]
async fn s_48_only_https_on_its_usual_port_without_a_password_is_asked() {
    let outside = Outside::over(Arc::new(Town::default()), Rules::default());
    for address in [
        "http://example.com/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://example.com:8443/",
        "https://example.com:22/",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "example.com",
        "",
        "//x",
    ] {
        assert!(matches!(outside.fetch(address, HeaderMap::new()).await, Err(NoAnswer::NotAllowed(_))), "{address}");
    }
    let long = format!("https://example.com/{}", "x".repeat(3000));
    assert!(matches!(outside.fetch(&long, HeaderMap::new()).await, Err(NoAnswer::NotAllowed(_))));
}

#[tokio::test]
async fn s_48_an_answer_has_an_end_in_bytes_whatever_it_announces() {
    let endless =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", "400\r\n".to_owned() + &"x".repeat(1024) + "\r\n");
    let town = Town::default().name("big.example", &[&[THEIRS]]).path("/announced", found(&"x".repeat(1001)));
    let town = Arc::new(town.path("/endless", endless).path("/just", found(&"x".repeat(1000))));
    assert_eq!(fetch(&town, "http://big.example/announced").await, Err(NoAnswer::TooLarge));
    assert_eq!(fetch(&town, "http://big.example/endless").await, Err(NoAnswer::TooLarge));
    assert_eq!(fetch(&town, "http://big.example/just").await.unwrap().len(), 1000);
}

#[tokio::test(start_paused = true)]
async fn s_48_who_never_answers_is_not_waited_for() {
    let town = Arc::new(Town::default().name("slow.example", &[&[THEIRS]]).path("/", "nothing"));
    assert_eq!(fetch(&town, "http://slow.example/").await, Err(NoAnswer::TooLate));
}

#[tokio::test]
async fn refusals_and_nonsense_are_told_apart_from_answers() {
    let town = Town::default().name("odd.example", &[&[THEIRS]]).path("/nonsense", "what?\r\n\r\n");
    let town = Arc::new(town.path("/lost", "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n"));
    assert_eq!(fetch(&town, "http://odd.example/none").await, Err(NoAnswer::Refused(404)));
    assert_eq!(fetch(&town, "http://odd.example/lost").await, Err(NoAnswer::Refused(302)));
    assert!(matches!(fetch(&town, "http://odd.example/nonsense").await, Err(NoAnswer::Failed(_))));
    assert_eq!(fetch(&town, "http://unknown.example/").await, Err(NoAnswer::NotThere));
}

#[tokio::test]
async fn a_server_is_asked_once_with_a_body_and_its_refusal_is_an_answer() {
    let town = Arc::new(Town::default().name("hook.example", &[&[THEIRS]]).path("/", moved("/elsewhere")));
    let asked = Asked { method: Method::POST, headers: HeaderMap::new(), body: b"{}".to_vec() };
    let answer = Outside::over(town.clone(), rules()).ask("http://hook.example/", &asked).await.unwrap();
    assert_eq!((answer.status, town.went_to().len()), (StatusCode::FOUND, 1));
}
