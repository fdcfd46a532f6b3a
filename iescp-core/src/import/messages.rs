//! Messages become those of their pair's thread. V2 did not record who wrote one: where no column says it, nobody is named.
//!
//! **Not here**: the threads themselves, which are brought up to their last message when that is written (`write`).

use super::{
    Planner,
    cell::{Changes, clean, moment, quoted, text},
    ids::{RowName, id},
    plan::Unit,
    report::TableReport,
    source::{Cell, Fielded, Fields},
    tables,
};
use crate::{
    account::Role,
    id::MessageId,
    message::{Message, Pair, Said},
    value::Prose,
};
use std::collections::HashSet;

/// The most characters of one message; what is longer becomes several.
const LONGEST: usize = 4000;
/// The most messages one row becomes.
const PARTS: usize = 16;

impl Planner<'_> {
    /// Plans all messages.
    pub(super) fn messages(&mut self) -> Result<TableReport, String> {
        let source = self.source;
        let fields = Fields::of(&source.messages, tables::MESSAGES);
        let mut report = TableReport::of("message");
        report.columns_left = fields.left();
        let mut ids = HashSet::new();
        for row in fields.rows() {
            let name = RowName::of(&row);
            let first = MessageId(id(&source.name, "message", &name, 0));
            if !ids.insert(first) {
                report.refused(name.text, "another row before it has the same id");
                continue;
            }
            let mut changes = Changes::of(&row);
            let planned = self.message(&mut changes, &row, &name, first);
            match planned {
                Err(why) => report.refused(name.text, why),
                Ok(Planned::There(pair, last)) => {
                    if self.continuing {
                        self.reach(pair, last);
                    }
                    report.unchanged(name.text, first);
                }
                Ok(Planned::New(messages)) => {
                    let mut unit = Unit::default();
                    for message in &messages {
                        unit.add(message);
                        self.reach(message.pair, message.clone());
                    }
                    self.units.push(unit);
                    report.brought(name.text, first, changes.0);
                }
            }
        }
        Ok(report)
    }

    /// Notes that a thread goes at least as far as this.
    fn reach(&mut self, pair: Pair, message: Message) {
        let last = self.threads.entry(Message::at(pair, message.id).0.get(..33).unwrap_or_default().to_vec());
        let last = last.or_insert_with(|| message.clone());
        if last.id < message.id {
            *last = message;
        }
    }

    fn message(&self, changes: &mut Changes, row: &Fielded<'_>, name: &RowName, first: MessageId) -> Result<Planned, String> {
        let (pair, sender) = self.pair(changes, row)?;
        let said = clean(changes, "message", &text(row.get("message")).unwrap_or_default(), true);
        if said.is_empty() {
            return Err("it says nothing".into());
        }
        let at = moment(changes, "time", row.get("created_at"), &self.settings.time_zone, self.now).unwrap_or(self.now);
        let parts = parts(changes, &said);
        let messages = parts.iter().zip(0..).map(|(part, place)| {
            let text: Prose<LONGEST> = Prose::parse(part).map_err(|wrong| wrong.detail)?;
            let said = match sender {
                Some(by) => Said::Written { by, text },
                None => Said::Imported { text },
            };
            Ok(Message { id: MessageId(id(&self.source.name, "message", name, place)), pair, at, said })
        });
        let mut messages = messages.collect::<Result<Vec<Message>, String>>()?;
        let there = self.present.keys.contains(&Message::at(pair, first));
        match messages.pop() {
            Some(last) if there => Ok(Planned::There(pair, last)),
            Some(last) => {
                messages.push(last);
                Ok(Planned::New(messages))
            }
            None => Err("it says nothing".into()),
        }
    }

    /// Between whom a message is, and who wrote it, where that is known.
    fn pair(&self, changes: &mut Changes, row: &Fielded<'_>) -> Result<(Pair, Option<crate::id::AccountId>), String> {
        let (one, other) = tables::message_parties(row);
        let named = |cell: &Cell, what: &str| {
            self.named(cell).ok_or_else(|| format!("its {what} {} is not there or was not brought over", quoted(cell)))
        };
        let (first, second) = (named(one, "sponsor")?, named(other, "influencer")?);
        let pair = match (first.role, second.role) {
            (Role::Sponsor, Role::Influencer) => Pair { sponsor: first.id, influencer: second.id },
            (Role::Influencer, Role::Sponsor) => Pair { sponsor: second.id, influencer: first.id },
            _ => return Err(format!("it is between {} and {}, who are no sponsor and influencer", quoted(one), quoted(other))),
        };
        let said_roles = !row.get("sponsor_id").is_blank();
        if said_roles && pair.sponsor != first.id {
            changes.note("sponsor and influencer stood in each other's place");
        }
        let sender = self.named(row.get("sender_id"));
        let sender = sender.map(|person| person.id).filter(|sender| [pair.sponsor, pair.influencer].contains(sender));
        Ok((pair, sender))
    }
}

/// What becomes of a row.
enum Planned {
    /// It is there already; its last message.
    There(Pair, Message),
    New(Vec<Message>),
}

/// A text in parts that are not too long.
fn parts(changes: &mut Changes, said: &str) -> Vec<String> {
    let letters: Vec<char> = said.chars().collect();
    let all: Vec<String> = letters.chunks(LONGEST).map(|part| part.iter().collect::<String>()).collect();
    let kept: Vec<String> = all.iter().filter(|part| !part.trim().is_empty()).take(PARTS).cloned().collect();
    if letters.len() > LONGEST {
        changes.note(format!("its {} characters became {} messages", letters.len().min(LONGEST * PARTS), kept.len()));
    }
    if letters.len() > LONGEST * PARTS {
        changes.note(format!("what is beyond {} characters was cut", LONGEST * PARTS));
    }
    kept
}
