//! How long writers wait while a backup is taken every two seconds, beside how long they wait without; and how quick a backup is
//! and its way back.
//!
//! `cargo bench -p benches --bench backup`. The store has 200,000 keys; eight writers send messages, each waiting for the
//! acknowledgement of the one before.

use benches::{account, admin, platform};
use iescp_core::{
    Actor, Platform,
    backup::{Manifest, Reader, Target, Writer, pour, take},
    blob::MemoryBlobs,
    id::AccountId,
    message::SendMessage,
    store::{Batch, Key, SledOptions, SledStore, Store, Write},
};
use std::{
    error::Error,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep};

const WRITERS: usize = 8;
const TIME: Duration = Duration::from_secs(20);
const EVERY: Duration = Duration::from_secs(2);
const KEYS: u32 = 200_000;

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let store: Arc<dyn Store> = Arc::new(SledStore::open(directory.path().join("store"), SledOptions::default())?);
    fill(store.as_ref()).await?;
    let platform = platform(store)?;
    let admin = admin(&platform).await?;
    let mut pairs = Vec::new();
    for at in 0..WRITERS {
        let sponsor = account(&platform, admin, "sponsor", &format!("sponsor-{at}")).await?;
        pairs.push((sponsor, account(&platform, admin, "influencer", &format!("influencer-{at}")).await?));
    }
    waits(&platform, &pairs, Duration::from_secs(3)).await?;

    // One beside the other, twice: the machine may be busier at one time than at another.
    let (mut without, mut with, mut backups) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 {
        without.extend(waits(&platform, &pairs, TIME / 2).await?);
        let until = Instant::now() + TIME / 2;
        let (waited, taken) =
            tokio::join!(waits(&platform, &pairs, TIME / 2), again_and_again(&platform, directory.path(), until));
        with.extend(waited?);
        backups.extend(taken?);
    }
    let (p99_without, p99_with) = (percentile(&mut without, 99), percentile(&mut with, 99));
    println!(
        "without backups  {:>6} writes  p50 {:>10.2?}  p99 {p99_without:>10.2?}",
        without.len(),
        percentile(&mut without, 50)
    );
    println!("with backups     {:>6} writes  p50 {:>10.2?}  p99 {p99_with:>10.2?}", with.len(), percentile(&mut with, 50));
    println!("p99 with / without: {:.2}", p99_with.as_secs_f64() / p99_without.as_secs_f64().max(f64::MIN_POSITIVE));
    let (last, longest) = (backups.last().ok_or("no backup was taken")?, backups.iter().map(|(_, took)| *took).max());
    let Manifest { bytes, counts, .. } = &last.0;
    println!(
        "{} backups, the last of {} keys with {} changes meanwhile, {bytes} bytes; the longest took {:.2?}",
        backups.len(),
        counts.keys,
        counts.changes,
        longest.unwrap_or_default()
    );

    let begun = Instant::now();
    let back = SledStore::open(directory.path().join("back"), SledOptions { kept_commits: 1, ..SledOptions::default() })?;
    let reader = Reader::open(&directory.path().join("backup"))?;
    pour(reader, &back, &MemoryBlobs::new(), &mut |_, _| Ok(()), &mut |_| {}).await?;
    println!("brought back in {:.2?}", begun.elapsed());
    Ok(())
}

/// Keys of other tables than the platform's.
async fn fill(store: &dyn Store) -> Result<(), Box<dyn Error>> {
    for some in (0..KEYS).collect::<Vec<_>>().chunks(500) {
        let put = |number: &u32| {
            let value = format!("{{\"number\":{number},\"text\":\"{}\"}}", "what people write ".repeat(15));
            Write::Put(Key([&[200], number.to_be_bytes().as_slice()].concat()), value.into_bytes())
        };
        store.commit(Batch { writes: some.iter().map(put).collect(), ..Batch::default() }).await?;
    }
    Ok(())
}

/// Lets everybody write for a while; how long each write took.
async fn waits(platform: &Platform, pairs: &[(AccountId, AccountId)], time: Duration) -> Result<Vec<Duration>, Box<dyn Error>> {
    let until = Instant::now() + time;
    let mut writers = JoinSet::new();
    for (sponsor, influencer) in pairs.iter().copied() {
        let platform = platform.clone();
        writers.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < until {
                let begun = Instant::now();
                let text = "Would you show our shoes in the next of your films?".to_owned();
                platform.run(&Actor::account(sponsor), SendMessage { to: influencer, text }).await?;
                took.push(begun.elapsed());
            }
            Ok::<_, iescp_core::Error>(took)
        });
    }
    let mut all = Vec::new();
    while let Some(took) = writers.join_next().await {
        all.extend(took??);
    }
    Ok(all)
}

/// Takes a backup, and another two seconds after that began, until it is time.
async fn again_and_again(
    platform: &Platform,
    directory: &Path,
    until: Instant,
) -> Result<Vec<(Manifest, Duration)>, Box<dyn Error>> {
    let mut taken = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        let mut writer = Writer::begin(Target::begin(&directory.join("backup"), true)?);
        let moment = take(platform, &mut writer, &mut |_| {}).await?;
        let manifest = writer.finish(moment, platform.clock().now()).await?;
        taken.push((manifest, begun.elapsed()));
        sleep(EVERY.saturating_sub(begun.elapsed())).await;
    }
    Ok(taken)
}

/// The time within which so many of a hundred were done.
fn percentile(took: &mut [Duration], of_a_hundred: usize) -> Duration {
    took.sort_unstable();
    took.get(took.len() * of_a_hundred / 100).or(took.last()).copied().unwrap_or_default()
}
