//! The program itself as a child, and the plainest HTTP to speak with it.

use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What tokens are issued in the name of: the port changes with every start.
pub const PUBLIC_URL: &str = "http://localhost";

pub struct Server {
    child: Child,
    address: String,
}

pub struct Answer {
    pub status: u16,
    pub replayed: bool,
    pub body: Value,
}

impl Server {
    /// Starts on a store, and waits until it listens.
    pub fn start(directory: &Path) -> Self {
        let log = File::options().create(true).append(true).open(directory.join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_iescp-web"))
            .current_dir(directory)
            .args(["serve", "--listen", "127.0.0.1:0", "--store", "sled:./data", "--public-url", PUBLIC_URL])
            .args(["--rate-limit", "1000000", "--log", "warn"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        let Some(address) = address else {
            let _gone = child.wait();
            panic!("it does not start: {}", std::fs::read_to_string(directory.join("log")).unwrap())
        };
        Self { child, address }
    }

    /// SIGKILL, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn line(&self) -> Line {
        Line { address: self.address.clone() }
    }
}

/// How a client reaches the server.
#[derive(Clone)]
pub struct Line {
    address: String,
}

impl Line {
    pub fn get(&self, token: &str, path: &str) -> Value {
        let answer = self.ask("GET", token, path, None).unwrap_or_else(|why| panic!("GET {path}: {why}"));
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.body
    }

    /// A POST; an error unless the whole answer arrived.
    pub fn post(&self, token: &str, path: &str, key: &str, body: &Value) -> io::Result<Answer> {
        self.ask("POST", token, path, Some((key, body)))
    }

    fn ask(&self, method: &str, token: &str, path: &str, sent: Option<(&str, &Value)>) -> io::Result<Answer> {
        let mut head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n"
        );
        let body = match sent {
            Some((_, Value::Null)) | None => String::new(),
            Some((_, body)) => body.to_string(),
        };
        if let Some((key, _)) = sent {
            head += &format!("idempotency-key: {key}\r\ncontent-length: {}\r\n", body.len());
        }
        if !body.is_empty() {
            head += "content-type: application/json\r\n";
        }
        let mut socket = TcpStream::connect(&self.address)?;
        socket.write_all(format!("{head}\r\n{body}").as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        read(&answer).ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, format!("half an answer: {answer:?}")))
    }
}

/// An answer, if all of it is there.
fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let header = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    if header("content-length")?.parse() != Ok(body.len()) {
        return None;
    }
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, replayed: header("idempotency-replayed") == Some("true"), body: serde_json::from_str(body).ok()? })
}
