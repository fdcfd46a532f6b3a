//! Walks the chain and says where it is broken.

use super::seal::{Seal, event_hash};
use crate::{
    Error, Operation, Result,
    event::Event,
    policy::{Action, Subject},
    store::{Found, Key, Read, Scan, Store, keys::Table, record::decode},
    tx::Tx,
};
use serde::{Deserialize, Serialize};

/// How many seals are walked in one step.
const AT_ONCE: usize = 500;

/// Verifies a stretch of the chain: at most 500 seals.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VerifyAudit {
    /// Begin after this seal; zero for the first.
    pub after: u64,
}

/// What was found in a stretch of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// How many seals are whole.
    pub seals: u64,
    /// Where to go on; nothing at the end of the chain or where it is broken.
    pub next: Option<u64>,
    /// Where the chain is broken first.
    pub broken: Option<Break>,
}

/// Where the chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The number of the seal.
    pub number: u64,
    /// What is wrong there, as a sentence.
    pub why: String,
}

impl Operation for VerifyAudit {
    type Output = Verified;
    const ACTION: Action = Action::VerifyAudit;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Verified> {
        tx.allow(&Subject::PLATFORM)?;
        verify_page(tx.platform().store().as_ref(), self.after).await
    }
}

/// Verifies the seals after this one.
pub(crate) async fn verify_page(store: &dyn Store, after: u64) -> Result<Verified> {
    let stretch = Scan { from: Seal::at(after.saturating_add(1)), limit: AT_ONCE, ..Table::Seal.all() };
    let mut found = store.read(vec![Read::Get(Seal::at(after)), Read::Scan(stretch)]).await?.into_iter();
    let (Some(Found::One(before)), Some(Found::Many(seals))) = (found.next(), found.next()) else {
        return Err(Error::Corrupt("the store answered out of order".into()));
    };
    let mut verified = Verified::default();
    let broken = |number: u64, why: &str| Some(Break { number, why: why.to_owned() });
    let mut previous = match before.map(|stored| decode::<Seal>(&stored.bytes)) {
        Some(Ok(seal)) => seal.hash,
        Some(Err(_)) => return Ok(Verified { broken: broken(after, "This seal is damaged."), ..verified }),
        None if after == 0 => String::new(),
        None => return Ok(Verified { broken: broken(after, "This seal is missing."), ..verified }),
    };
    let reads = seals.iter().map(|(_, stored)| Read::Get(event_of(&stored.bytes))).collect();
    let events = store.read(reads).await?;
    for ((number, (_, stored)), event) in (after.saturating_add(1)..).zip(&seals).zip(&events) {
        let Found::One(event) = event else { return Err(Error::Corrupt("the store answered out of order".into())) };
        let event = event.as_ref().map(|stored| decode::<Event>(&stored.bytes));
        match judge(number, &previous, &stored.bytes, event) {
            Ok(seal) => previous = seal.hash,
            Err(why) => return Ok(Verified { broken: Some(Break { number, why }), ..verified }),
        }
        verified.seals += 1;
    }
    verified.next = (seals.len() == AT_ONCE).then_some(after.saturating_add(verified.seals));
    Ok(verified)
}

fn event_of(seal: &[u8]) -> Key {
    decode::<Seal>(seal).map_or_else(|_| Key::default(), |seal| Event::at(seal.event))
}

/// Whether a seal stands where it should and covers its event.
fn judge(number: u64, previous: &str, bytes: &[u8], event: Option<Result<Event>>) -> std::result::Result<Seal, String> {
    let seal: Seal = decode(bytes).map_err(|_| "This seal is damaged.".to_owned())?;
    if seal.number != number {
        return Err(format!("This seal is missing; the next is number {}.", seal.number));
    }
    if seal.previous != previous {
        return Err("This seal does not follow the one before it.".to_owned());
    }
    if seal.hash != seal.own_hash() {
        return Err("This seal was changed.".to_owned());
    }
    let event = match event {
        None => return Err(format!("The event {} is missing.", seal.event)),
        Some(Err(_)) => return Err(format!("The event {} is damaged.", seal.event)),
        Some(Ok(event)) => event,
    };
    if event_hash(&event).is_ok_and(|hash| hash == seal.event_hash) {
        if event.personal.as_ref().is_some_and(|personal| Some(personal.hash()) != event.personal_hash) {
            return Err(format!("What is personal in the event {} was changed.", event.id));
        }
        return Ok(seal);
    }
    Err(format!("The event {} was changed after it was sealed.", seal.event))
}
