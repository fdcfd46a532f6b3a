//! Plays a story: leads the clock from slot to slot and does what happens in each.

mod business;
mod people;

use super::story::{Beat, DAYS, SLOTS, Story};
use crate::admin_socket::{Progress, Tell};
use iescp_core::account::{AdminInput, CreateAdmin, Purpose, VerifyEmail};
use iescp_core::id::{AccountId, CampaignId, CollaborationId, RequestId};
use iescp_core::moderation::audit::SealAudit;
use iescp_core::notification::MarkNotificationsRead;
use iescp_core::outbox::{Letter, ListOutbox, OutboxItem, RemoveFromOutbox};
use iescp_core::picture::{self, Image, PictureDraft, Placed};
use iescp_core::report::{MakeMonthlyReport, MakePlatformReport, ReportMonth, SnapshotStatistics};
use iescp_core::{Actor, Clock, Error, ManualClock, Operation, Platform, Secret, run_due};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, OnceLock, PoisonError};
use uuid::Uuid;

/// How many things are done at once.
const AT_ONCE: usize = 24;

/// The slots of a day begin at nine and are three hours apart.
const FIRST_HOUR: i64 = 9;
const HOURS: i64 = 3;

/// One account in so many never proves its address.
const UNPROVEN: u64 = 12;

/// How a negotiation stands while it is played.
#[derive(Clone, Copy, Default)]
struct Standing {
    request: Option<RequestId>,
    collaboration: Option<CollaborationId>,
    offer: u64,
    amount: i64,
}

/// Everything that is needed to play.
pub(super) struct Stage<'a> {
    platform: &'a Platform,
    clock: &'a ManualClock,
    story: &'a Story,
    now: Timestamp,
    password: Secret,
    admin: OnceLock<AccountId>,
    creators: Vec<OnceLock<AccountId>>,
    backers: Vec<OnceLock<AccountId>>,
    drives: Vec<OnceLock<CampaignId>>,
    deals: Vec<Mutex<Standing>>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        platform: &'a Platform,
        clock: &'a ManualClock,
        story: &'a Story,
        now: Timestamp,
        password: Secret,
    ) -> Self {
        fn empty<T>(number: usize) -> Vec<OnceLock<T>> {
            (0..number).map(|_| OnceLock::new()).collect()
        }
        Self {
            platform,
            clock,
            story,
            now,
            password,
            admin: OnceLock::new(),
            creators: empty(story.creators.len()),
            backers: empty(story.backers.len()),
            drives: empty(story.drives.len()),
            deals: story.deals.iter().map(|_| Mutex::default()).collect(),
        }
    }

    /// Plays all of it.
    pub(super) async fn play(&self, tell: Tell<'_>) -> Result<(), String> {
        let all = self.story.length();
        let mut done = 0;
        self.clock.set(self.moment(0));
        self.make_admin().await?;
        self.housekeeping(false).await.map_err(|e| e.to_string())?;
        for slot in 0..DAYS * SLOTS {
            self.clock.set(self.moment(slot));
            let beats = self.story.beats.get(&slot).map(Vec::as_slice).unwrap_or_default();
            // Within the hour that the links in letters last.
            let pause = SignedDuration::from_secs(3000) / i32::try_from(beats.len() / AT_ONCE + 8).unwrap_or(i32::MAX);
            for together in beats.chunks(AT_ONCE) {
                futures_util::future::try_join_all(together.iter().map(|beat| self.happen(slot, *beat))).await?;
                done += together.len() as u64;
                tell(Progress { what: "making up a market".into(), seen: done, of: Some(all) });
                self.clock.advance(pause);
            }
            let evening = slot % SLOTS == SLOTS - 1;
            if evening || !beats.is_empty() {
                self.housekeeping(evening).await.map_err(|e| e.to_string())?;
            }
            if slot == (DAYS - 2) * SLOTS {
                self.read_notifications().await.map_err(|e| e.to_string())?;
            }
        }
        self.clock.set(self.now);
        self.housekeeping(true).await.map_err(|e| e.to_string())
    }

    /// The moment of a slot, with minutes of its own.
    fn moment(&self, slot: i64) -> Timestamp {
        let midnight = self.now.as_second().div_euclid(86_400) * 86_400;
        let hours = 24 * (slot.div_euclid(SLOTS) - DAYS) + FIRST_HOUR + HOURS * slot.rem_euclid(SLOTS);
        let minutes = (slot * 37).rem_euclid(25);
        Timestamp::from_second(midnight + hours * 3600 + minutes * 60 + (slot * 13).rem_euclid(60)).unwrap_or(self.now)
    }

    /// The day so many after the story's first, as it is written in forms.
    fn day(&self, day: i64) -> String {
        let moment = self.moment(day * SLOTS);
        self.platform.settings().day_of(moment).to_string()
    }

    async fn make_admin(&self) -> Result<(), String> {
        let input = AdminInput { username: "admin".into(), email: "admin@example.com".into(), password: self.password.clone() };
        let made = self.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.map_err(|e| e.to_string())?;
        let _first = self.admin.set(made.account);
        Ok(())
    }

    async fn happen(&self, slot: i64, beat: Beat) -> Result<(), String> {
        let done = match beat {
            Beat::Draft(_)
            | Beat::Fund(_)
            | Beat::Publish(_)
            | Beat::Pause(_)
            | Beat::Complete(_)
            | Beat::Cancel(_)
            | Beat::Flag(_) => self.campaign(beat).await,
            Beat::Deal(deal, step) => self.deal(slot, deal, step).await,
            _ => self.people(slot, beat).await,
        };
        done.map_err(|error| {
            let mut why = format!("the story broke at {beat:?} in slot {slot}: {error}");
            if let Error::Invalid(fields) = &error {
                fields.iter().for_each(|field| why.push_str(&format!(" [{}]", field.field)));
            }
            why
        })
    }

    /// What a worker does meanwhile: timers, letters, the seals of the audit trail; in the evening the day's figures, and on the
    /// first of a month the reports about the one before.
    async fn housekeeping(&self, evening: bool) -> Result<(), Error> {
        run_due(self.platform, usize::MAX).await?;
        self.read_letters().await?;
        if evening {
            let system = Actor::system("demo");
            self.platform.run(&system, SnapshotStatistics {}).await?;
            let today = self.platform.settings().day_of(self.clock.now());
            if today.day() == 1 {
                self.report_on(ReportMonth::of(today).before()).await?;
            }
            while self.platform.run(&system, SealAudit {}).await?.more {}
        }
        Ok(())
    }

    async fn report_on(&self, month: ReportMonth) -> Result<(), Error> {
        let system = Actor::system("demo");
        self.platform.run(&system, MakePlatformReport { month }).await?;
        for account in self.backers.iter().filter_map(|one| one.get().copied()) {
            self.platform.run(&system, MakeMonthlyReport { account, month }).await?;
        }
        Ok(())
    }

    /// Most follow the link that proves their address. No letter leaves: all of these addresses are made up.
    async fn read_letters(&self) -> Result<(), Error> {
        let system = Actor::system("demo");
        loop {
            let page = self.platform.run(&system, ListOutbox { limit: 500, after: None }).await?;
            let letters: Vec<_> = page.letters.iter().map(OutboxItem::place).collect();
            if letters.is_empty() {
                return Ok(());
            }
            let links = page.letters.iter().filter_map(|item| match &item.letter {
                Letter::VerifyEmail { to, link, .. } if follows(to) => Some(*link),
                _ => None,
            });
            futures_util::future::try_join_all(links.map(|link| {
                let token = Purpose::VerifyEmail.token(self.platform.secret(), link);
                async move { self.platform.run(&Actor::visitor(), VerifyEmail { token }).await }
            }))
            .await?;
            self.platform.run(&system, RemoveFromOutbox { letters }).await?;
        }
    }

    /// Everybody has read what they were told until then.
    async fn read_notifications(&self) -> Result<(), Error> {
        let everybody: Vec<AccountId> =
            self.creators.iter().chain(&self.backers).chain([&self.admin]).filter_map(|one| one.get().copied()).collect();
        for together in everybody.chunks(AT_ONCE) {
            futures_util::future::try_join_all(together.iter().map(|account| async {
                let all = MarkNotificationsRead { ids: Vec::new(), up_to: Some(Uuid::max().into()) };
                while self.platform.run(&Actor::account(*account), all.clone()).await?.more {}
                Ok::<_, Error>(())
            }))
            .await?;
        }
        Ok(())
    }

    /// Does something as an account.
    async fn act<O: Operation>(&self, who: &OnceLock<AccountId>, operation: O) -> Result<O::Output, Error> {
        let who = who.get().ok_or(Error::NotFound)?;
        self.platform.run(&Actor::account(*who), operation).await
    }

    /// Puts a picture somewhere as an account.
    async fn hang<O>(&self, who: &OnceLock<AccountId>, image: Image, make: impl FnOnce(PictureDraft) -> O) -> Result<(), Error>
    where
        O: Operation<Output = Placed>,
    {
        let who = Actor::account(*who.get().ok_or(Error::NotFound)?);
        picture::place(self.platform, &who, None, image, make).await.map(drop)
    }

    fn standing(&self, deal: usize) -> Result<Standing, Error> {
        let standing = self.deals.get(deal).ok_or(Error::NotFound)?;
        Ok(*standing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn stands(&self, deal: usize, change: impl FnOnce(&mut Standing)) {
        if let Some(standing) = self.deals.get(deal) {
            change(&mut standing.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Whether somebody follows the link that was sent to them.
fn follows(address: &str) -> bool {
    !address.bytes().map(u64::from).sum::<u64>().is_multiple_of(UNPROVEN)
}

/// One of those that are made up.
fn of<T>(list: &[T], at: usize) -> Result<&T, Error> {
    list.get(at).ok_or(Error::NotFound)
}
