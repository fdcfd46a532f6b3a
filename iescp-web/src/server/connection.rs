//! One connection: its clock, its requests, its end.
//!
//! hyper's header timeout would also cut idle connections, so it is set to the longer idle time here, and a clock around
//! the socket watches the shorter time from a request's first byte to its last header, and writes that nobody takes.

use super::Shutdown;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::endpoint::BoxEndpoint;
use poem::http::header::{CONNECTION, HeaderValue};
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, EndpointExt, Request};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

/// What a client can stretch, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// From a request's first byte to its last header.
    pub headers: Duration,
    /// Without a request, or without taking a byte of an answer.
    pub idle: Duration,
    /// For requests in flight when the server stops.
    pub stopping: Duration,
    /// For another request on an open connection when the server stops, so that one which is on its way is answered.
    pub leaving: Duration,
}

/// Largest head of a request that is read at all; beyond it the connection ends with a bare 431.
const LARGEST_HEAD: usize = 64 * 1024;

pub(super) struct Connections {
    endpoint: Arc<BoxEndpoint<'static>>,
    limits: Limits,
    local: SocketAddr,
    shutdown: Shutdown,
    open: watch::Sender<()>,
}

impl Connections {
    pub(super) fn new(endpoint: impl Endpoint + 'static, limits: Limits, local: SocketAddr, shutdown: Shutdown) -> Self {
        Self { endpoint: Arc::new(endpoint.map_to_response().boxed()), limits, local, shutdown, open: watch::Sender::new(()) }
    }

    /// Serves a connection to its end.
    pub(super) fn serve(&self, socket: TcpStream, peer: SocketAddr) -> impl Future<Output = ()> + Send + 'static {
        let (endpoint, local, shutdown) = (Arc::clone(&self.endpoint), self.local, self.shutdown.clone());
        let open = self.open.subscribe();
        let activity = Arc::new(Activity::default());
        let watched = Watched::new(socket, self.limits, Arc::clone(&activity));
        let (stopping, leaving) = (shutdown.clone(), self.limits.leaving);
        let service = service_fn(move |request| {
            let (endpoint, stopping) = (Arc::clone(&endpoint), stopping.clone());
            let answering = Answering::begin(&activity);
            async move {
                let addresses = (LocalAddr(Addr::SocketAddr(local)), RemoteAddr(Addr::SocketAddr(peer)));
                let request = Request::from((request, addresses.0, addresses.1, Scheme::HTTP));
                let mut answer: hyper::Response<_> = endpoint.get_response(request).await.into();
                if stopping.has_begun() {
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer.map(|body| Answered { body, _answering: answering }))
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.idle).max_header_size(LARGEST_HEAD);
        async move {
            let connection = http.serve_connection(TokioIo::new(watched), service);
            tokio::pin!(connection);
            let told = async {
                shutdown.begun().await;
                sleep(leaving).await;
            };
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = told => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(why) = ended {
                tracing::debug!(why = ?why, "a connection ended badly");
            }
            drop(open);
        }
    }

    /// Waits until all connections have ended.
    pub(super) async fn finished(&self) {
        self.open.closed().await;
    }
}

/// What a connection's requests tell its clock.
#[derive(Default)]
struct Activity {
    requests: AtomicU64,
    answering: AtomicBool,
}

/// Marks the connection as answering until the answer's body is gone.
struct Answering(Arc<Activity>);

impl Answering {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.requests.fetch_add(1, Ordering::AcqRel);
        activity.answering.store(true, Ordering::Release);
        Self(Arc::clone(activity))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.store(false, Ordering::Release);
    }
}

struct Answered<B> {
    body: B,
    _answering: Answering,
}

impl<B: Body<Data = Bytes> + Unpin> Body for Answered<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket under the clock.
struct Watched {
    socket: TcpStream,
    limits: Limits,
    activity: Arc<Activity>,
    /// Runs from the first byte of a request, after so many others, until it is being answered.
    head: Option<(u64, Pin<Box<Sleep>>)>,
    /// Runs while the client takes nothing.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    fn new(socket: TcpStream, limits: Limits, activity: Arc<Activity>) -> Self {
        Self { socket, limits, activity, head: None, stuck: None }
    }

    /// Fails once the head of a request has taken too long.
    fn watch_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let requests = self.activity.requests.load(Ordering::Acquire);
        match &mut self.head {
            Some((before, _)) if *before != requests => {
                self.head = None;
                Poll::Pending
            }
            Some((_, clock)) => clock.as_mut().poll(cx).map(|()| late("a request's headers did not arrive in time")),
            None => Poll::Pending,
        }
    }

    /// Fails once a write has been stuck for too long.
    fn watch_write<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stuck = None;
            return written;
        }
        let idle = self.limits.idle;
        let clock = self.stuck.get_or_insert_with(|| Box::pin(sleep(idle)));
        ready!(clock.as_mut().poll(cx));
        Poll::Ready(Err(late("the client takes nothing")))
    }
}

fn late(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, why)
}

impl AsyncRead for Watched {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Poll::Ready(late) = this.watch_head(cx) {
            return Poll::Ready(Err(late));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.socket).poll_read(cx, buffer))?;
        let some = buffer.filled().len() > before;
        if some && this.head.is_none() && !this.activity.answering.load(Ordering::Acquire) {
            let requests = this.activity.requests.load(Ordering::Acquire);
            this.head = Some((requests, Box::pin(sleep(this.limits.headers))));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write(cx, bytes);
        this.watch_write(cx, written)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.socket).poll_write_vectored(cx, slices);
        this.watch_write(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}
