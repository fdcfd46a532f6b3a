//! Reading: any number of keys and ranges in one statement, which sees the store as it is at one moment.
//!
//! **Not here**: how long is waited (`patience`).

use super::{PostgresLease, failure::Failure, schema};
use crate::store::{
    Change, Found, Key, Read, Scan, StoreError, Stored,
    committer::layout::{decode_writes, open},
};
use sqlx::{
    AssertSqlSafe, PgExecutor, PgPool, Postgres, Row,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use std::{collections::HashMap, fmt::Write};

const LATEST: &str = "SELECT latest FROM iescp_head";

/// Answers reads in the order asked.
pub(super) async fn read(pool: &PgPool, reads: Vec<Read>) -> Result<Vec<Found>, Failure> {
    if reads.is_empty() {
        return Ok(Vec::new());
    }
    let (mut gets, mut scans) = (Vec::new(), Vec::new());
    for (index, read) in reads.iter().enumerate() {
        match read {
            Read::Get(key) => gets.push(key.0.clone()),
            Read::Scan(scan) => scans.push((index, scan)),
        }
    }
    let sql = statement(&scans);
    let query = || {
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(gets.as_slice());
        scans.iter().fold(query, |query, (_, scan)| {
            let limit = i64::try_from(scan.limit).unwrap_or(i64::MAX);
            query.bind(&scan.from.0).bind(&scan.to.0).bind(limit)
        })
    };
    let mut single = HashMap::new();
    let mut ranges: HashMap<usize, Vec<(Key, Stored)>> = HashMap::new();
    for row in rows(pool, query).await? {
        let (key, stored) = pair(&row)?;
        match usize::try_from(row.try_get::<i64, _>(0)?) {
            Ok(range) => ranges.entry(range).or_default().push((key, stored)),
            Err(_) => drop(single.insert(key, stored)),
        }
    }
    let answer = |(index, read)| match read {
        Read::Get(key) => Found::One(single.get(&key).cloned()),
        Read::Scan(scan) => Found::Many(in_order(ranges.remove(&index).unwrap_or_default(), scan.descending)),
    };
    Ok(reads.into_iter().enumerate().map(answer).collect())
}

/// What a query answers on a connection of the pool. One that was used a moment ago is not asked whether it is well; if it broke
/// since, the query is asked once more, on one that is.
async fn rows<'q>(pool: &PgPool, query: impl Fn() -> Query<'q, Postgres, PgArguments>) -> Result<Vec<PgRow>, Failure> {
    let mut lease = PostgresLease::of(pool).await?;
    let mut answer = query().fetch_all(&mut *lease).await.map_err(Failure::from);
    if answer.as_ref().is_err_and(Failure::is_of_the_connection) {
        lease = PostgresLease::that_is_well(pool).await?;
        answer = Ok(query().fetch_all(&mut *lease).await?);
    }
    let rows = answer?;
    lease.give_back();
    Ok(rows)
}

/// The latest commit that has landed, asked on a connection of the pool.
pub(super) async fn newest(pool: &PgPool) -> Result<u64, Failure> {
    let rows = rows(pool, || sqlx::query(LATEST)).await?;
    Ok(schema::number(rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?)?)
}

/// The statement for some keys and these ranges; a range's rows carry its place among the reads, keys carry -1.
fn statement(scans: &[(usize, &Scan)]) -> String {
    let mut sql = String::from("SELECT -1::bigint, k, v FROM iescp_record WHERE k = ANY($1)");
    for (place, (index, scan)) in scans.iter().enumerate() {
        let (first, order) = (2 + 3 * place, if scan.descending { "DESC" } else { "ASC" });
        let (second, third) = (first + 1, first + 2);
        // Writing to a string does not fail.
        let _ = write!(
            sql,
            " UNION ALL (SELECT {index}::bigint, k, v FROM iescp_record WHERE k >= ${first} AND k < ${second} ORDER BY k {order} LIMIT ${third})"
        );
    }
    sql
}

/// What a union gives has no order by right.
fn in_order(mut pairs: Vec<(Key, Stored)>, descending: bool) -> Vec<(Key, Stored)> {
    pairs.sort_by(|one, other| if descending { other.0.cmp(&one.0) } else { one.0.cmp(&other.0) });
    pairs
}

fn pair(row: &PgRow) -> Result<(Key, Stored), Failure> {
    let key = Key(row.try_get(1)?);
    let framed: Vec<u8> = row.try_get(2)?;
    let stored =
        open(&key.0, framed).map_err(|_| StoreError::Corrupt(format!("the value at {key:?} does not have its checksum")))?;
    Ok((key, stored))
}

/// The values at these keys.
pub(super) async fn values(database: impl PgExecutor<'_>, keys: Vec<Vec<u8>>) -> Result<HashMap<Key, Stored>, Failure> {
    let rows = sqlx::query("SELECT -1::bigint, k, v FROM iescp_record WHERE k = ANY($1)").bind(keys).fetch_all(database).await?;
    rows.iter().map(pair).collect()
}

/// The latest commit that has landed, of whatever process.
pub(super) async fn latest(database: impl PgExecutor<'_>) -> Result<u64, Failure> {
    let row = sqlx::query(LATEST).fetch_one(database).await?;
    Ok(schema::number(row.try_get(0)?)?)
}

/// What the commits after a number changed, oldest first.
pub(super) async fn changes(pool: &PgPool, after: u64, limit: usize) -> Result<Vec<Change>, Failure> {
    let query = || {
        sqlx::query(
            "SELECT true, forgotten, ''::bytea FROM iescp_head UNION ALL \
             (SELECT false, number, writes FROM iescp_change WHERE number > $1 ORDER BY number LIMIT $2)",
        )
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    };
    let mut changes = Vec::new();
    for row in rows(pool, query).await? {
        let number = schema::number(row.try_get(1)?)?;
        if row.try_get(0)? {
            if after < number {
                return Err(StoreError::Forgotten.into());
            }
            continue;
        }
        let corrupt = || StoreError::Corrupt(format!("the change log at commit {number} does not have its checksum or shape"));
        let stored = open(&number.to_be_bytes(), row.try_get(2)?).map_err(|_| corrupt())?;
        changes.push(Change { number, writes: decode_writes(&stored.bytes).ok_or_else(corrupt)? });
    }
    changes.sort_unstable_by_key(|change| change.number);
    Ok(changes)
}
