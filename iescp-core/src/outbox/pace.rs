//! How many mails somebody gets in an hour: whoever is told much is told it little by little, and nothing is lost.
//!
//! **Not here**: what waits, and for how long (the worker's queue).

use crate::{
    Operation, Result, Tx,
    policy::{Action, Subject},
    session::attempts::Bucket,
    value::Email,
};

/// Takes one of the mails that an address gets in an hour: the worker's, before it sends a mail that can wait.
///
/// [`Error::TooOften`](crate::Error::TooOften) says after how long there is one again. Half of an hour's mails go out at once, the
/// others evenly, so that no hour, wherever it begins, sees more than all of them.
#[derive(Clone, Debug)]
pub struct PaceMail {
    /// The address.
    pub to: Email,
}

impl Operation for PaceMail {
    type Output = ();
    const ACTION: Action = Action::PaceMail;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        Bucket::mails_to(tx, &self.to.folded()).take(tx).await?;
        tx.quietly();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Actor, Error, Settings,
        fixture::{Market, code},
    };
    use jiff::SignedDuration;

    #[tokio::test]
    async fn nobody_gets_more_mails_in_any_hour_than_they_should() {
        let mut settings = Settings::default();
        settings.caps.mails_to = 10;
        let market = Market::with(settings);
        let take =
            async |to: &str| market.platform.run(&Actor::system("letters"), PaceMail { to: Email::parse(to).unwrap() }).await;
        let mut at = Vec::new();
        for minute in 0..240_i64 {
            while take("Ada@example.com").await.is_ok() {
                at.push(minute);
            }
            assert!(take("bob@example.com").await.is_ok() || minute > 0, "others are not held up");
            market.clock.advance(SignedDuration::from_mins(1));
        }
        for begins in 0..180 {
            let within = at.iter().filter(|minute| (begins..begins + 60).contains(*minute)).count();
            assert!(within <= 10, "{within} within the hour from minute {begins}");
        }
        assert!(at.len() >= 20, "{} in four hours: what waits goes on", at.len());
        while take("ada@example.com").await.is_ok() {}
        let Err(Error::TooOften { retry_after, .. }) = take("ada@example.com").await else { panic!("there is room") };
        market.clock.advance(SignedDuration::from_secs(retry_after.try_into().unwrap()));
        assert_eq!(code(take("ada@example.com").await), "done", "it was told when there is room again");
    }
}
