//! S-26, S-27: every operation of the document × everyone who might ask. The answers' statuses are the table `docs/routes.txt`;
//! a change of them is seen in review. With `UPDATE_DOCS=1` in the environment the test writes the table instead.
//!
//! Everyone asks for the same thing of somebody's in the same words. No answer holds words that were not written for who asks,
//! and what may not be seen is answered like what never was.

mod harvest;
mod valid;
mod world;

use crate::promise::DOCUMENT;
use crate::support::{Answer, Ask};
use poem::http::{Method, StatusCode};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use valid::{MORE, Valid};
use world::{Asker, World};

/// A row of the document.
#[derive(Clone)]
struct Operation {
    id: String,
    method: Method,
    path: String,
    headers: Vec<String>,
    /// In which other way it is asked, if in any.
    way: &'static str,
}

/// An id that nothing ever had.
const NEVER: &str = "01900000-0000-7000-8000-000000000001";

/// What only succeeds in a world without an administrator.
const BEFORE_THE_WORLD: [&str; 1] = ["set_up"];

fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let headers = parameters.iter().filter(|parameter| parameter["in"] == "header");
            let operation = Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_ascii_uppercase().parse().unwrap(),
                path: path.clone(),
                headers: headers.map(|header| header["name"].as_str().unwrap().to_owned()).collect(),
                way: "",
            };
            let more = MORE.iter().filter(|(id, _)| *id == operation.id);
            all.extend(more.map(|(_, way)| Operation { way, ..operation.clone() }));
            all.push(operation);
        }
    }
    all.sort_by(|a, b| (&a.path, a.method.as_str(), a.way).cmp(&(&b.path, b.method.as_str(), b.way)));
    all
}

impl Operation {
    /// The request, with these ids in the path's places.
    fn ask<'w>(&self, world: &'w World, asker: Asker, valid: &Valid, places: &[String]) -> Ask<'w> {
        let mut path = self.path.clone();
        for place in places {
            let (start, end) = (path.find('{').unwrap(), path.find('}').unwrap());
            path.replace_range(start..=end, place);
        }
        assert!(!path.contains('{'), "{}: not all places are filled", self.id);
        let mut ask = world.sign(world.house.ask(self.method.clone(), &format!("{path}{}", valid.query)), asker);
        for header in &self.headers {
            ask = match header.as_str() {
                "Idempotency-Key" => ask.header(header, &format!("{}-{}-{}", self.id, asker.name(), places.join("-"))),
                "If-Match" => ask.header(header, "*"),
                _ => ask,
            };
        }
        if let Some(file) = &valid.file {
            return ask.raw("image/png", file.clone());
        }
        match &valid.body {
            Some(body) if self.method == Method::PATCH => ask.patch(body),
            Some(body) => ask.json(body),
            None => ask,
        }
    }

    /// The answers to everyone, each in a world where nobody asked before with success.
    async fn row(&self) -> Vec<StatusCode> {
        let (mut world, mut valid) = self.begin().await;
        let mut statuses = Vec::new();
        for asker in Asker::ALL {
            let status = self.answer(&world, asker, &valid).await;
            statuses.push(status);
            if status.is_success() && self.method != Method::GET {
                (world, valid) = self.begin().await;
            }
        }
        let somebody = statuses.iter().any(StatusCode::is_success);
        assert!(somebody != BEFORE_THE_WORLD.contains(&&*self.id), "{}: {statuses:?}; is the request right?", self.id);
        statuses
    }

    async fn begin(&self) -> (World, Valid) {
        let mut world = Box::pin(World::new()).await;
        let valid = self.valid(&mut world).await;
        (world, valid)
    }

    async fn valid(&self, world: &mut World) -> Valid {
        let key = if self.way.is_empty() { self.id.clone() } else { format!("{}, {}", self.id, self.way) };
        // Boxed: it can be any of all requests, and a thread's stack is not as large as that.
        let valid = Box::pin(valid::request(world, &key)).await;
        valid.unwrap_or_else(|| panic!("{} {} is new: tests/api/routes/valid.rs needs it", self.method, self.path))
    }

    /// The row's name.
    fn title(&self) -> String {
        let way = if self.way.is_empty() { String::new() } else { format!(" ({})", self.way) };
        format!("{:<6} {}{way}", self.method.as_str(), self.path)
    }

    async fn answer(&self, world: &World, asker: Asker, valid: &Valid) -> StatusCode {
        let ask = self.ask(world, asker, valid, &valid.places);
        if self.id == "follow_events" {
            return ask.begin().await.status();
        }
        let answer = ask.send().await;
        reads_only_what_is_theirs(&self.id, asker, &answer);
        if answer.status == StatusCode::NOT_FOUND && !valid.places.is_empty() {
            let never = vec![NEVER.to_owned(); valid.places.len()];
            let other = self.ask(world, asker, &Valid { places: Vec::new(), ..valid.clone() }, &never);
            assert_eq!(said(&answer), said(&other.send().await), "{} tells {} that there is something", self.id, asker.name());
        }
        answer.status
    }
}

/// What an answer says, without the id of the request.
fn said(answer: &Answer) -> (StatusCode, Value) {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("instance");
    (answer.status, body)
}

fn reads_only_what_is_theirs(operation: &str, asker: Asker, answer: &Answer) {
    let body = String::from_utf8_lossy(&answer.body);
    for words in asker.is_not_to_read() {
        assert!(!body.contains(words), "{operation} tells {} what is {words:?}: {body}", asker.name());
    }
}

fn table(rows: &[(Operation, Vec<StatusCode>)]) -> String {
    let mut table =
        "Every operation, asked for the same thing in the same words, and the status of each one's answer.\n\n".to_owned();
    for asker in Asker::ALL {
        writeln!(table, "{:<11} {}", asker.name(), asker.is()).unwrap();
    }
    write!(table, "\n{:<60}", "").unwrap();
    for asker in Asker::ALL {
        write!(table, " {:>10}", asker.name()).unwrap();
    }
    table.push('\n');
    for (operation, statuses) in rows {
        write!(table, "{:<60}", operation.title()).unwrap();
        for status in statuses {
            write!(table, " {:>10}", status.as_u16()).unwrap();
        }
        table.push('\n');
    }
    table
}

#[tokio::test(flavor = "multi_thread")]
async fn s_26_every_route_answers_everyone_as_the_table_says() {
    let rows: Vec<_> = operations()
        .into_iter()
        .map(|operation| tokio::spawn(async move { (operation.clone(), operation.row().await) }))
        .collect();
    let (mut found, mut wrong) = (Vec::new(), 0);
    for row in rows {
        match row.await {
            Ok(row) => found.push(row),
            Err(_) => wrong += 1,
        }
    }
    assert_eq!(wrong, 0, "what is wrong with these routes is said above");
    let table = table(&found);
    let printed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/routes.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&printed, &table).unwrap();
    }
    let before = std::fs::read_to_string(&printed).unwrap_or_default();
    let changes: Vec<String> = table.lines().filter(|row| !before.lines().any(|was| was == *row)).map(str::to_owned).collect();
    assert!(changes.is_empty(), "not in docs/routes.txt; look, then set UPDATE_DOCS=1:\n{}", changes.join("\n"));
    assert!(table == before, "rows went or moved: look at docs/routes.txt, then run this test with UPDATE_DOCS=1");
}
