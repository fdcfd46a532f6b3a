//! The platform's figures, now and on the days before.

use crate::{
    Likely, Operation, Result,
    account::{AccountState, Role},
    campaign::{CampaignState, Visibility},
    collaboration::CollaborationState,
    moderation::AbuseState,
    policy::{Action, Subject},
    request::RequestState,
    store::{
        Key, Read, Scan,
        keys::{Table, tally},
        record::{Record, decode},
    },
    tx::Tx,
    value::Money,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many days of the past are shown when nobody says.
const USUAL_DAYS: u32 = 30;

/// How many days of the past are shown at most.
const MOST_DAYS: u32 = 400;

/// How the platform stands at a moment. Every state has its row, also where there is none in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Accounts by role, then state. Sponsors who wait are `sponsor`, `pending`; flagged accounts are the `suspended`.
    pub accounts: BTreeMap<String, BTreeMap<String, i64>>,
    /// Accounts under review.
    pub accounts_under_review: i64,
    /// Campaigns by state.
    pub campaigns: BTreeMap<String, i64>,
    /// Campaigns by visibility.
    pub campaigns_by_visibility: BTreeMap<String, i64>,
    /// Flagged campaigns.
    pub campaigns_flagged: i64,
    /// Ad requests by state.
    pub requests: BTreeMap<String, i64>,
    /// Collaborations by state.
    pub collaborations: BTreeMap<String, i64>,
    /// Abuse reports by state.
    pub abuse_reports: BTreeMap<String, i64>,
    /// Held for collaborations that have not ended.
    pub money_held: Money,
    /// Paid to influencers, ever.
    pub money_paid: Money,
}

impl Figures {
    /// Where each of them is counted.
    fn places(&mut self) -> Vec<(Key, &mut i64)> {
        let figures = self;
        let mut places: Vec<(Key, &mut i64)> = vec![
            (tally("accounts-under-review").key(), &mut figures.accounts_under_review),
            (tally("campaigns-flagged").key(), &mut figures.campaigns_flagged),
            (tally("money-held").key(), &mut figures.money_held.0),
            (tally("money-paid").key(), &mut figures.money_paid.0),
        ];
        let groups = [
            ("campaigns", CampaignState::ALL.map(CampaignState::word).to_vec(), &mut figures.campaigns),
            (
                "campaigns-visibility",
                [Visibility::Public, Visibility::Private].map(Visibility::word).to_vec(),
                &mut figures.campaigns_by_visibility,
            ),
            ("requests", RequestState::ALL.map(RequestState::word).to_vec(), &mut figures.requests),
            ("collaborations", CollaborationState::ALL.map(CollaborationState::word).to_vec(), &mut figures.collaborations),
            ("abuse-reports", AbuseState::ALL.iter().map(|state| state.word()).collect(), &mut figures.abuse_reports),
        ];
        for (name, words, group) in groups {
            group.extend(words.into_iter().map(|word| (word.to_owned(), 0)));
            places.extend(group.iter_mut().map(|(word, value)| (tally(name).word(word).key(), value)));
        }
        for role in Role::ALL {
            let states = AccountState::ALL.map(|state| (state.word().to_owned(), 0));
            figures.accounts.insert(role.word().to_owned(), states.into());
        }
        for (role, states) in &mut figures.accounts {
            places.extend(states.iter_mut().map(|(state, value)| (tally("accounts").word(role).word(state).key(), value)));
        }
        places
    }

    /// Reads them all in one round trip.
    async fn read(tx: &mut Tx<'_>) -> Result<Self> {
        let mut figures = Self::default();
        let (keys, places): (Vec<Key>, Vec<&mut i64>) = figures.places().into_iter().unzip();
        for (place, value) in places.into_iter().zip(tx.counters(keys).await?) {
            *place = value;
        }
        Ok(figures)
    }
}

/// The figures of one day, as they stood when they were last taken on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyFigures {
    /// The day, in the installation's zone.
    pub day: Date,
    /// When they were taken.
    pub at: Timestamp,
    /// The figures.
    pub figures: Figures,
}

impl DailyFigures {
    /// Where a day's figures are kept.
    #[must_use]
    pub fn at(day: Date) -> Key {
        Table::Figures.start().word(&day.to_string()).key()
    }
}

impl Record for DailyFigures {
    const TABLE: Table = Table::Figures;

    fn key(&self) -> Key {
        Self::at(self.day)
    }
}

/// Keeps today's figures: the worker's, as often as it likes. The last of a day stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct SnapshotStatistics {}

impl Operation for SnapshotStatistics {
    type Output = DailyFigures;
    const ACTION: Action = Action::SnapshotStatistics;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<DailyFigures> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let at = tx.now();
        let day = at.to_zoned(tx.settings().time_zone.clone()).date();
        let _earlier: Option<DailyFigures> = tx.get_at(DailyFigures::at(day)).await?;
        let today = DailyFigures { day, at, figures: Figures::read(tx).await? };
        tx.put(&today)?;
        Ok(today)
    }
}

/// Shows how the platform stands, and how it stood on the days before.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ViewStatistics {
    /// How many days of the past: at most 400; 30 if nobody says.
    pub days: Option<u32>,
}

/// How the platform stands, and how it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Now.
    pub now: Figures,
    /// On the days that are kept, the earliest first.
    pub days: Vec<DailyFigures>,
}

impl ViewStatistics {
    fn kept(&self) -> Scan {
        let limit = self.days.unwrap_or(USUAL_DAYS).min(MOST_DAYS) as usize;
        Scan { limit, descending: true, ..Table::Figures.all() }
    }
}

impl Operation for ViewStatistics {
    type Output = Statistics;
    const ACTION: Action = Action::ViewStatistics;

    fn foresees(&self, _: Likely) -> Vec<Read> {
        let mut figures = Figures::default();
        let keys = figures.places().into_iter().map(|(key, _)| Read::Get(key));
        keys.chain([Read::Scan(self.kept())]).collect()
    }

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Statistics> {
        tx.allow(&Subject::PLATFORM)?;
        let keys: Vec<Key> = Figures::default().places().into_iter().map(|(key, _)| key).collect();
        tx.load_all(&keys, vec![self.kept()]).await?;
        let now = Figures::read(tx).await?;
        let kept = tx.scan(self.kept()).await?;
        let days: Result<Vec<DailyFigures>> = kept.iter().rev().map(|(_, stored)| decode(&stored.bytes)).collect();
        Ok(Statistics { now, days: days? })
    }
}
