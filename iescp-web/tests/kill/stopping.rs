//! whoever runs a server stops it and starts another, again and again, under load.

use crate::house::House;
use crate::server::{Line, Server, said};
use serde_json::json;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

/// Together they ask some two hundred times a second.
const CLIENTS: usize = 4;
const BETWEEN: Duration = Duration::from_millis(15);

/// What a client was answered.
#[derive(Default)]
struct Told {
    whole: usize,
    refused: usize,
    drafts: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn r_06_no_request_is_cut_off_when_servers_are_stopped_and_started_under_load() {
    let directory = tempfile::tempdir().unwrap();
    let pairs = House::open(directory.path()).pairs(0, CLIENTS).await;
    let mut server = Server::start(directory.path());
    let (line, over) = (Arc::new(RwLock::new(server.line())), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = pairs
        .into_iter()
        .enumerate()
        .map(|(client, pair)| {
            let (line, over) = (line.clone(), over.clone());
            thread::spawn(move || {
                let mut told = Told::default();
                for number in 0..100_000 {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let line: Line = line.read().unwrap().clone();
                    let text = format!("{client}-{number}");
                    match line.post(&pair.sponsor.token(), "/campaigns", &text, &json!({ "title": text })) {
                        Ok(answer) => {
                            assert_eq!(answer.status, 201, "{}", answer.body);
                            told.whole += 1;
                            told.drafts.push(text);
                        }
                        Err(why) if why.kind() == io::ErrorKind::ConnectionRefused => told.refused += 1,
                        Err(why) => panic!("request {text} was cut off: {why}"),
                    }
                    thread::sleep(BETWEEN);
                }
                (pair, told)
            })
        })
        .collect();
    for _ in 0..4 {
        thread::sleep(Duration::from_millis(700));
        server.ask_to_stop();
        assert_eq!(server.ended().code(), Some(0), "{}", said(directory.path()));
        server = Server::start(directory.path());
        *line.write().unwrap() = server.line();
    }
    thread::sleep(Duration::from_millis(300));
    over.store(true, Ordering::Relaxed);
    for client in clients {
        let (pair, told) = client.join().unwrap();
        assert!(told.whole > 20, "{} answers", told.whole);
        eprintln!("{} answers, {} connections refused while nobody listened", told.whole, told.refused);
        let (mut path, mut there) = ("/me/campaigns?limit=100".to_owned(), Vec::new());
        for _ in 0..1000 {
            let page = server.line().get(&pair.sponsor.token(), &path);
            there.extend(page["items"].as_array().unwrap().iter().map(|campaign| campaign["title"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/me/campaigns?limit=100&cursor={cursor}");
        }
        assert!(told.drafts.iter().all(|text| there.contains(text)), "what was answered is there");
    }
    server.kill();
}
