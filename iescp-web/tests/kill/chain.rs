//! What a client does: one campaign after another, from the draft to a word of thanks, each step a write with its own key.

use crate::house::{Pair, Person};
use crate::server::Line;
use serde_json::{Value, json};

/// The steps of a chain. What a store shows of them is what [`Chain::visible`] looks for.
pub const STEPS: [&str; 8] = ["draft", "fund", "publish", "apply", "accept", "submit", "approve", "thank"];

/// A write, as it was sent, and its answer if one came.
struct Deed {
    by: Person,
    path: String,
    key: String,
    body: Value,
    answer: Option<(u16, Value)>,
}

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Went {
    /// It was acknowledged.
    On,
    /// The server cannot write now; whether this was written is open.
    Refused(u16),
    /// No answer came.
    Nowhere,
}

/// One campaign's story.
pub struct Chain {
    pair: Pair,
    name: String,
    deeds: Vec<Deed>,
}

pub fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn day(days: i64) -> String {
    let later = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(days));
    later.unwrap().to_string()
}

/// A campaign whose budget is 1,000.
pub fn campaign_called(title: &str) -> Value {
    json!({
        "title": title, "goals": "Show the tea.", "niches": ["food"], "start": day(0), "end": day(60),
        "budget": usd(1000), "label": "Ad",
    })
}

pub fn offer_of(amount: i64) -> Value {
    let deliverable = json!({ "format": "reel", "platform": "instagram", "count": 1 });
    json!({ "amount": usd(amount), "due": day(20), "deliverables": [deliverable] })
}

impl Chain {
    pub fn new(pair: Pair, name: String) -> Self {
        Self { pair, name, deeds: Vec::new() }
    }

    pub fn is_over(&self) -> bool {
        self.acknowledged() == STEPS.len()
    }

    pub fn acknowledged(&self) -> usize {
        self.deeds.iter().filter(|deed| deed.answer.is_some()).count()
    }

    /// Takes the next step.
    pub fn go_on(&mut self, line: &Line) -> Went {
        let deed = self.next();
        self.deeds.push(deed);
        let Some(deed) = self.deeds.last_mut() else { return Went::Nowhere };
        let Ok(answer) = line.post(&deed.by.token(), &deed.path, &deed.key, &deed.body) else { return Went::Nowhere };
        if matches!(answer.status, 503 | 507) {
            assert!(answer.body["detail"].is_string(), "a refusal says why: {}", answer.body);
            return Went::Refused(answer.status);
        }
        assert!(matches!(answer.status, 200 | 201), "{}: {} {}", deed.path, answer.status, answer.body);
        assert!(!answer.replayed, "{} was never asked before", deed.path);
        deed.answer = Some((answer.status, answer.body));
        Went::On
    }

    /// Takes the next step, and asks again, with the same key, at one line after the other, until it is answered.
    pub fn go_on_at_any(&mut self, lines: impl Iterator<Item = Line>) {
        let deed = self.next();
        for line in lines {
            let answer = match line.post(&deed.by.token(), &deed.path, &deed.key, &deed.body) {
                Ok(answer) if !matches!(answer.status, 503 | 507) => answer,
                _ => {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                    continue;
                }
            };
            assert!(matches!(answer.status, 200 | 201), "{} {}: {} {}", self.name, deed.path, answer.status, answer.body);
            self.deeds.push(Deed { answer: Some((answer.status, answer.body)), ..deed });
            return;
        }
        panic!("{}: nobody answered {}", self.name, deed.path);
    }

    fn answered(&self, step: usize, member: &str) -> String {
        let answer = self.deeds.get(step).and_then(|deed| deed.answer.as_ref());
        answer.and_then(|(_, body)| body[member].as_str()).unwrap_or_else(|| panic!("no {member} of step {step}")).to_owned()
    }

    fn next(&self) -> Deed {
        let step = self.deeds.len();
        let (sponsor, influencer) = (&self.pair.sponsor, &self.pair.influencer);
        let campaign = || self.answered(0, "id");
        let collaboration = || self.answered(4, "collaboration_id");
        let (by, path, body) = match STEPS[step] {
            "draft" => (sponsor, "/campaigns".to_owned(), campaign_called(&self.name)),
            "fund" => (sponsor, format!("/campaigns/{}/fund", campaign()), json!({ "amount": usd(1000) })),
            "publish" => (sponsor, format!("/campaigns/{}/publish", campaign()), Value::Null),
            "apply" => (influencer, format!("/campaigns/{}/requests", campaign()), offer_of(700)),
            "accept" => {
                (sponsor, format!("/requests/{}/accept", self.answered(3, "id")), json!({ "offer": 1, "name": "Sam Sponsor" }))
            }
            "submit" => (
                influencer,
                format!("/collaborations/{}/submit", collaboration()),
                json!({ "works": [{ "deliverable": 0, "url": "https://example.com/reel/1" }], "label_shown": true }),
            ),
            "approve" => (sponsor, format!("/collaborations/{}/approve", collaboration()), Value::Null),
            _ => (influencer, format!("/threads/{}/messages", sponsor.id), json!({ "text": self.thanks() })),
        };
        Deed { by: by.clone(), path, key: format!("{}-{step}", self.name), body, answer: None }
    }

    fn thanks(&self) -> String {
        format!("Thank you for {}.", self.name)
    }

    /// How many steps the store shows, found by reading and nothing else.
    pub fn visible(&self, line: &Line) -> usize {
        let (sponsor, influencer) = (self.pair.sponsor.token(), self.pair.influencer.token());
        let campaigns = line.get(&sponsor, "/me/campaigns?limit=100");
        let mut called: Vec<_> = items(&campaigns).iter().filter(|campaign| campaign["title"] == self.name.as_str()).collect();
        let Some(campaign) = called.pop() else { return 0 };
        assert!(called.is_empty(), "{} was drafted twice", self.name);
        let id = campaign["id"].as_str().unwrap();
        if campaign["state"] == "draft" {
            return if campaign["money"]["funded"] == usd(0) { 1 } else { 2 };
        }
        let requests = line.get(&sponsor, &format!("/campaigns/{id}/requests"));
        let [request] = items(&requests) else { return 3 };
        if request["state"] == "open" {
            return 4;
        }
        let collaboration = line.get(&influencer, &format!("/collaborations/{}", request["collaboration_id"].as_str().unwrap()));
        match collaboration["state"].as_str().unwrap() {
            "active" => 5,
            "submitted" => 6,
            _ if self.is_thanked(line, &sponsor) => 8,
            _ => 7,
        }
    }

    fn is_thanked(&self, line: &Line, sponsor: &str) -> bool {
        let mut path = format!("/threads/{}/messages?limit=100", self.pair.influencer.id);
        let mut said = 0;
        for _ in 0..100 {
            let page = line.get(sponsor, &path);
            said += items(&page).iter().filter(|message| message["text"] == self.thanks().as_str()).count();
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/threads/{}/messages?limit=100&cursor={cursor}", self.pair.influencer.id);
        }
        assert!(said < 2, "{} was thanked for twice", self.name);
        said == 1
    }

    /// Compares what was acknowledged with what is there, then asks everything again with the same keys: what is there gives the
    /// same answer as before, what is not is done now, once.
    pub fn prove(&mut self, line: &Line) {
        let (acknowledged, sent, visible) = (self.acknowledged(), self.deeds.len(), self.visible(line));
        assert!(
            (acknowledged..=sent).contains(&visible),
            "{}: {acknowledged} of {sent} steps were acknowledged, {visible} are there",
            self.name
        );
        for (step, deed) in self.deeds.iter_mut().enumerate() {
            let what = STEPS[step];
            let again = line.post(&deed.by.token(), &deed.path, &deed.key, &deed.body).unwrap();
            // A payment is begun in one commit and settled in another; killed between them it is begun, and goes on.
            let begun = what == "fund" && step == visible;
            assert!(again.replayed == (step < visible) || begun, "{} {what}: {}", self.name, again.body);
            let again = (again.status, again.body);
            match &deed.answer {
                Some(first) => assert_eq!(&again, first, "{} {what}", self.name),
                None => assert!(matches!(again.0, 200 | 201), "{} {what}: {again:?}", self.name),
            }
            deed.answer = Some(again);
        }
        assert_eq!(self.visible(line), sent, "{}", self.name);
    }

    /// Whether all that was acknowledged is still there, many kills later.
    pub fn stands(&self, line: &Line) -> bool {
        self.visible(line) == self.deeds.len()
    }
}

fn items(list: &Value) -> &[Value] {
    list["items"].as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("no list: {list}"))
}
