//! Durable operations through `Platform::run` at 64 concurrent callers, beside what the bare committer does with batches of
//! the same size in the same store.
//!
//! `cargo bench -p benches --bench operations`

use benches::{account, admin, campaign_input, per_second, platform};
use iescp_core::{
    Actor,
    campaign::DraftCampaign,
    message::SendMessage,
    store::{Batch, Change, Expect, Key, SledOptions, SledStore, Store, Write},
};
use std::{error::Error, future::Future, sync::Arc, time::Duration};
use uuid::Uuid;

const CALLERS: usize = 64;
const TIME: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let store: Arc<dyn Store> = Arc::new(SledStore::open(directory.path(), SledOptions::default())?);
    let platform = platform(Arc::clone(&store))?;
    let admin = admin(&platform).await?;
    let mut pairs = Vec::new();
    for at in 0..CALLERS {
        let sponsor = account(&platform, admin, "sponsor", &format!("sponsor-{at}")).await?;
        pairs.push((sponsor, account(&platform, admin, "influencer", &format!("influencer-{at}")).await?));
    }
    let pairs = Arc::new(pairs);

    let one = pairs.first().copied().ok_or("nobody is there")?;
    platform.run(&Actor::account(one.0), DraftCampaign { input: campaign_input("One") }).await?;
    compare("DraftCampaign", &store, {
        let (platform, pairs) = (platform.clone(), Arc::clone(&pairs));
        move |caller, number| {
            let (platform, sponsor) = (platform.clone(), pairs.get(caller).map(|pair| pair.0));
            async move {
                let Some(sponsor) = sponsor else { return };
                let input = campaign_input(&format!("Campaign {caller}-{number}"));
                if let Err(error) = platform.run(&Actor::account(sponsor), DraftCampaign { input }).await {
                    eprintln!("refused: {error}");
                }
            }
        }
    })
    .await?;

    compare("SendMessage", &store, {
        let (platform, pairs) = (platform.clone(), Arc::clone(&pairs));
        move |caller, number| {
            let (platform, pair) = (platform.clone(), pairs.get(caller).copied());
            async move {
                let Some((sponsor, influencer)) = pair else { return };
                let text = format!("Would you show our shoes in the next of your films, for the {number}th time?");
                if let Err(error) = platform.run(&Actor::account(sponsor), SendMessage { to: influencer, text }).await {
                    eprintln!("refused: {error}");
                }
            }
        }
    })
    .await?;
    Ok(())
}

/// Measures an operation, then batches of the size of the last one it landed.
async fn compare<F>(name: &str, store: &Arc<dyn Store>, work: impl Fn(usize, u64) -> F) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = ()> + Send + 'static,
{
    let operations = per_second(CALLERS, TIME, work).await;
    let last = store.changes(store.latest().saturating_sub(1), 1).await?.pop().ok_or("nothing landed")?;
    let bytes: usize = last.writes.iter().map(|(key, value)| key.0.len() + value.as_ref().map_or(0, Vec::len)).sum();
    let writes = last.writes.len();
    let last = Arc::new(last);
    let bare = per_second(CALLERS, TIME, {
        let store = Arc::clone(store);
        move |_, _| {
            let (store, last) = (Arc::clone(&store), Arc::clone(&last));
            async move {
                if let Err(error) = store.commit(like(&last)).await {
                    eprintln!("refused: {error}");
                }
            }
        }
    })
    .await;
    println!(
        "{name}: {operations:.0}/s through Platform::run, {bare:.0}/s by the bare committer ({writes} writes, {bytes} bytes a batch)"
    );
    println!("  ratio {:.2} (at least 0.50 is wanted)", operations / bare);
    Ok(())
}

/// A batch of the same number and sizes of writes, at keys of its own, each expected absent.
fn like(change: &Change) -> Batch {
    let mut batch = Batch { id: Some(Uuid::now_v7()), ..Batch::default() };
    let unique = Uuid::now_v7();
    for (number, (key, value)) in (0_u32..).zip(&change.writes) {
        let mut fresh = vec![250];
        fresh.extend_from_slice(unique.as_bytes());
        fresh.extend_from_slice(&number.to_be_bytes());
        fresh.resize(key.0.len().max(fresh.len()), 0);
        let fresh = Key(fresh);
        batch.expect.push(Expect::Absent(fresh.clone()));
        batch.writes.push(Write::Put(fresh, value.clone().unwrap_or_default()));
    }
    batch
}
