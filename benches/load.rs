//! A plain HTTP/1.1 client that keeps its connections: enough to ask the same thing again and again.

use crate::PASSWORD;
use serde_json::{Value, json};
use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A whole answer as it came, head and body.
pub struct Answer(pub Vec<u8>);

impl Answer {
    /// Its headers, with names as they were sent.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let head = self.0.get(..head_length(&self.0).unwrap_or(0)).and_then(|head| std::str::from_utf8(head).ok());
        head.unwrap_or_default().lines().filter_map(|line| line.split_once(": "))
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        head_length(&self.0).and_then(|head| self.0.get(head..)).unwrap_or_default()
    }
}

/// One connection.
pub struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// To this address.
    ///
    /// # Errors
    /// If nobody listens there.
    pub async fn open(address: &str) -> io::Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        Ok(Self { socket, buffer: Vec::with_capacity(256 * 1024) })
    }

    /// Sends a request and reads its answer, which must be a success with a `Content-Length`.
    ///
    /// # Errors
    /// If it is not, or the connection breaks.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        self.buffer.clear();
        self.socket.write_all(request).await?;
        let mut whole = None;
        while whole.is_none_or(|whole| self.buffer.len() < whole) {
            if self.socket.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            whole = whole.or_else(|| Some(head_length(&self.buffer)? + body_length(&self.buffer)?));
        }
        match [&b"HTTP/1.1 200 "[..], b"HTTP/1.1 201 ", b"HTTP/1.1 202 "].iter().any(|line| self.buffer.starts_with(line)) {
            true => Ok(&self.buffer),
            false => Err(io::Error::other(String::from_utf8_lossy(&self.buffer).into_owned())),
        }
    }
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4)
}

fn body_length(bytes: &[u8]) -> Option<usize> {
    let name = b"\r\ncontent-length: ";
    let at = bytes.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))? + name.len();
    let digits = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0')))
}

/// The request for a path, with or without an access token.
#[must_use]
pub fn get(path: &str, token: Option<&str>) -> Arc<[u8]> {
    let credentials = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{credentials}\r\n").into_bytes().into()
}

/// A request that posts this, with or without an access token.
#[must_use]
pub fn post(path: &str, token: Option<&str>, body: &Value) -> Arc<[u8]> {
    let (body, credentials) =
        (body.to_string(), token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n")));
    let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{credentials}content-type: application/json\r\n");
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes().into()
}

/// What is answered to one request.
///
/// # Errors
/// If it is no success, or no JSON.
pub async fn told(address: &str, request: &[u8]) -> io::Result<Value> {
    let answer = Answer(Connection::open(address).await?.ask(request).await?.to_vec());
    serde_json::from_slice(answer.body()).map_err(io::Error::other)
}

/// An access token for this user name.
///
/// # Errors
/// If they cannot sign in with [`PASSWORD`].
pub async fn sign_in(address: &str, username: &str) -> io::Result<String> {
    let body = json!({ "username": username, "password": PASSWORD });
    let said = told(address, &post("/api/v1/auth/login", None, &body)).await?;
    let token = said.get("access_token").and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| io::Error::other("no access token came"))
}

/// How many requests a second are answered over so many connections.
///
/// # Errors
/// If any of them is not.
pub async fn answered(address: &str, request: &Arc<[u8]>, connections: usize, time: Duration) -> io::Result<f64> {
    let begun = Instant::now();
    let runs = (0..connections).map(|_| {
        let (address, request) = (address.to_owned(), Arc::clone(request));
        tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut done = 0_u64;
            while begun.elapsed() < time {
                connection.ask(&request).await?;
                done += 1;
            }
            io::Result::Ok(done)
        })
    });
    let mut done = 0;
    for run in futures_util::future::join_all(runs).await {
        done += run.map_err(io::Error::other)??;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
