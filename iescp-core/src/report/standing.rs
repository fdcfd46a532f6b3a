//! Figures of an account that nobody can buy, as everyone sees them on its profile.

use crate::{
    Operation, Result, account::Account, collaboration::Review, id::AccountId, policy::Action, store::keys::tally, tx::Tx,
};
use serde::{Deserialize, Serialize};

/// What an account has done so far, as everyone sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Published ratings, on average and in hundredths: 450 is four and a half; nothing if there are none.
    pub rating: Option<u32>,
    /// How many published ratings there are.
    pub ratings: i64,
    /// Seconds until an offer is answered, on average; nothing if none ever was.
    pub answers_within: Option<i64>,
    /// An influencer's collaborations in which work was handed in.
    pub delivered: i64,
    /// Those of them in which it was on time.
    pub delivered_on_time: i64,
    /// Collaborations an influencer stepped down from.
    pub stepped_down: i64,
    /// Collaborations that were cancelled because what was awaited was never handed in.
    pub never_delivered: i64,
}

impl Standing {
    /// Reads an account's, in one round trip.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of(tx: &mut Tx<'_>, account: AccountId) -> Result<Self> {
        let figure = |name: &str| tally(name).id(account).key();
        let keys = vec![
            Review::rating_sum(account),
            Review::rating_count(account),
            figure("answers"),
            figure("answer-seconds"),
            figure("delivered"),
            figure("delivered-on-time"),
            figure("stepped-down"),
            figure("never-delivered"),
        ];
        let mut values = tx.counters(keys).await?.into_iter();
        let mut next = || values.next().unwrap_or_default();
        let (sum, ratings, answers, seconds) = (next(), next(), next(), next());
        Ok(Self {
            rating: sum.saturating_mul(100).checked_div(ratings).and_then(|mean| u32::try_from(mean).ok()),
            ratings,
            answers_within: seconds.checked_div(answers),
            delivered: next(),
            delivered_on_time: next(),
            stepped_down: next(),
            never_delivered: next(),
        })
    }
}

/// Shows an account's standing to whoever can see its profile.
#[derive(Clone, Copy, Debug)]
pub struct ViewStanding {
    /// Whose.
    pub account: AccountId,
}

impl Operation for ViewStanding {
    type Output = Standing;
    const ACTION: Action = Action::ViewStanding;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Standing> {
        let account: Option<Account> = tx.peek_at(Account::at(self.account)).await?;
        let Some(account) = account else { return tx.allow_missing() };
        let subject = account.profile_subject();
        tx.allow(&subject)?;
        Standing::of(tx, account.id).await
    }
}
