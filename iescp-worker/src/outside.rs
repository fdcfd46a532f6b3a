//! Asking servers elsewhere, at addresses that people gave: through a guard, so that nobody can send this server to places that
//! only it can reach (S-48).
//!
//! An address is taken apart and refused unless it is `https`, on the usual port, without a password in it. Its name is looked
//! up, and every address found must be one of the whole internet's ([`address`]); the connection goes to an address that was
//! checked, never to the name again. Each redirect is a new address. All of it has an end: in time, bytes and redirects.
//!
//! - `url` reads addresses, [`address`] tells which are everybody's, `exchange` asks once, [`Outside`] follows redirects.
//!
//! **Not here**: what is asked for, and what is done with the answer.

pub mod address;
mod exchange;
mod roads;
#[cfg(test)]
mod tests;
mod url;

pub use roads::{Connection, Roads, SystemRoads, Way};

use exchange::Encryption;
use hyper::{Method, StatusCode, header::LOCATION};
use std::{fmt, sync::Arc, time::Duration};
use url::Target;

pub use hyper::{HeaderMap, header};

/// What may be asked for, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether `http` is taken as well: in tests only.
    pub plain: bool,
    /// How long all of it may take.
    pub time: Duration,
    /// How many redirects are followed; each is checked like the first address.
    pub redirects: usize,
    /// The most bytes of an answer.
    pub bytes: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self { plain: false, time: Duration::from_secs(10), redirects: 5, bytes: 2 * 1024 * 1024 }
    }
}

/// Why an address was not asked, or gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It is no address that may be asked; the sentence says why.
    NotAllowed(&'static str),
    /// Its name leads nowhere, or to a place that is not everybody's. Which of the two is told to nobody.
    NotThere,
    /// Nobody answered there, or not as HTTP says.
    Failed(String),
    /// It was not answered in time.
    TooLate,
    /// The answer is larger than it may be.
    TooLarge,
    /// It leads on and on.
    TooManyRedirects,
    /// The answer is a refusal.
    Refused(u16),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed(why) => f.write_str(why),
            Self::NotThere => f.write_str("There is nothing on the internet at this address."),
            Self::Failed(_) => f.write_str("The server at this address did not answer as it should."),
            Self::TooLate => f.write_str("The server at this address took too long to answer."),
            Self::TooLarge => f.write_str("What is at this address is too large."),
            Self::TooManyRedirects => f.write_str("This address leads to another one too often."),
            Self::Refused(status) => write!(f, "The server at this address refused: it answered {status}."),
        }
    }
}

impl std::error::Error for NoAnswer {}

/// What is asked of a server, besides its address.
#[derive(Clone, Debug)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// Headers; those that belong to the connection are added.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Vec<u8>,
}

/// Asks servers elsewhere. Cheap to clone.
#[derive(Clone)]
pub struct Outside {
    roads: Arc<dyn Roads>,
    encryption: Encryption,
    rules: Rules,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Outside {
    /// Over the system's own network.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self::over(Arc::new(SystemRoads), rules)
    }

    /// Over other roads: in tests.
    #[must_use]
    pub fn over(roads: Arc<dyn Roads>, rules: Rules) -> Self {
        Self { roads, encryption: Encryption::new(), rules }
    }

    /// The same, but what should be encrypted is not: for tests whose servers speak no TLS.
    #[cfg(test)]
    pub(crate) fn unencrypted(self) -> Self {
        Self { encryption: Encryption::LeftOut, ..self }
    }

    /// Fetches what is at an address, following redirects.
    ///
    /// # Errors
    /// Whatever stands in the way, as a sentence for whoever gave the address.
    pub async fn fetch(&self, address: &str, headers: HeaderMap) -> Result<Vec<u8>, NoAnswer> {
        let asked = Asked { method: Method::GET, headers, body: Vec::new() };
        in_time(self.rules.time, self.follow(address, &asked)).await
    }

    /// Asks a server once, and follows nowhere. A status that refuses is an answer like any other.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn ask(&self, address: &str, asked: &Asked) -> Result<Answer, NoAnswer> {
        in_time(self.rules.time, async { self.exchange(&Target::parse(address, self.rules.plain)?, asked).await }).await
    }

    async fn follow(&self, address: &str, asked: &Asked) -> Result<Vec<u8>, NoAnswer> {
        let mut target = Target::parse(address, self.rules.plain)?;
        for _ in 0..=self.rules.redirects {
            let answer = self.exchange(&target, asked).await?;
            if answer.status == StatusCode::OK {
                return Ok(answer.body);
            }
            let next = answer.headers.get(LOCATION).filter(|_| answer.status.is_redirection());
            let next = next.and_then(|next| next.to_str().ok()).ok_or(NoAnswer::Refused(answer.status.as_u16()))?;
            target = target.leads_to(next, self.rules.plain)?;
        }
        Err(NoAnswer::TooManyRedirects)
    }

    async fn exchange(&self, target: &Target, asked: &Asked) -> Result<Answer, NoAnswer> {
        let connection = roads::reach(self.roads.as_ref(), target).await?;
        exchange::once(connection, &self.encryption, target, asked, self.rules.bytes).await
    }
}

async fn in_time<T>(time: Duration, asking: impl Future<Output = Result<T, NoAnswer>>) -> Result<T, NoAnswer> {
    tokio::time::timeout(time, asking).await.unwrap_or(Err(NoAnswer::TooLate))
}
