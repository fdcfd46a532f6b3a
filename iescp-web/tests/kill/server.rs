//! The program itself as a child, and the plainest HTTP to speak with it.

use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

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
        Self::start_by(&[], directory).unwrap_or_else(|_| panic!("it does not start: {}", said(directory)))
    }

    /// Starts a node on a database that others use too; its worker is elsewhere.
    pub fn node(directory: &Path, store: &str) -> Self {
        let started = Self::launch(&[], directory, &["--store", store, "--no-worker"]);
        started.unwrap_or_else(|_| panic!("it does not start: {}", said(directory)))
    }

    /// The same with a worker of its own.
    pub fn node_that_works(directory: &Path, store: &str) -> Self {
        let started = Self::launch(&[], directory, &["--store", store]);
        started.unwrap_or_else(|_| panic!("it does not start: {}", said(directory)))
    }

    /// Starts by another program that puts it into trouble and becomes it; how it ended, if it ended before it listened.
    pub fn start_by(by: &[&str], directory: &Path) -> Result<Self, ExitStatus> {
        Self::launch(by, directory, &["--store", "sled:./data"])
    }

    fn launch(by: &[&str], directory: &Path, options: &[&str]) -> Result<Self, ExitStatus> {
        let log = File::options().create(true).append(true).open(directory.join("log")).unwrap();
        let line = [by, &[env!("CARGO_BIN_EXE_iescp-web"), "serve", "--listen", "127.0.0.1:0"], options].concat();
        let mut child = Command::new(line[0])
            .current_dir(directory)
            .args(&line[1..])
            .args(["--public-url", PUBLIC_URL, "--rate-limit", "1000000", "--log", "warn"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|why| panic!("{} is needed for this: {why}", line[0]));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        match address {
            Some(address) => Ok(Self { child, address }),
            None => Err(child.wait().unwrap()),
        }
    }

    /// SIGKILL, in the middle of whatever it does.
    pub fn kill(self) {
        drop(self);
    }

    /// SIGTERM: what whoever runs it sends to have it stop.
    pub fn ask_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits until it ends by itself.
    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    pub fn line(&self) -> Line {
        Line { address: self.address.clone() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have died by itself already.
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// What the servers of this directory wrote to their log.
pub fn said(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("log")).unwrap()
}

/// How a client reaches the server.
#[derive(Clone)]
pub struct Line {
    pub address: String,
}

impl Line {
    pub fn get(&self, token: &str, path: &str) -> Value {
        let answer = self.ask("GET", token, path, None).unwrap_or_else(|why| panic!("GET {path}: {why}"));
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.body
    }

    /// Any GET, whatever is answered; an error unless the whole answer arrived.
    pub fn look(&self, path: &str) -> io::Result<String> {
        let mut socket = TcpStream::connect(&self.address)?;
        socket.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        Ok(answer)
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
