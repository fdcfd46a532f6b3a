//! Removing what has expired and nobody needs any more: sessions, tokens, links, answers that were remembered,
//! buckets of attempts that are empty again.

use crate::{
    Error, Operation, Result, Tx,
    account::Link,
    once::Remembered,
    policy::{Action, Subject},
    session::{Session, Token, attempts::Attempts},
    store::{Key, record::Record},
};
use uuid::Uuid;

/// Removes one thing that has expired: the worker's.
#[derive(Clone, Debug)]
pub(crate) struct Tidy {
    pub what: String,
    pub id: Uuid,
}

impl Operation for Tidy {
    type Output = ();
    const ACTION: Action = Action::CleanUp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let now = tx.now();
        match self.what.as_str() {
            "session" => remove(tx, Session::at(self.id.into()), |session: &Session| now >= session.expires_at).await,
            "token" => remove(tx, Token::at(self.id.into()), |token: &Token| now >= token.expires_at).await,
            "link" => remove(tx, Link::at(self.id.into()), |link: &Link| now >= link.expires_at).await,
            "attempts" => remove(tx, Attempts::at(self.id), |attempts: &Attempts| now >= attempts.until).await,
            "remembered" => remove(tx, Remembered::at(self.id), |answer: &Remembered| now >= answer.expires_at).await,
            other => Err(Error::Corrupt(format!("nobody knows how to tidy “{other}”"))),
        }
    }
}

async fn remove<R: Record>(tx: &mut Tx<'_>, key: Key, is_over: impl Fn(&R) -> bool) -> Result<()> {
    match tx.get_at::<R>(key).await? {
        Some(record) if is_over(&record) => tx.remove(&record),
        _ => Ok(()),
    }
}
