//! The store in PostgreSQL: operations and reads through `Platform::run`, beside loops of plain SQL that make as many round trips
//! with as many rows of the same sizes, on a server of its own in a temporary directory.
//!
//! `cargo bench -p benches --bench postgres`

#[allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "it is the tests' server")]
#[path = "../iescp-core/tests/postgres/cluster.rs"]
mod cluster;

use benches::{account, admin, campaign, campaign_input, counted::Counted, per_second, platform};
use cluster::Cluster;
use iescp_core::{
    Actor,
    campaign::{DraftCampaign, ViewCampaign},
    message::SendMessage,
    store::{PostgresOptions, PostgresStore, Read, Store, StoreError},
};
use sqlx::{Executor, PgPool, postgres::PgPoolOptions};
use std::{error::Error, sync::Arc, time::Duration};
use uuid::Uuid;

const CALLERS: usize = 64;
const TIME: Duration = Duration::from_secs(5);
/// As many connections as the store has for reading, so that neither side has more of the server.
const CONNECTIONS: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let cluster = Cluster::start();
    let options = PostgresOptions { readers: CONNECTIONS, ..PostgresOptions::default() };
    let store = PostgresStore::connect(&cluster.url(), options).await?;
    let told = Arc::new(Counted::over(store));
    let platform = platform(Arc::clone(&told) as Arc<dyn Store>)?;
    let admin = admin(&platform).await?;
    let mut pairs = Vec::new();
    for at in 0..CALLERS {
        let sponsor = account(&platform, admin, "sponsor", &format!("sponsor-{at}")).await?;
        pairs.push((sponsor, account(&platform, admin, "influencer", &format!("influencer-{at}")).await?));
    }
    let one = pairs.first().copied().ok_or("nobody is there")?;
    let open = campaign(&platform, one.0, "Quiet shoes").await?;
    let pairs = Arc::new(pairs);
    let bare = PgPoolOptions::new().max_connections(CONNECTIONS).connect(&cluster.url()).await?;
    bare.execute("CREATE TABLE bare_record (k BYTEA PRIMARY KEY, v BYTEA NOT NULL)").await?;
    bare.execute("CREATE TABLE bare_change (number BIGSERIAL PRIMARY KEY, id BYTEA NOT NULL, writes BYTEA NOT NULL)").await?;

    let (mut before, _) = (told.latest(), told.take());
    platform.run(&Actor::account(one.0), DraftCampaign { input: campaign_input("One") }).await?;
    let shape = asked(&told, before).await?;
    let ours = per_second(CALLERS, TIME, {
        let (platform, pairs) = (platform.clone(), Arc::clone(&pairs));
        move |caller, number| {
            let (platform, sponsor) = (platform.clone(), pairs.get(caller).map(|pair| pair.0));
            async move {
                let Some(sponsor) = sponsor else { return };
                let input = campaign_input(&format!("Campaign {caller}-{number}"));
                let drafted = platform.run(&Actor::account(sponsor), DraftCampaign { input }).await;
                refused(drafted);
            }
        }
    });
    compare("DraftCampaign", ours.await, &bare, shape).await;

    let words = |number: u64| format!("Would you show our shoes in the next of your films, for the {number}th time?");
    (before, _) = (told.latest(), told.take());
    platform.run(&Actor::account(one.0), SendMessage { to: one.1, text: words(0) }).await?;
    let shape = asked(&told, before).await?;
    let ours = per_second(CALLERS, TIME, {
        let (platform, pairs) = (platform.clone(), Arc::clone(&pairs));
        move |caller, number| {
            let (platform, pair) = (platform.clone(), pairs.get(caller).copied());
            async move {
                let Some((sponsor, influencer)) = pair else { return };
                let sent = platform.run(&Actor::account(sponsor), SendMessage { to: influencer, text: words(number) }).await;
                refused(sent);
            }
        }
    });
    compare("SendMessage", ours.await, &bare, shape).await;

    (before, _) = (told.latest(), told.take());
    platform.run(&Actor::account(one.1), ViewCampaign { campaign: open }).await?;
    let shape = Shape { rows: Vec::new(), ..asked(&told, before).await? };
    let ours = per_second(CALLERS, TIME, {
        let (platform, pairs) = (platform.clone(), Arc::clone(&pairs));
        move |caller, _| {
            let (platform, who) = (platform.clone(), pairs.get(caller).map(|pair| pair.1));
            async move {
                let Some(who) = who else { return };
                refused(platform.run(&Actor::account(who), ViewCampaign { campaign: open }).await);
            }
        }
    });
    compare("ViewCampaign", ours.await, &bare, shape).await;
    Ok(())
}

fn refused<T, E: std::fmt::Debug>(outcome: Result<T, E>) {
    if let Err(error) = outcome {
        eprintln!("refused: {error:?}");
    }
}

/// What an operation asks of the database.
#[derive(Clone)]
struct Shape {
    /// The keys of each round trip that reads.
    trips: Vec<Vec<Vec<u8>>>,
    /// What it writes, if it does: in a transaction of four round trips, as the store's.
    rows: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What was asked and written after a commit.
async fn asked(told: &Counted<PostgresStore>, before: u64) -> Result<Shape, StoreError> {
    let keys = |reads: Vec<Read>| {
        let key = |read| match read {
            Read::Get(key) => key.0,
            Read::Scan(scan) => scan.from.0,
        };
        reads.into_iter().map(key).collect()
    };
    let trips = told.take().trips.into_iter().map(keys).collect();
    Ok(Shape { trips, rows: told.written_after(before).await? })
}

/// Measures the same by plain SQL.
async fn compare(name: &str, ours: f64, bare: &PgPool, shape: Shape) {
    let (reads, rows) = (shape.trips.len(), shape.rows.len());
    let bytes: usize = shape.rows.iter().map(|(key, value)| key.len() + value.len()).sum();
    let shape = Arc::new(shape);
    let plain = per_second(CALLERS, TIME, |_, _| {
        let (bare, shape) = (bare.clone(), Arc::clone(&shape));
        async move { refused(by_hand(&bare, &shape).await) }
    })
    .await;
    let commit = if rows == 0 { "" } else { " and a transaction of four" };
    println!(
        "{name}: {ours:.0}/s through Platform::run, {plain:.0}/s by plain SQL ({reads} round trips to read{commit}; {rows} rows, {bytes} bytes)"
    );
    println!("  ratio {:.2} (at least 0.50 is wanted)", ours / plain);
}

async fn by_hand(bare: &PgPool, shape: &Shape) -> Result<(), sqlx::Error> {
    for keys in &shape.trips {
        sqlx::query("SELECT k, v FROM iescp_record WHERE k = ANY($1)").bind(keys).fetch_all(bare).await?;
    }
    if shape.rows.is_empty() {
        return Ok(());
    }
    let unique = Uuid::now_v7();
    let keys: Vec<Vec<u8>> = shape.rows.iter().map(|(key, _)| [key.as_slice(), unique.as_bytes()].concat()).collect();
    let values: Vec<Vec<u8>> = shape.rows.iter().map(|(_, value)| value.clone()).collect();
    let mut transaction = bare.begin().await?;
    sqlx::query("SELECT k, v FROM bare_record WHERE k = ANY($1)").bind(&keys).fetch_all(&mut *transaction).await?;
    sqlx::query(
        "WITH told AS (INSERT INTO bare_change (id, writes) VALUES ($3, $4)) \
         INSERT INTO bare_record (k, v) SELECT * FROM UNNEST($1::bytea[], $2::bytea[])",
    )
    .bind(&keys)
    .bind(&values)
    .bind(unique.as_bytes().as_slice())
    .bind(values.concat())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
