//! How often somebody may do something in a day, or how many of something they may have: counted in one record each, so that
//! the bound is exact however many requests come at once.
//!
//! **Not here**: tries at passwords and links, which are counted by address too (`session`); rates of requests (the web's).

use crate::{
    Error, Result,
    id::AccountId,
    store::{Key, keys::Table, record::Record},
    tx::Tx,
    value::seconds_until_tomorrow,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bounded {
    /// Applications and invitations made, in a day.
    Requests,
    /// Messages written, in a day.
    Messages,
    /// Threads opened with influencers one never dealt with, in a day.
    NewThreads,
    /// Abuse reports made, in a day.
    AbuseReports,
    /// Shortlists there are.
    Shortlists,
    /// Exports asked for, in a day.
    Exports,
    /// Messages sent to one's chat to try it, in a day.
    ChatTests,
}

impl Bounded {
    /// All of them.
    #[cfg(test)]
    const ALL: [Self; 7] =
        [Self::Requests, Self::Messages, Self::NewThreads, Self::AbuseReports, Self::Shortlists, Self::Exports, Self::ChatTests];

    /// The word it is kept under.
    const fn word(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Messages => "messages",
            Self::NewThreads => "new_threads",
            Self::AbuseReports => "abuse_reports",
            Self::Shortlists => "shortlists",
            Self::Exports => "exports",
            Self::ChatTests => "chat_tests",
        }
    }

    /// What is said when a day's bound is reached.
    const fn sentence(self) -> &'static str {
        match self {
            Self::Requests => "You have asked as often today as one may in a day. Please go on tomorrow.",
            Self::Messages => "You have written as many messages today as one may in a day.",
            Self::NewThreads => "You have written to as many new influencers today as one may in a day.",
            Self::AbuseReports => "You have reported as much today as one may in a day.",
            Self::Shortlists => "You have as many shortlists as one may have. Please remove one first.",
            Self::Exports => "You have asked for as many exports today as one may in a day.",
            Self::ChatTests => "You have tried your chat as often today as one may in a day.",
        }
    }
}

/// How much of something an account has used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Allowance {
    account: AccountId,
    of: Bounded,
    /// On which day, for what is bounded by the day.
    day: Option<Date>,
    used: u32,
}

impl Allowance {
    fn at(account: AccountId, of: Bounded) -> Key {
        Table::Allowance.start().id(account).word(of.word()).key()
    }
}

impl Record for Allowance {
    const TABLE: Table = Table::Allowance;

    fn key(&self) -> Key {
        Self::at(self.account, self.of)
    }
}

/// Uses one of `most` for today, or refuses until tomorrow.
pub(crate) async fn use_today(tx: &mut Tx<'_>, account: AccountId, of: Bounded, most: u32) -> Result<()> {
    let zone = tx.settings().time_zone.clone();
    let now = tx.now();
    let today = now.to_zoned(zone.clone()).date();
    let earlier: Option<Allowance> = tx.get_at(Allowance::at(account, of)).await?;
    let used = earlier.filter(|earlier| earlier.day == Some(today)).map_or(0, |earlier| earlier.used);
    if used >= most {
        return Err(Error::TooOften { why: of.sentence().to_owned(), retry_after: seconds_until_tomorrow(now, &zone) });
    }
    tx.put(&Allowance { account, of, day: Some(today), used: used.saturating_add(1) })
}

/// Takes one of the `most` there may be.
pub(crate) async fn take(tx: &mut Tx<'_>, account: AccountId, of: Bounded, most: u32) -> Result<()> {
    let used = tx.get_at::<Allowance>(Allowance::at(account, of)).await?.map_or(0, |earlier| earlier.used);
    if used >= most {
        return Err(Error::not_now("too_many", of.sentence()));
    }
    tx.put(&Allowance { account, of, day: None, used: used.saturating_add(1) })
}

/// Gives one back.
pub(crate) async fn give_back(tx: &mut Tx<'_>, account: AccountId, of: Bounded) -> Result<()> {
    let used = tx.get_at::<Allowance>(Allowance::at(account, of)).await?.map_or(0, |earlier| earlier.used);
    tx.put(&Allowance { account, of, day: None, used: used.saturating_sub(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_kept_under_the_word_it_is_written_as() {
        for bounded in Bounded::ALL {
            assert_eq!(serde_json::to_value(bounded).unwrap(), bounded.word());
        }
    }
}
