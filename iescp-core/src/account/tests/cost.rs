//! S-07: what is asked about an address or a name costs the same, read by read and byte by byte, whether somebody has it or not.

use super::stage::{PASSWORD, Stage};
use crate::{
    Actor, Platform,
    account::{ChangeEmail, ForgotPassword, SendVerification},
    store::{Batch, Change, Found, MemoryStore, Pending, Read, Store, StoreError, Write},
};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A store that notes what it is asked for.
struct Weighed {
    inner: MemoryStore,
    bill: Bill,
}

type Bill = Arc<Mutex<Vec<String>>>;

fn weight(write: &Write) -> String {
    match write {
        Write::Put(key, bytes) => format!("put {} {} {}", key.0[0], key.0.len(), bytes.len()),
        Write::Delete(key) => format!("delete {} {}", key.0[0], key.0.len()),
        Write::Add(add) => format!("add {} {}", add.key.0[0], add.key.0.len()),
    }
}

impl Store for Weighed {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        let kinds: Vec<String> = reads
            .iter()
            .map(|read| match read {
                Read::Get(key) => format!("get {} {}", key.0[0], key.0.len()),
                Read::Scan(scan) => format!("scan {} {} {}", scan.from.0[0], scan.from.0.len(), scan.limit),
            })
            .collect();
        self.bill.lock().unwrap().push(format!("read {kinds:?}"));
        self.inner.read(reads)
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        let mut writes: Vec<String> = batch.writes.iter().map(weight).collect();
        writes.sort();
        self.bill.lock().unwrap().push(format!("commit {} {writes:?}", batch.expect.len()));
        self.inner.commit(batch)
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        self.inner.changes(after, limit)
    }

    fn latest(&self) -> u64 {
        self.inner.latest()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner.watch()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.inner.health()
    }
}

/// A stage on which lena has proven her address, and its bill.
async fn weighed() -> (Stage, Bill) {
    let stage = Stage::new();
    let bill = Bill::default();
    let store = Weighed { inner: MemoryStore::new(), bill: bill.clone() };
    let platform = Platform::builder(store).clock(stage.clock.clone()).settings(stage.platform.settings().clone());
    let stage = Stage { platform: platform.open().unwrap(), clock: stage.clock };
    stage.influencer("lena").await;
    stage.verify_newest().await;
    a_day_passes(&stage).await;
    (stage, bill)
}

/// Long enough that nobody's letters of before count any more, and what counted them is tidied away.
async fn a_day_passes(stage: &Stage) {
    stage.minutes_pass(24 * 60);
    assert_eq!(crate::run_due(&stage.platform, 1000).await.unwrap().failed, []);
}

fn taken(bill: &Bill) -> Vec<String> {
    std::mem::take(&mut bill.lock().unwrap())
}

#[tokio::test]
async fn asking_for_a_reset_costs_the_same_for_any_address_and_is_one_letter() {
    let (stage, bill) = weighed().await;
    stage.register("influencer", "mole").await;
    a_day_passes(&stage).await;
    let mut bills = Vec::new();
    for address in ["lena@example.com", "mole@example.com", "none@example.com"] {
        let letters = stage.letters().await.len();
        taken(&bill);
        stage.platform.run(&Actor::visitor(), ForgotPassword { email: address.into() }).await.unwrap();
        bills.push(taken(&bill));
        assert_eq!(stage.letters().await.len(), letters + 1);
    }
    assert_eq!(bills[0], bills[1]);
    assert_eq!(bills[0], bills[2]);
    assert_eq!(bills[0].iter().filter(|row| row.starts_with("commit")).count(), 1);
}

#[tokio::test]
async fn registering_and_asking_for_a_proof_cost_the_same_for_any_address() {
    let (stage, bill) = weighed().await;
    let mut bills = Vec::new();
    for (name, address) in [("mole", "lena@example.com"), ("newt", "newt@example.com")] {
        let letters = stage.letters().await.len();
        taken(&bill);
        stage.try_register("influencer", name, address).await.unwrap();
        let registered = taken(&bill);
        assert_eq!(stage.letters().await.len(), letters + 1);
        let somebody = stage.session(name).await;
        taken(&bill);
        stage.platform.run(&somebody, SendVerification).await.unwrap();
        let sent_again = taken(&bill);
        stage.platform.run(&somebody, ChangeEmail { email: address.replace(".com", ".org") }).await.unwrap();
        assert_eq!(stage.letters().await.len(), letters + 3);
        bills.push((registered, sent_again));
    }
    assert_eq!(bills[0], bills[1]);
}

#[tokio::test]
async fn a_wrong_guess_costs_the_same_whether_there_is_such_a_name() {
    let (stage, bill) = weighed().await;
    assert!(stage.try_sign_in(&Actor::visitor(), "the first of the day", "wrong").await.is_err());
    for logins in [["lena", "none"], ["lena@example.com", "none@example.com"]] {
        let mut bills = Vec::new();
        for login in logins {
            taken(&bill);
            let wrong = stage.try_sign_in(&Actor::visitor(), login, &PASSWORD.to_uppercase()).await;
            assert!(wrong.is_err());
            bills.push(taken(&bill));
        }
        assert_eq!(bills[0], bills[1]);
    }
}
