//! The committer: takes all waiting batches, decides each with the head in its hands, lands those that may, answers all.
//!
//! **Not here**: how a batch is decided (`decision` of the embedded engines).

use super::{
    Shared,
    along::{GoesAlong, REST},
    failure::Failure,
    patience::PATIENCE,
    reading, schema,
};
use crate::store::{
    Key, StoreError, Stored,
    committer::{
        decision::Plan,
        layout::{encode_writes, seal},
    },
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

/// How many batches land together at most, and with how many bytes no further one is taken.
const MAX_GROUP: usize = 1024;
const GROUP_BYTES: usize = 1024 * 1024;

/// How often a group is tried again because others were in the way or the connection had gone stale.
const TRIES: usize = 5;

/// How long it is tried to find out whether a commit landed whose connection broke. Callers wait meanwhile, but not as long.
const FINDING_OUT: Duration = Duration::from_secs(15);
const BETWEEN: Duration = Duration::from_millis(200);

/// How long a transaction may take to be undone; the server undoes it when its connection is closed, too.
const LETTING_GO: Duration = Duration::from_secs(1);

const LAND: &str = "\
WITH gone AS (DELETE FROM iescp_record WHERE k = ANY($1)), \
put AS (INSERT INTO iescp_record (k, v) SELECT * FROM UNNEST($2::bytea[], $3::bytea[]) ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v), \
told AS (INSERT INTO iescp_change (number, id, writes) SELECT * FROM UNNEST($4::bigint[], $5::bytea[], $6::bytea[])), \
forgotten AS (DELETE FROM iescp_change WHERE number <= $7) \
UPDATE iescp_head SET latest = $8, forgotten = $7";

/// A batch on its way, and where to answer.
pub(super) struct Waiting {
    pub plan: Plan,
    pub id: Option<Uuid>,
    pub answer: oneshot::Sender<Result<u64, StoreError>>,
}

/// What the task owns.
pub(super) struct Committer {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Waiting>,
    connection: Option<PgConnection>,
    kept_commits: u64,
    /// Nobody goes along before this.
    alone_until: Option<Instant>,
}

/// What a group's answers are, and what it writes.
struct Landing {
    answers: Vec<Result<u64, StoreError>>,
    latest: u64,
    values: HashMap<Key, Option<Stored>>,
    written: BTreeSet<Key>,
    told: Told,
}

/// Rows of the change log.
#[derive(Default)]
struct Told {
    numbers: Vec<i64>,
    ids: Vec<Vec<u8>>,
    writes: Vec<Vec<u8>>,
}

/// Why a group did not land, as far as is known.
enum Trouble {
    /// Nothing of it landed.
    Before(Failure),
    /// Nothing of it landed, because of what was to go along.
    Along(Failure),
    /// The commit was sent and no answer came: whether this commit, with this id, is there must be found out.
    Unknown { why: Failure, number: i64, id: Vec<u8>, answers: Vec<Result<u64, StoreError>>, latest: u64 },
}

impl Committer {
    pub(super) fn new(shared: Arc<Shared>, queue: mpsc::Receiver<Waiting>, connection: PgConnection, kept_commits: u64) -> Self {
        Self { shared, queue, connection: Some(connection), kept_commits: kept_commits.max(1), alone_until: None }
    }

    /// Runs until the store is dropped.
    pub(super) async fn run(mut self) {
        while let Some(first) = self.queue.recv().await {
            let mut bytes = first.plan.bytes();
            let mut group = vec![first];
            while group.len() < MAX_GROUP && bytes < GROUP_BYTES {
                let Ok(next) = self.queue.try_recv() else { break };
                bytes += next.plan.bytes();
                group.push(next);
            }
            let plans: Vec<(Plan, Vec<u8>)> = group
                .iter()
                .map(|waiting| (waiting.plan.clone(), waiting.id.unwrap_or_else(Uuid::now_v7).as_bytes().to_vec()))
                .collect();
            let answers = self.serve(&plans).await;
            for (waiting, answer) in group.into_iter().zip(answers) {
                // Nobody listens if the caller has gone away; the batch has landed all the same.
                let _ = waiting.answer.send(answer);
            }
        }
        if let Some(connection) = self.connection.take() {
            let _closed_anyway = connection.close().await;
        }
    }

    /// Lands a group; an answer for each of its batches.
    async fn serve(&mut self, plans: &[(Plan, Vec<u8>)]) -> Vec<Result<u64, StoreError>> {
        let mut tried = 0;
        let rests = self.alone_until.is_some_and(|until| Instant::now() < until);
        let mut along = self.shared.along.get().filter(|_| !rests).cloned();
        let failed = loop {
            tried += 1;
            let fresh = self.connection.is_none();
            let mut connection = match self.connection.take() {
                Some(connection) => connection,
                None => match self.shared.addresses.connect().await {
                    Ok(connection) => connection,
                    Err(error) => break error,
                },
            };
            match land(&mut connection, plans, self.kept_commits, &self.shared, along.as_deref()).await {
                Ok((answers, latest)) => {
                    self.connection = Some(connection);
                    self.shared.reached(latest);
                    return answers;
                }
                Err(Trouble::Along(why)) => {
                    tracing::warn!(%why, "commits land without what goes along with them");
                    (along, self.alone_until) = (None, Some(Instant::now() + REST));
                }
                // A connection that broke while nobody used it, or somebody in the way.
                Err(Trouble::Before(why)) if tried < TRIES && (!fresh || why.is_passing()) => {
                    tracing::debug!(%why, "a group of commits is tried again");
                }
                Err(Trouble::Before(why)) => break why.into(),
                Err(Trouble::Unknown { why, number, id, answers, latest }) => {
                    tracing::warn!(%why, number, "the connection broke during a commit");
                    drop(connection);
                    match self.find_out(number, &id).await {
                        Some(true) => {
                            self.shared.reached(latest);
                            return answers;
                        }
                        Some(false) if tried < TRIES => {}
                        Some(false) => break why.into(),
                        None => break StoreError::Failed(format!("{why}; whether this batch landed is not known")),
                    }
                }
            }
        };
        plans.iter().map(|_| Err(failed.clone())).collect()
    }

    /// Whether this commit landed; nothing if that cannot be found out now.
    async fn find_out(&mut self, number: i64, id: &[u8]) -> Option<bool> {
        let began = Instant::now();
        while began.elapsed() < FINDING_OUT {
            if let Ok(mut connection) = self.shared.addresses.connect().await {
                match timeout(PATIENCE, look(&mut connection, number)).await {
                    Ok(Ok(found)) => {
                        self.connection = Some(connection);
                        return Some(found.is_some_and(|found| found == id));
                    }
                    Ok(Err(error)) => tracing::debug!(%error, "it cannot be found out yet whether a commit landed"),
                    Err(_) => {}
                }
            }
            sleep(BETWEEN).await;
        }
        None
    }
}

/// The id under a commit's number, once whoever might still be landing it is done.
async fn look(connection: &mut PgConnection, number: i64) -> Result<Option<Vec<u8>>, sqlx::Error> {
    lock(connection).await?;
    let found =
        sqlx::query("SELECT id FROM iescp_change WHERE number = $1").bind(number).fetch_optional(&mut *connection).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    found.map(|row| row.try_get(0)).transpose()
}

/// Begins a transaction with the head locked: nobody else commits until it ends.
async fn lock(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    // Whoever has the head waits for nobody else's locks for long.
    let rows = sqlx::raw_sql(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT latest FROM iescp_head FOR UPDATE; SET LOCAL lock_timeout = '1s'",
    )
    .fetch_all(connection)
    .await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}

/// Lands a group in one transaction. Answers for each batch, and the latest commit.
async fn land(
    connection: &mut PgConnection,
    plans: &[(Plan, Vec<u8>)],
    kept_commits: u64,
    shared: &Shared,
    along: Option<&dyn GoesAlong>,
) -> Result<(Vec<Result<u64, StoreError>>, u64), Trouble> {
    let prepared = shared.patience.within(prepare(connection, plans, kept_commits)).await.map_err(Trouble::Before);
    let prepared = match (prepared, along) {
        (Ok(landing), Some(along)) => {
            shared.patience.within(landing.go_along(connection, along)).await.map_err(Trouble::Along).map(|()| landing)
        }
        (prepared, _) => prepared,
    };
    let landing = match prepared {
        Ok(landing) => landing,
        Err(trouble) => {
            // Nothing is held any more once this is done; a connection that does not do even that is dropped by the caller.
            let _gone = timeout(LETTING_GO, sqlx::raw_sql("ROLLBACK").execute(connection)).await;
            return Err(trouble);
        }
    };
    let Landing { answers, latest, told, .. } = landing;
    let (Some(number), Some(id)) = (told.numbers.last().copied(), told.ids.last().cloned()) else {
        let ended = shared.patience.within(async { Ok(sqlx::raw_sql("COMMIT").execute(connection).await.map(drop)?) }).await;
        return ended.map(|()| (answers, latest)).map_err(Trouble::Before);
    };
    // The channel is a schema's name, which was checked.
    let commit = format!("NOTIFY {}, '{latest}'; COMMIT", shared.channel);
    match shared.patience.within(async { Ok(sqlx::raw_sql(AssertSqlSafe(commit)).execute(connection).await.map(drop)?) }).await {
        Ok(()) => Ok((answers, latest)),
        Err(why) => Err(Trouble::Unknown { why, number, id, answers, latest }),
    }
}

/// Locks, reads, decides and writes: everything but the commit itself.
async fn prepare(connection: &mut PgConnection, plans: &[(Plan, Vec<u8>)], kept_commits: u64) -> Result<Landing, Failure> {
    let latest = schema::number(lock(connection).await?)?;
    let keys: BTreeSet<&Key> = plans.iter().flat_map(|(plan, _)| plan.rests_on()).collect();
    let keys = keys.into_iter().map(|key| key.0.clone()).collect();
    let values = reading::values(&mut *connection, keys).await?.into_iter().map(|(key, stored)| (key, Some(stored))).collect();
    let mut landing = Landing { answers: Vec::new(), latest, values, written: BTreeSet::new(), told: Told::default() };
    for (plan, id) in plans {
        let answer = landing.decide(plan.clone(), id)?;
        landing.answers.push(answer);
    }
    if !landing.told.numbers.is_empty() {
        landing.write(connection, kept_commits).await?;
    }
    Ok(landing)
}

impl Landing {
    /// Decides one batch after those before it. What is wrong with the batch alone is its answer.
    fn decide(&mut self, plan: Plan, id: &[u8]) -> Result<Result<u64, StoreError>, StoreError> {
        let writes = match plan.decide(|key| Ok(self.values.get(key).cloned().flatten())) {
            Ok(writes) => writes,
            Err(refused) => return Ok(Err(refused)),
        };
        if writes.is_empty() {
            return Ok(Ok(self.latest));
        }
        self.latest += 1;
        let number = self.latest;
        self.told.numbers.push(schema::kept(number)?);
        self.told.ids.push(id.to_vec());
        self.told.writes.push(seal(&number.to_be_bytes(), number, &encode_writes(&writes)));
        for (key, value) in writes {
            self.values.insert(key.clone(), value.map(|bytes| Stored { version: number, bytes }));
            self.written.insert(key);
        }
        Ok(Ok(number))
    }

    /// Lets somebody write what follows from what is written here.
    async fn go_along(&self, connection: &mut PgConnection, along: &dyn GoesAlong) -> Result<(), Failure> {
        let mut written = Vec::new();
        for key in self.written.iter().filter(|key| along.follows_from(key)) {
            if let Some(stored) = self.values.get(key).and_then(Option::as_ref) {
                written.push((key.clone(), stored.bytes.clone()));
            }
        }
        if written.is_empty() { Ok(()) } else { Ok(along.write(connection, &written).await?) }
    }

    async fn write(&self, connection: &mut PgConnection, kept_commits: u64) -> Result<(), Failure> {
        let mut gone = Vec::new();
        let mut puts: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
        for key in &self.written {
            match self.values.get(key).and_then(Option::as_ref) {
                Some(stored) => drop(puts.insert(&key.0, seal(&key.0, stored.version, &stored.bytes))),
                None => gone.push(key.0.as_slice()),
            }
        }
        let (keys, values): (Vec<&[u8]>, Vec<Vec<u8>>) = puts.into_iter().unzip();
        sqlx::query(LAND)
            .bind(gone)
            .bind(keys)
            .bind(values)
            .bind(&self.told.numbers)
            .bind(&self.told.ids)
            .bind(&self.told.writes)
            .bind(schema::kept(self.latest.saturating_sub(kept_commits))?)
            .bind(schema::kept(self.latest)?)
            .execute(connection)
            .await?;
        Ok(())
    }
}
