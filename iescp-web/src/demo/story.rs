//! Who is in the market and what happens, all decided before anything is done: the same seed decides the same.
//!
//! The story has 200 days of five slots. Its last slot is yesterday evening.

#[cfg(test)]
mod tests;

use super::Size;
use super::companies::{self, Company};
use super::deal::{Course, Move, course, outcome};
use super::dice::Dice;
use super::names::{self, Identity};
use iescp_core::request::Side;
use iescp_core::value::NICHES;
use std::collections::{BTreeMap, BTreeSet};

/// How many days are told.
pub(super) const DAYS: i64 = 200;
/// How many slots a day has.
pub(super) const SLOTS: i64 = 5;
/// The slot that is now.
const NOW: i64 = DAYS * SLOTS;

/// Smallest price of anything, in minor units; prices are whole multiples.
const STEP: i64 = 500;

/// Somebody who publishes.
#[derive(Clone, Debug)]
pub(super) struct Creator {
    pub username: String,
    pub identity: Identity,
    pub niches: Vec<&'static str>,
    pub followers: i64,
    /// What one piece costs.
    pub price: i64,
    /// Whether the profile is filled in.
    pub complete: bool,
    /// From which slot on they can be dealt with.
    from: i64,
}

/// Somebody who pays.
#[derive(Clone, Debug)]
pub(super) struct Backer {
    pub username: String,
    pub company: Company,
    from: i64,
    active: bool,
}

/// A campaign.
#[derive(Clone, Debug)]
pub(super) struct Drive {
    pub backer: usize,
    pub good: &'static str,
    pub private: bool,
    pub budget: i64,
    /// First and last day, counted from the story's first.
    pub days: (i64, i64),
}

/// A negotiation.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    pub drive: usize,
    pub creator: usize,
    pub asker: Side,
    pub amount: i64,
    /// On which day the work is due, counted from the story's first.
    pub due: i64,
    pub pieces: i64,
}

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    JoinCreator(usize),
    FillInCreator(usize),
    JoinBacker(usize),
    FillInBacker(usize),
    Approve(usize),
    Decline(usize),
    Verify(usize),
    Draft(usize),
    Fund(usize),
    Publish(usize),
    Pause(usize),
    Complete(usize),
    Cancel(usize),
    Flag(usize),
    Deal(usize, Move),
    Shortlist(usize),
    Report { backer: usize, creator: usize, settled: bool },
    Suspend(usize),
}

/// Everything that is made up.
pub(super) struct Story {
    pub seed: u64,
    pub creators: Vec<Creator>,
    pub backers: Vec<Backer>,
    pub drives: Vec<Drive>,
    pub deals: Vec<Deal>,
    /// What happens in each slot.
    pub beats: BTreeMap<i64, Vec<Beat>>,
}

impl Story {
    /// Makes up a market of that size.
    pub(super) fn tell(size: &Size) -> Self {
        let (creators, backers) = (Vec::new(), Vec::new());
        let mut story =
            Self { seed: size.seed, creators, backers, drives: Vec::new(), deals: Vec::new(), beats: BTreeMap::new() };
        let mut taken = BTreeSet::from(["admin".to_owned()]);
        for number in 0..size.influencers {
            story.add_creator(number, &mut taken);
        }
        for number in 0..size.sponsors {
            story.add_backer(number, &mut taken);
        }
        for number in 0..size.campaigns {
            story.add_drive(number);
        }
        story.add_incidents();
        story
    }

    /// Those who can be found in a slot.
    pub(super) fn present(&self, slot: i64) -> impl Iterator<Item = usize> + '_ {
        let there = move |(at, creator): (usize, &Creator)| (creator.complete && creator.from < slot).then_some(at);
        self.creators.iter().enumerate().filter_map(there)
    }

    /// How many things happen.
    pub(super) fn length(&self) -> u64 {
        self.beats.values().map(|beats| beats.len() as u64).sum()
    }

    fn at(&mut self, slot: i64, beat: Beat) {
        self.beats.entry(slot.clamp(0, NOW - 1)).or_default().push(beat);
    }

    fn add_creator(&mut self, number: usize, taken: &mut BTreeSet<String>) {
        let mut dice = Dice::of(self.seed, "creator", number);
        let identity = names::person(&mut dice);
        let username = if number == 0 { free("influencer", taken) } else { free(&identity.slug, taken) };
        let how_many = dice.between(1, 4);
        let niches = dice.some(NICHES, how_many).into_iter().copied().collect();
        // Most have a few thousand followers, few have millions.
        let size = [(45, 4_000), (30, 20_000), (17, 120_000), (6, 700_000), (2, 4_000_000)];
        let scale = dice.weighed(&size).unwrap_or(4_000);
        let followers = dice.between(scale / 4, scale * 2);
        let price = whole((10_000 + followers / 4) * dice.between(70, 150) / 100);
        let complete = number == 0 || dice.chance(95);
        // The first ones were there from the beginning; others came until lately.
        let joined = if number == 0 { 1 } else { dice.between(1, if number < 40 { 40 } else { NOW - 12 }) };
        self.at(joined, Beat::JoinCreator(number));
        if complete {
            self.at(joined + 1, Beat::FillInCreator(number));
        }
        self.creators.push(Creator { username, identity, niches, followers, price, complete, from: joined + 2 });
    }

    fn add_backer(&mut self, number: usize, taken: &mut BTreeSet<String>) {
        let mut dice = Dice::of(self.seed, "backer", number);
        let company = companies::company(&mut dice);
        let username = if number == 0 { free("sponsor", taken) } else { free(&company.slug, taken) };
        let waits = number > 3 && dice.chance(7);
        let joined = match (number, waits) {
            (0..3, _) => 2,
            (_, true) => dice.between(NOW - 14, NOW - 3),
            _ => dice.between(2, NOW - 250),
        };
        self.at(joined, Beat::JoinBacker(number));
        self.at(joined + 1, Beat::FillInBacker(number));
        let decided = joined + dice.between(3, 9);
        let declined = number > 3 && !waits && dice.chance(4);
        if declined {
            self.at(decided, Beat::Decline(number));
        } else if !waits {
            self.at(decided, Beat::Approve(number));
            if dice.chance(60) {
                self.at(decided + 2, Beat::Verify(number));
            }
            if dice.chance(45) {
                self.at(NOW - dice.between(5, 60), Beat::Shortlist(number));
            }
        }
        self.backers.push(Backer { username, company, from: decided + 1, active: !waits && !declined });
    }

    fn add_drive(&mut self, number: usize) {
        let mut dice = Dice::of(self.seed, "drive", number);
        let who: Vec<usize> =
            (0..self.backers.len()).filter(|at| self.backers.get(*at).is_some_and(|backer| backer.active)).collect();
        // One in eight is that of the sponsor whom a visitor can sign in as.
        let backer = if number.is_multiple_of(8) { who.first().copied() } else { dice.pick(&who).copied() };
        let Some((at, backer)) = backer.and_then(|at| self.backers.get(at).map(|backer| (at, backer.clone()))) else { return };
        let drafted = dice.between(backer.from + 1, NOW - 20);
        let published = drafted + dice.between(2, 6);
        let first = published / SLOTS + dice.between(0, 4);
        let days = (first, first + dice.between(25, 90));
        let private = dice.chance(10);
        let good = dice.word(backer.company.trade().goods);
        let drive = self.drives.len();
        self.at(drafted, Beat::Draft(drive));
        let mut budget = whole(dice.between(100_000, 900_000));
        // 1 stays a draft, 2 paused, 3 completed early, 4 cancelled, 5 flagged, else by the calendar.
        let fate = dice.weighed(&[(8, 1), (7, 2), (6, 3), (5, 4), (2, 5), (72, 0)]).unwrap_or(0);
        if fate != 1 {
            self.at(published, Beat::Publish(drive));
            let runs_out = (days.1 * SLOTS).min(NOW);
            let until = match fate {
                2 if runs_out == NOW => (NOW - dice.between(2, 30)).max(published + 2),
                3 | 4 => (published + dice.between(60, 200)).min(runs_out - 2),
                5 => (NOW - dice.between(2, 12)).min(runs_out - 2),
                _ => runs_out,
            };
            let placed = Drive { backer: at, good, private, budget, days };
            let held = self.add_deals(&placed, drive, (published + 1, until), &mut dice);
            budget = whole(held * dice.between(112, 170) / 100).max(100_000);
            self.at(drafted + 1, Beat::Fund(drive));
            match fate {
                2 if runs_out == NOW => self.at(until, Beat::Pause(drive)),
                3 => self.at(until, Beat::Complete(drive)),
                4 => self.at(until, Beat::Cancel(drive)),
                5 => self.at(until, Beat::Flag(drive)),
                _ => {}
            }
        }
        self.drives.push(Drive { backer: at, good, private, budget, days });
    }

    /// Adds the negotiations of a campaign, which takes requests from one slot to another; answers the most that may be held.
    fn add_deals(&mut self, drive: &Drive, number: usize, open: (i64, i64), dice: &mut Dice) -> i64 {
        let (mut held, mut partners) = (0_i64, BTreeSet::new());
        for _ in 0..dice.between(3, 11) {
            let asker = if drive.private || dice.chance(40) { Side::Sponsor } else { Side::Influencer };
            let Some((course, begins)) = place(asker, open, dice) else { continue };
            let wanted = drive.backer == 0 && dice.chance(30);
            let Some(creator) = self.partner(drive, begins, wanted, dice).filter(|creator| partners.insert(*creator)) else {
                continue;
            };
            let price = self.creators.get(creator).map_or(STEP, |creator| creator.price);
            let amount = whole(price * dice.between(80, 130) / 100);
            let accepted = begins + course.negotiated();
            let due = (accepted / SLOTS + course.due_in).min(drive.days.1 + 30);
            let pieces = dice.between(1, 3);
            let deal = self.deals.len();
            let mut slot = begins;
            for (gap, step) in course.moves {
                slot += gap;
                self.at(slot, Beat::Deal(deal, step));
                // Whatever both sides say, no offer is more than a third above the first.
                held += if matches!(step, Move::Accept(_)) { amount * 4 / 3 } else { 0 };
            }
            self.deals.push(Deal { drive: number, creator, asker, amount, due, pieces });
        }
        held
    }

    /// Somebody to deal with who is there already, if possible with something in common.
    fn partner(&self, drive: &Drive, begins: i64, wanted: bool, dice: &mut Dice) -> Option<usize> {
        let there = |at: &usize| self.creators.get(*at).is_some_and(|creator| creator.complete && creator.from < begins);
        if wanted && there(&0) {
            return Some(0);
        }
        let niches = self.backers.get(drive.backer)?.company.trade().niches;
        let last = i64::try_from(self.creators.len()).ok()? - 1;
        let tried: Vec<usize> = (0..12).filter_map(|_| usize::try_from(dice.between(0, last)).ok()).filter(there).collect();
        let alike = |at: &&usize| {
            self.creators.get(**at).is_some_and(|creator| creator.niches.iter().any(|niche| niches.contains(niche)))
        };
        tried.iter().find(alike).or(tried.first()).copied()
    }

    /// What happens beside the business: reports of abuse, and what follows.
    fn add_incidents(&mut self) {
        let dealing: BTreeSet<usize> = self.deals.iter().map(|deal| deal.creator).collect();
        let idle: Vec<usize> = (1..self.creators.len()).filter(|at| !dealing.contains(at)).collect();
        let active: Vec<usize> =
            (0..self.backers.len()).filter(|at| self.backers.get(*at).is_some_and(|backer| backer.active)).collect();
        for number in 0..self.creators.len().div_ceil(40) {
            let mut dice = Dice::of(self.seed, "incident", number);
            let (Some(backer), Some(creator)) = (dice.pick(&active).copied(), dice.pick(&idle).copied()) else { return };
            let from = self
                .backers
                .get(backer)
                .map_or(0, |backer| backer.from)
                .max(self.creators.get(creator).map_or(0, |one| one.from));
            let slot = dice.between(from + 1, NOW - 2);
            // One in three is still to be looked at.
            self.at(slot, Beat::Report { backer, creator, settled: !number.is_multiple_of(3) });
        }
        for number in 0..idle.len() / 25 {
            // After everything else that may happen to somebody idle.
            idle.get(number * 25).into_iter().for_each(|creator| self.at(NOW - 1, Beat::Suspend(*creator)));
        }
    }
}

/// Finds a course and the slot where it begins, so that it fits into the time in which the campaign takes requests.
fn place(asker: Side, open: (i64, i64), dice: &mut Dice) -> Option<(Course, i64)> {
    (0..6).find_map(|_| {
        let course = course(outcome(dice), asker, dice);
        let latest = (open.1 - 1 - course.negotiated()).min(NOW - 1 - course.length() - course.ago.0);
        let earliest = open.0.max(NOW.saturating_sub(course.ago.1).saturating_sub(course.length()));
        (earliest <= latest).then(|| {
            let begins = dice.between(earliest, latest);
            (course, begins)
        })
    })
}

/// A user name that nobody has yet.
fn free(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let short: String = wanted.chars().take(26).collect();
    let names = std::iter::once(short.clone()).chain((2..).map(|number| format!("{short}{number}")));
    let free = names.into_iter().find(|name| !taken.contains(name)).unwrap_or(short);
    taken.insert(free.clone());
    free
}

/// Rounded to what people write.
fn whole(amount: i64) -> i64 {
    (amount / STEP).max(1) * STEP
}
