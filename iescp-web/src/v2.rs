//! Reads a V2 database: a file of SQLite, as it was left.
//!
//! Values are taken by what they are, not by what their column was declared to hold: bytes that are no text in UTF-8 stay bytes.
//!
//! It is only ever read, and only where that gives one moment of it: a file that a running V2 writes, or that one left with work
//! undone, is refused with a sentence that says what to do.
//!
//! Not here: what its rows mean (`iescp_core::import`), the command (`cli/import.rs`).

use iescp_core::import::{Cell, Source, Table};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow, SqliteValueRef};
use sqlx::{Column, ConnectOptions, Connection, Decode, Row, Sqlite, TypeInfo, ValueRef};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A table's rows, by any of the names installations gave it. SQLite compares names without regard to case.
struct Wanted {
    names: &'static [(&'static str, &'static str)],
}

const USERS: Wanted = Wanted { names: &[("user", r#"SELECT * FROM "user""#), ("users", r#"SELECT * FROM "users""#)] };
const CAMPAIGNS: Wanted =
    Wanted { names: &[("campaign", r#"SELECT * FROM "campaign""#), ("campaigns", r#"SELECT * FROM "campaigns""#)] };
const REQUESTS: Wanted = Wanted {
    names: &[
        ("influencer_request", r#"SELECT * FROM "influencer_request""#),
        ("influencer_requests", r#"SELECT * FROM "influencer_requests""#),
        ("influencerrequest", r#"SELECT * FROM "influencerrequest""#),
    ],
};
const PARTICIPATIONS: Wanted = Wanted {
    names: &[
        ("influencer_campaign", r#"SELECT * FROM "influencer_campaign""#),
        ("influencer_campaigns", r#"SELECT * FROM "influencer_campaigns""#),
        ("influencercampaign", r#"SELECT * FROM "influencercampaign""#),
    ],
};
const MESSAGES: Wanted =
    Wanted { names: &[("message", r#"SELECT * FROM "message""#), ("messages", r#"SELECT * FROM "messages""#)] };

/// Reads everything there is to bring over, under this name.
///
/// # Errors
/// A sentence: it is no V2 database, or cannot be read as one moment of it.
pub async fn read(file: &Path, name: &str) -> Result<Source, String> {
    let before = quiet(file)?;
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true).create_if_missing(false);
    let shown = file.display();
    let unread = |why: sqlx::Error| format!("{shown} cannot be read as a database of SQLite: {why}");
    let mut connection = options.disable_statement_logging().connect().await.map_err(unread)?;
    let mut tables = names(&mut connection).await.map_err(unread)?;
    let mut source = Source { name: name.to_owned(), ..Source::default() };
    for (wanted, table) in [
        (USERS, &mut source.users),
        (CAMPAIGNS, &mut source.campaigns),
        (REQUESTS, &mut source.requests),
        (PARTICIPATIONS, &mut source.participations),
        (MESSAGES, &mut source.messages),
    ] {
        for (name, statement) in wanted.names {
            // Of several that could be it, the first that holds something: the others are named in the report.
            if table.rows.is_empty()
                && let Some(at) = tables.iter().position(|table| table.eq_ignore_ascii_case(name))
            {
                *table = rows(&mut connection, statement).await.map_err(unread)?;
                tables.remove(at);
            }
        }
    }
    connection.close().await.map_err(unread)?;
    if source.users.columns.is_empty() {
        return Err(format!("{shown} is no V2 database: it has no table “user”"));
    }
    source.others = tables;
    if quiet(file)? != before {
        return Err(format!("{shown} changed while it was read: stop V2, and try again"));
    }
    Ok(source)
}

/// When and how large a file was, if nobody has work undone beside it.
fn quiet(file: &Path) -> Result<(u64, Option<SystemTime>), String> {
    let shown = file.display();
    let about = fs::metadata(file).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    if !about.is_file() {
        return Err(format!("{shown} is no file"));
    }
    for (ending, left) in [("-wal", "write-ahead log"), ("-journal", "rollback journal")] {
        let beside = beside(file, ending);
        if fs::metadata(&beside).is_ok_and(|about| about.len() > 0) {
            return Err(format!(
                "{shown} has a {left} beside it: V2 is running, or was stopped hard. Stop it, open the database once with `sqlite3 {shown} \
                 'SELECT count(*) FROM sqlite_master'`, which completes what was left undone, and try again"
            ));
        }
    }
    Ok((about.len(), about.modified().ok()))
}

/// A file's path with an ending of its own.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The names of all tables but SQLite's own.
async fn names(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let found = sqlx::query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    );
    let rows = found.fetch_all(connection).await?;
    rows.iter().map(|row| row.try_get::<String, _>(0)).collect()
}

async fn rows(connection: &mut SqliteConnection, statement: &'static str) -> Result<Table, sqlx::Error> {
    let mut table = Table::default();
    let found = sqlx::query(statement).fetch_all(&mut *connection).await?;
    if let Some(first) = found.first() {
        table.columns = first.columns().iter().map(|column| column.name().to_owned()).collect();
    } else {
        // A table without rows still has its columns: without any it would count as missing.
        table.columns = vec!["id".to_owned()];
    }
    table.rows = found.iter().map(cells).collect::<Result<_, _>>()?;
    Ok(table)
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>, sqlx::Error> {
    (0..row.columns().len()).map(|at| row.try_get_raw(at).and_then(cell)).collect()
}

/// A value by what it is, not by what its column was declared to hold.
fn cell(value: SqliteValueRef<'_>) -> Result<Cell, sqlx::Error> {
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let kind = value.type_info().name().to_owned();
    let read = match kind.as_str() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(value).map(Cell::Integer),
        "REAL" => <f64 as Decode<Sqlite>>::decode(value).map(Cell::Real),
        "TEXT" => <&[u8] as Decode<Sqlite>>::decode(value)
            .map(|bytes| String::from_utf8(bytes.to_vec()).map_or_else(|no_text| Cell::Bytes(no_text.into_bytes()), Cell::Text)),
        _ => <&[u8] as Decode<Sqlite>>::decode(value).map(|bytes| Cell::Bytes(bytes.to_vec())),
    };
    read.map_err(sqlx::Error::Decode)
}
