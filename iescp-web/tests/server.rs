//! The server on real sockets: limits, slow clients, stopping.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use futures_util::stream;
use iescp_web::server::{Limits, Shutdown, serve};
use poem::endpoint::make;
use poem::web::sse::{Event, SSE};
use poem::{EndpointExt, IntoResponse, Request, Response, Route};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Times that a test does not shorten are so long that only the shortened one can be what ended it.
const LIMITS: Limits = Limits { connections: 64, headers: LONG, idle: LONG, stopping: LONG, leaving: SHORT };
const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(100);

struct Served {
    address: SocketAddr,
    shutdown: Shutdown,
    /// A request to `/slow` or `/endless` has arrived.
    arrived: Arc<Notify>,
    /// Lets a request to `/slow` finish.
    finish: Arc<Notify>,
    /// The answer of `/endless` is gone.
    dropped: Arc<Notify>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Tells when it is dropped.
struct Gone(Arc<Notify>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

async fn served(limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (shutdown, arrived, finish) = (Shutdown::new(), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (a, f, s) = (Arc::clone(&arrived), Arc::clone(&finish), shutdown.clone());
    let slow = make(move |_: Request| {
        let (a, f) = (Arc::clone(&a), Arc::clone(&f));
        async move {
            a.notify_one();
            f.notified().await;
            Ok::<_, poem::Error>("slow")
        }
    });
    let echo = make(|request: Request| async move {
        let body = request.into_body().into_bytes().await.map_err(poem::Error::from)?;
        Ok::<_, poem::Error>(Response::builder().body(body))
    });
    let (a, dropped) = (Arc::clone(&arrived), Arc::new(Notify::new()));
    let d = Arc::clone(&dropped);
    let endless = make(move |_: Request| {
        a.notify_one();
        let gone = Gone(Arc::clone(&d));
        let bytes = stream::repeat_with(move || {
            let _held = &gone;
            Ok::<_, std::io::Error>(vec![b'x'; 65_536])
        });
        async move { Ok::<_, poem::Error>(Response::builder().body(poem::Body::from_bytes_stream(bytes))) }
    });
    let events = make(move |_: Request| {
        let shutdown = s.clone();
        let until = async move { shutdown.begun().await };
        let first = stream::iter([Event::message("hello")]);
        let events = stream::StreamExt::take_until(stream::StreamExt::chain(first, stream::pending()), until);
        async move { Ok::<_, poem::Error>(SSE::new(events).into_response()) }
    });
    let route = Route::new().at("/slow", slow).at("/echo", echo).at("/events", events).at("/endless", endless).map_to_response();
    let task = tokio::spawn(serve(listener, route, limits, shutdown.clone()));
    Served { address, shutdown, arrived, finish, dropped, task }
}

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.address).await.unwrap()
}

/// Everything until the server closes. A reset counts as closing.
async fn rest(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _reset = socket.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn exchange(served: &Served, request: &str) -> String {
    let mut socket = connect(served).await;
    socket.write_all(request.as_bytes()).await.unwrap();
    rest(&mut socket).await
}

const ECHO: &str = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";

#[tokio::test]
async fn a_request_is_answered() {
    let served = served(LIMITS).await;
    let answer = exchange(&served, ECHO).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hi"), "{answer}");
}

#[tokio::test]
async fn s_71_a_request_whose_headers_do_not_come_is_cut_off() {
    let served = served(Limits { headers: SHORT, ..LIMITS }).await;
    let mut socket = connect(&served).await;
    socket.write_all(b"GET /echo HTTP/1.1\r\nhost:").await.unwrap();
    assert_eq!(rest(&mut socket).await, "");
}

#[tokio::test]
async fn s_71_headers_that_trickle_are_cut_off_too() {
    let served = served(Limits { headers: SHORT, ..LIMITS }).await;
    let (mut reader, mut writer) = connect(&served).await.into_split();
    let trickle = tokio::spawn(async move {
        writer.write_all(b"GET /echo HTTP/1.1\r\n").await.unwrap();
        while writer.write_all(b"x: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut bytes = Vec::new();
    let _reset = reader.read_to_end(&mut bytes).await;
    assert!(bytes.is_empty());
    trickle.await.unwrap();
}

#[tokio::test]
async fn s_71_an_idle_connection_is_closed_before_and_after_requests() {
    let served = served(Limits { idle: SHORT, ..LIMITS }).await;
    assert_eq!(rest(&mut connect(&served).await).await, "");
    let answer = exchange(&served, &ECHO.replace("close", "keep-alive")).await;
    assert!(answer.ends_with("hi"), "{answer}");
}

#[tokio::test]
async fn s_71_waiting_for_a_request_is_no_slow_request() {
    let served = served(Limits { headers: SHORT, ..LIMITS }).await;
    let mut socket = connect(&served).await;
    for connection in ["keep-alive", "close"] {
        tokio::time::sleep(SHORT * 2).await;
        socket.write_all(ECHO.replace("close", connection).as_bytes()).await.unwrap();
    }
    assert_eq!(rest(&mut socket).await.matches("HTTP/1.1 200 OK").count(), 2);
}

#[tokio::test]
async fn s_71_who_takes_nothing_of_an_answer_is_cut_off() {
    let served = served(Limits { idle: SHORT, ..LIMITS }).await;
    let mut socket = connect(&served).await;
    socket.write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    served.arrived.notified().await;
    served.dropped.notified().await;
}

#[tokio::test]
async fn s_71_a_head_that_is_too_large_ends_with_431() {
    let served = served(LIMITS).await;
    let answer = exchange(&served, &format!("GET /echo HTTP/1.1\r\nhost: x\r\nx: {}", "a".repeat(70_000))).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn s_71_smuggling_shapes_are_refused() {
    let served = served(LIMITS).await;
    let both = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /slow HTTP/1.1\r\nhost: x\r\n\r\n";
    let twice = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi!";
    let odd = "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n";
    let space = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length : 2\r\n\r\nhi";
    for shape in [twice, odd, space] {
        let answer = exchange(&served, shape).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{shape:?}: {answer}");
    }
    let answer = exchange(&served, both).await;
    assert!(!answer.contains("slow"), "{answer}");
}

#[tokio::test]
async fn s_71_slow_clients_do_not_keep_others_out() {
    let served = served(Limits { connections: 8, headers: SHORT, ..LIMITS }).await;
    let mut slow = Vec::new();
    for _ in 0..40 {
        let mut socket = connect(&served).await;
        socket.write_all(b"GET /").await.unwrap();
        slow.push(socket);
    }
    assert!(exchange(&served, ECHO).await.ends_with("hi"));
    drop(slow);
}

#[tokio::test]
async fn what_is_in_flight_finishes_and_then_the_server_has_stopped() {
    let served = served(LIMITS).await;
    let mut socket = connect(&served).await;
    socket.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    served.arrived.notified().await;
    let idle = connect(&served).await;
    served.shutdown.begin();
    served.finish.notify_one();
    assert!(rest(&mut socket).await.ends_with("slow"));
    served.task.await.unwrap().unwrap();
    assert!(TcpStream::connect(served.address).await.is_err(), "nobody listens any more");
    drop(idle);
}

#[tokio::test]
async fn r_06_whoever_was_connected_when_the_server_stops_is_answered_once_more() {
    let served = served(Limits { leaving: LONG, ..LIMITS }).await;
    let mut kept = connect(&served).await;
    kept.write_all(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nfirst").await.unwrap();
    let mut answer = [0; 1024];
    let count = kept.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..count]).ends_with("first"));
    // Nothing of ours runs between these lines: nobody has accepted these when the end begins.
    let waiting: Vec<_> = (0..20).map(|_| std::net::TcpStream::connect(served.address).unwrap()).collect();
    served.shutdown.begin();
    for socket in waiting {
        socket.set_nonblocking(true).unwrap();
        let mut socket = TcpStream::from_std(socket).unwrap();
        socket.write_all(ECHO.as_bytes()).await.unwrap();
        assert!(rest(&mut socket).await.ends_with("hi"));
    }
    kept.write_all(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nsecond").await.unwrap();
    let answer = rest(&mut kept).await;
    assert!(answer.contains("connection: close") && answer.ends_with("second"), "{answer}");
    served.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_cut_off() {
    let served = served(Limits { stopping: SHORT, ..LIMITS }).await;
    let mut socket = connect(&served).await;
    socket.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    served.arrived.notified().await;
    served.shutdown.begin();
    served.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn event_streams_outlive_idle_time_and_end_when_the_server_stops() {
    let served = served(Limits { headers: SHORT, idle: SHORT, ..LIMITS }).await;
    let mut socket = connect(&served).await;
    socket.write_all(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 1024];
    let mut seen = String::new();
    while !seen.contains("data: hello") {
        let count = socket.read(&mut first).await.unwrap();
        seen.push_str(&String::from_utf8_lossy(&first[..count]));
    }
    tokio::time::sleep(SHORT * 3).await;
    assert!(!served.task.is_finished());
    served.shutdown.begin();
    let end = rest(&mut socket).await;
    assert!(end.ends_with("0\r\n\r\n"), "a whole end, not a cut: {end:?}");
    served.task.await.unwrap().unwrap();
}
