//! What a run says of itself: the event, its notifications and letters, all in its commit.

use super::Tx;
use crate::{
    Result,
    event::{By, Event, MOST_THINGS, Personal, Thing},
    id::{AccountId, EventId, NotificationId},
    notification::{self, Notice, Notification},
    outbox::{Letter, OutboxItem},
    secret,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// What will be told of this run.
#[derive(Default)]
pub(super) struct Happening {
    pub(super) about: Vec<Thing>,
    pub(super) detail: Value,
    pub(super) audience: BTreeSet<AccountId>,
    pub(super) notices: Vec<(AccountId, Notice, Thing, Value)>,
    pub(super) letters: Vec<Letter>,
    pub(super) quiet: bool,
}

impl Tx<'_> {
    /// Says what happened: to what, with which particulars (no personal values). Every operation that changes something does.
    pub fn happened(&mut self, about: impl IntoIterator<Item = Thing>, detail: Value) {
        self.happening.about.extend(about);
        self.happening.detail = detail;
    }

    /// Says that what happened also concerns this thing.
    pub fn concerns(&mut self, about: Thing) {
        self.happening.about.push(about);
    }

    /// Says that what changes here is no event: housekeeping that nobody needs to hear of.
    pub fn quietly(&mut self) {
        self.happening.quiet = true;
    }

    /// Lets somebody's live streams tell this event, without a notification.
    pub fn heard_by(&mut self, account: AccountId) {
        self.happening.audience.insert(account);
    }

    /// Puts a notification into somebody's centre.
    pub fn tell(&mut self, account: AccountId, notice: Notice, about: Thing, detail: Value) {
        self.happening.audience.insert(account);
        self.happening.notices.push((account, notice, about, detail));
    }

    /// Sends a letter once this run has landed.
    pub fn send(&mut self, letter: Letter) {
        self.happening.letters.push(letter);
    }

    pub(super) async fn write_happening(&mut self) -> Result<()> {
        let mut happening = std::mem::take(&mut self.happening);
        let ways = notification::ways(self, happening.notices.iter().map(|(account, notice, ..)| (*account, *notice))).await?;
        let id: EventId = self.new_id();
        let mut about = Vec::with_capacity(happening.about.len());
        for thing in happening.about {
            if !about.contains(&thing) && about.len() < MOST_THINGS {
                about.push(thing);
            }
        }
        for ((account, notice, about, detail), ways) in happening.notices.into_iter().zip(ways) {
            let notification = Notification {
                id: self.new_id::<NotificationId>(),
                account,
                event: id,
                at: self.now,
                notice,
                about,
                detail,
                read_at: None,
            };
            self.put(&notification)?;
            let notification = notification.id;
            if ways.mail {
                happening.letters.push(Letter::Notice { account, notice, notification });
            }
            if ways.chat {
                happening.letters.push(Letter::Chat { account, notice, notification });
            }
        }
        for (number, letter) in (0..).zip(happening.letters) {
            self.put(&OutboxItem { event: id, number, at: self.now, letter })?;
        }
        let personal = Personal { salt: secret::random_text(16)?, origin: self.actor.origin.clone() };
        let event = Event {
            id,
            at: self.now,
            by: By::from(&self.actor.who),
            action: self.action,
            about,
            detail: happening.detail,
            personal_hash: Some(personal.hash()),
            personal: Some(personal),
            audience: happening.audience.into_iter().collect(),
        };
        self.put(&event)?;
        self.put(&crate::event::Unsealed { event: id })
    }
}
