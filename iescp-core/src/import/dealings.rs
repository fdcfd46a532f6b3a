//! Requests and participations, which tell one story together: who asked, who was taken, who works and who is done.
//!
//! Of one pair at most one request is open or accepted, and each accepted one has exactly one collaboration. Where the two tables
//! contradict each other, the participation is believed; what cannot be both is refused.
//!
//! - `reading` understands the rows, `records` is what they become.
//!
//! **Not here**: campaigns (`campaigns`), of which this only counts the work that is open.

mod reading;
mod records;

use super::{
    Planner,
    cell::Changes,
    ids::{RowName, id},
    plan::Unit,
    report::TableReport,
    source::Fields,
    tables,
};
use crate::{
    id::{AccountId, CampaignId, CollaborationId, RequestId},
    request::RequestState,
};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Who in which campaign.
type Pair = (CampaignId, AccountId);

/// A row of either table that was understood.
struct Dealing {
    name: RowName,
    /// V2's id of the campaign.
    drive: i64,
    pair: Pair,
    state: RequestState,
    /// Whether the work is done.
    done: bool,
    at: Option<Timestamp>,
    /// What it becomes.
    here: Uuid,
    changes: Changes,
}

/// What becomes of a row.
enum Verdict {
    Refused(String),
    Unchanged(Uuid),
    Good(Box<Dealing>),
}

/// A table as it was read.
struct Rows {
    table: &'static str,
    verdicts: Vec<(RowName, Verdict)>,
}

impl Rows {
    fn good(&mut self) -> impl Iterator<Item = (usize, &mut Box<Dealing>)> {
        self.verdicts.iter_mut().enumerate().filter_map(|(at, (_, verdict))| match verdict {
            Verdict::Good(dealing) => Some((at, dealing)),
            _ => None,
        })
    }

    fn refuse(&mut self, at: usize, why: impl Into<String>) {
        if let Some((_, verdict)) = self.verdicts.get_mut(at) {
            *verdict = Verdict::Refused(why.into());
        }
    }

    /// Takes a good row out, leaving what becomes of it.
    fn take(&mut self, at: usize) -> Option<Dealing> {
        let (_, verdict) = self.verdicts.get_mut(at)?;
        match std::mem::replace(verdict, Verdict::Refused(String::new())) {
            Verdict::Good(dealing) => Some(*dealing),
            other => {
                *verdict = other;
                None
            }
        }
    }

    fn give_back(&mut self, at: usize, dealing: Dealing) {
        if let Some((_, verdict)) = self.verdicts.get_mut(at) {
            *verdict = Verdict::Good(Box::new(dealing));
        }
    }

    fn report(self, fields: &Fields<'_>) -> TableReport {
        let mut report = TableReport::of(self.table);
        report.columns_left = fields.left();
        for (name, verdict) in self.verdicts {
            match verdict {
                Verdict::Refused(why) => report.refused(name.text, why),
                Verdict::Unchanged(here) => report.unchanged(name.text, here),
                Verdict::Good(dealing) => report.brought(name.text, dealing.here, dealing.changes.0),
            }
        }
        report
    }
}

/// Pairs that deal with each other in the store already.
#[derive(Default)]
struct There {
    working: HashSet<Pair>,
    asking: HashSet<Pair>,
}

const TOGETHER: &str = "the two work together here already";
const ASKING: &str = "the two have an open request here already, which one of them must answer";

impl Planner<'_> {
    /// Plans both tables.
    pub(super) fn dealings(&mut self) -> Result<[TableReport; 2], String> {
        let source = self.source;
        let taking_part = Fields::of(&source.participations, tables::PARTICIPATIONS);
        let asking = Fields::of(&source.requests, tables::REQUESTS);
        let mut there = There { asking: self.present.open.clone(), ..There::default() };
        let mut parts = self.read_participations(&taking_part, &mut there);
        let mut asks = self.read_requests(&asking, &mut there);
        let part_of = once_for_each_pair(&mut parts, &there);
        let ask_of = one_that_counts(&mut asks, &there);
        for at in 0..asks.verdicts.len() {
            let Some(mut ask) = asks.take(at) else { continue };
            let counts = ask_of.get(&ask.pair) == Some(&at);
            let part = part_of.get(&ask.pair).filter(|_| counts).and_then(|part| parts.take(*part).map(|taken| (*part, taken)));
            self.plan_request(&mut ask, part.as_ref().map(|(_, part)| part))?;
            asks.give_back(at, ask);
            if let Some((at, part)) = part {
                parts.give_back(at, part);
            }
        }
        let alone: Vec<usize> = part_of.iter().filter(|(pair, _)| !ask_of.contains_key(*pair)).map(|(_, at)| *at).collect();
        for at in alone {
            let Some(mut part) = parts.take(at) else { continue };
            part.changes.note("nobody had asked: an approved request was made for it");
            let request = RequestId(id(&source.name, "request-of-participation", &part.name, 0));
            let mut unit = Unit::default();
            unit.add(&self.request_of(&part, request)?);
            unit.add(&self.collaboration_of(&part, request, CollaborationId(part.here))?);
            self.units.push(unit);
            parts.give_back(at, part);
        }
        Ok([asks.report(&asking), parts.report(&taking_part)])
    }

    /// Plans one request, with the collaboration that follows from it.
    fn plan_request(&mut self, ask: &mut Dealing, part: Option<&Dealing>) -> Result<(), String> {
        let over = self.drives.get(&ask.drive).is_some_and(|drive| drive.is_over(self.now));
        match (ask.state, part) {
            (RequestState::Open, Some(part)) => {
                ask.changes.note(format!("it was pending, and participation {} says that it was approved", part.name.text));
                ask.state = RequestState::Accepted;
            }
            (RequestState::Open, None) if over => {
                ask.changes.note("its campaign has ended, so it has expired");
                ask.state = RequestState::Expired;
            }
            (RequestState::Accepted, None) => ask.changes.note("nobody took part: a collaboration was made for it"),
            _ => {}
        }
        let request = RequestId(ask.here);
        let mut unit = Unit::default();
        unit.add(&self.request_of(ask, request)?);
        if ask.state == RequestState::Accepted {
            let made = id(&self.source.name, "collaboration-of-request", &ask.name, 0);
            let (from, collaboration) = part.map_or((&*ask, made), |part| (part, part.here));
            unit.add(&self.collaboration_of(from, request, CollaborationId(collaboration))?);
        }
        self.units.push(unit);
        Ok(())
    }
}

/// The one participation of each pair; those after it are refused.
fn once_for_each_pair(parts: &mut Rows, there: &There) -> HashMap<Pair, usize> {
    let mut first: HashMap<Pair, (usize, String)> = HashMap::new();
    let mut refused = Vec::new();
    for (at, part) in parts.good() {
        if there.working.contains(&part.pair) {
            refused.push((at, TOGETHER.into()));
        } else if there.asking.contains(&part.pair) {
            refused.push((at, ASKING.into()));
        } else if let Some((_, other)) = first.get(&part.pair) {
            refused.push((at, format!("row {other} is about the same influencer in the same campaign")));
        } else {
            first.insert(part.pair, (at, part.name.text.clone()));
        }
    }
    refused.into_iter().for_each(|(at, why)| parts.refuse(at, why));
    first.into_iter().map(|(pair, (at, _))| (pair, at)).collect()
}

/// The one request of each pair that is approved, or else open; others that are either are refused. What was turned down may have
/// been asked any number of times.
fn one_that_counts(asks: &mut Rows, there: &There) -> HashMap<Pair, usize> {
    let mut counting: HashMap<Pair, (usize, String)> = HashMap::new();
    let mut refused = Vec::new();
    for wanted in [RequestState::Accepted, RequestState::Open] {
        for (at, ask) in asks.good().filter(|(_, ask)| ask.state == wanted) {
            if there.working.contains(&ask.pair) {
                refused.push((at, TOGETHER.into()));
            } else if there.asking.contains(&ask.pair) {
                refused.push((at, ASKING.into()));
            } else if let Some((_, other)) = counting.get(&ask.pair) {
                refused.push((at, format!("row {other} is about the same influencer in the same campaign")));
            } else {
                counting.insert(ask.pair, (at, ask.name.text.clone()));
            }
        }
    }
    refused.into_iter().for_each(|(at, why)| asks.refuse(at, why));
    counting.into_iter().map(|(pair, (at, _))| (pair, at)).collect()
}
