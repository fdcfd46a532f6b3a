//! Messages to chats, and a whole worker that sends them, over a chat server in this process.

use super::*;
use crate::{
    jobs::Job,
    outside::{Connection, Roads, Way},
    tests::{Running, Stage, until},
};
use iescp_core::{
    chat::{SetChat, ViewChat},
    notification::{ListNotifications, Notice},
};
use jiff::SignedDuration;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

const ADDRESS: &str = "http://chat.example/v1/spaces/A/messages?key=k&token=hush-hush";

/// A chat server: answers with this line, and keeps what it was sent.
#[derive(Clone, Default)]
pub(crate) struct Server {
    answer: Arc<Mutex<&'static str>>,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn answering(line: &'static str) -> Self {
        let server = Self::default();
        *server.answer.lock().unwrap() = line;
        server
    }

    fn chats(&self) -> Chats {
        Chats::over(Outside::over(Arc::new(self.clone()), Rules { plain: true, ..Chats::rules() }))
    }

    fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

impl Roads for Server {
    fn look_up<'a>(&'a self, name: &'a str) -> Way<'a, Vec<IpAddr>> {
        Box::pin(async move {
            match name {
                "chat.example" => Ok(vec!["93.184.216.34".parse().unwrap()]),
                "inside.example" => Ok(vec!["10.0.0.7".parse().unwrap()]),
                _ => Err(io::Error::other("there is no such name")),
            }
        })
    }

    fn connect(&self, _: SocketAddr) -> Way<'_, Box<dyn Connection>> {
        let server = self.clone();
        Box::pin(async move {
            let (ours, mut theirs) = duplex(64 * 1024);
            tokio::spawn(async move {
                let mut asked = vec![0; 16 * 1024];
                let mut read = 0;
                while !whole(&asked[..read]) {
                    match theirs.read(&mut asked[read..]).await {
                        Ok(0) | Err(_) => break,
                        Ok(more) => read += more,
                    }
                }
                server.sent.lock().unwrap().push(String::from_utf8_lossy(&asked[..read]).into_owned());
                let line = *server.answer.lock().unwrap();
                let answer = format!("HTTP/1.1 {line}\r\nlocation: http://inside.example/\r\ncontent-length: 2\r\n\r\n{{}}");
                let _ = theirs.write_all(answer.as_bytes()).await;
            });
            Ok(Box::new(ours) as Box<dyn Connection>)
        })
    }
}

/// Whether all of a request has been read.
fn whole(asked: &[u8]) -> bool {
    let text = String::from_utf8_lossy(asked);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0_usize)
}

/// The text of a message that was sent.
fn text(request: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_message_is_one_post_of_json() {
    let server = Server::answering("200 OK");
    server.chats().say(&ADDRESS.into(), "Grüße \"an\" alle\n> ja").await.unwrap();
    let [request] = server.sent().try_into().unwrap();
    assert!(request.starts_with("POST /v1/spaces/A/messages?key=k&token=hush-hush HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("content-type: application/json; charset=utf-8\r\n"));
    assert_eq!(text(&request), "Grüße \"an\" alle\n> ja");
}

#[tokio::test]
async fn what_a_chat_answers_is_told_plainly_and_never_with_its_address() {
    for (line, said) in [
        ("404 Not Found", "The chat's server answered 404 Not Found."),
        ("429 Too Many Requests", "The chat's server answered 429 Too Many Requests."),
        ("302 Found", "The chat's server answered 302 Found: it sends elsewhere, and that is not followed."),
    ] {
        let server = Server::answering(line);
        assert_eq!(server.chats().say(&ADDRESS.into(), "x").await.unwrap_err(), said);
        assert_eq!(server.sent().len(), 1, "nothing is followed");
    }
}

/// S-48: whoever gives the address is any member, so it never leads inside.
#[tokio::test]
async fn s_48_no_message_goes_to_an_address_that_is_not_everybodys() {
    let server = Server::answering("200 OK");
    for inside in
        ["http://inside.example/a", "http://127.0.0.1/a", "http://[::1]/a", "http://169.254.169.254/latest", "http://0x7f.1/a"]
    {
        assert!(server.chats().say(&inside.into(), "x").await.is_err(), "{inside}");
    }
    assert!(Chats::default().say(&"http://chat.example/a".into(), "x").await.is_err(), "only over TLS");
    assert!(server.sent().is_empty());
}

async fn with_chat(stage: &Stage, who: &iescp_core::Actor) {
    let address = ADDRESS.replace("http://chat.example/", "https://chat.example/");
    stage.platform.run(who, SetChat { address: Some(address.as_str().into()), on: true }).await.unwrap();
}

/// An admin with a chat, and something to tell them.
async fn told(stage: &Stage) -> iescp_core::Actor {
    let admin = stage.admin_who_proved_their_address().await;
    with_chat(stage, &admin).await;
    stage.register_sponsor("acme").await;
    admin
}

async fn working(stage: &Stage, server: &Server) -> Running {
    let mut worker = stage.worker().await;
    // The stage's addresses are https, as the core takes no others; its server speaks none.
    worker.house.chats =
        Chats::over(Outside::over(Arc::new(server.clone()), Rules { plain: true, ..Chats::rules() }).unencrypted());
    Running::start(worker)
}

#[tokio::test]
async fn a_notice_reaches_the_chat_once_with_one_link_of_ours() {
    let (stage, server) = (Stage::new(), Server::answering("200 OK"));
    told(&stage).await;
    let running = working(&stage, &server).await;
    until("the message", async || running.counts().chats.done == 1).await;
    running.stop().await;
    let [request] = server.sent().try_into().unwrap();
    let text = text(&request);
    assert!(text.starts_with("*acme waits for approval*\n"), "{text}");
    assert_eq!(text.matches("https://").count(), 1, "{text}");
    assert!(text.contains("\nLook at the account: https://iescp.example/admin/accounts/"), "{text}");
}

#[tokio::test]
async fn the_daily_reminder_is_told_in_the_chat_too_however_often_its_job_runs() {
    let (stage, server) = (Stage::new(), Server::answering("200 OK"));
    let ada = stage.proven("ada").await;
    with_chat(&stage, &ada).await;
    stage.proven("bob").await;
    stage.clock.advance(SignedDuration::from_hours(15 * 24));
    let day = stage.platform.settings().day_of(iescp_core::Clock::now(&stage.clock));
    let job = Job::Remind { day, role: iescp_core::account::Role::Influencer, after: None };
    let (running, queue) = (working(&stage, &server).await, stage.queue().await);
    queue.push(vec![job.queued().unwrap()]).await.unwrap();
    until("the message", async || running.counts().chats.done == 1).await;
    let house = stage.worker().await.house;
    crate::queue::Work::perform(&house, serde_json::to_value(job).unwrap()).await.unwrap();
    until("nothing waits", async || queue.stock().await.unwrap() == crate::Stock::default()).await;
    running.stop().await;
    let [request] = server.sent().try_into().unwrap();
    assert!(text(&request).starts_with("*See what is new at "), "{request}");
    assert_eq!(stage.reminders().len(), 2, "and both had a mail");
}

#[tokio::test]
async fn a_chat_that_is_gone_is_tried_again_then_switched_off_and_leaves_no_failed_job() {
    let (stage, server) = (Stage::new(), Server::answering("404 Not Found"));
    let admin = told(&stage).await;
    let running = working(&stage, &server).await;
    until("ten failures", async || running.counts().chats.failed >= 10).await;
    stage.clock.advance(SignedDuration::from_hours(2));
    until("it is switched off", async || !stage.platform.run(&admin, ViewChat).await.unwrap().unwrap().on).await;
    until("its job ends", async || running.counts().chats.done == 1).await;
    assert_eq!(running.counts().chats.dead, 0);
    running.stop().await;
    let centre = stage.platform.run(&admin, ListNotifications::default()).await.unwrap();
    assert!(centre.notifications.items.iter().any(|told| told.notice == Notice::ChatOff));
}

/// S-61: nor does the address stand where jobs are kept.
#[tokio::test]
async fn s_61_the_address_stands_in_none_of_the_queue_s_files() {
    let (stage, server) = (Stage::new(), Server::answering("200 OK"));
    told(&stage).await;
    let running = working(&stage, &server).await;
    until("the message", async || running.counts().chats.done == 1).await;
    running.stop().await;
    for file in ["queue.sqlite", "queue.sqlite-wal"] {
        let bytes = std::fs::read(stage.folder.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(9).any(|window| window == b"hush-hush"), "{file}");
    }
}
