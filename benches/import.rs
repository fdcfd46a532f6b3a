//! Moving in: a V2 of 100,000 users, brought over by the program as it is shipped, into an empty store on the disk.
//!
//! `cargo bench -p benches --bench import` (`-- 10000`: so many users). Prints how long it took.

use benches::program::part;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{
    error::Error,
    path::Path,
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

const USERS: u32 = 100_000;

/// A tenth of the users are sponsors, each with a campaign; half as many requests and messages as users.
const SCHEMA: &str = "
CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password TEXT, role TEXT, last_login DATETIME, platform TEXT,
    followers INTEGER, industry TEXT, ratings FLOAT, earnings FLOAT, flag BOOLEAN, is_flagged BOOLEAN);
CREATE TABLE campaign (id INTEGER PRIMARY KEY, name TEXT, description TEXT, start_date TEXT, end_date TEXT, budget REAL, niche TEXT,
    visibility TEXT, status TEXT, sponsor_id INTEGER);
CREATE TABLE influencer_request (id INTEGER PRIMARY KEY, influencer_id INTEGER, campaign_id INTEGER, status TEXT);
CREATE TABLE influencer_campaign (id INTEGER PRIMARY KEY, influencer_id INTEGER, campaign_id INTEGER, status TEXT);
CREATE TABLE message (id INTEGER PRIMARY KEY, sponsor_id INTEGER, influencer_id INTEGER, message TEXT);
CREATE TABLE size (users INTEGER);
";

const ROWS: &str = "
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, size WHERE i < users / 10)
INSERT INTO user SELECT i, 'brand' || i, 'b' || i || '@example.com', 'scrypt:32768:8:1$salt$' || hex(zeroblob(64)), 'sponsor',
    '2024-05-01 10:00:00.123456', NULL, NULL, 'Tea', 4.0, 0.0, 0, 0 FROM n;
WITH RECURSIVE n(i) AS (SELECT users / 10 + 1 FROM size UNION ALL SELECT i + 1 FROM n, size WHERE i < users)
INSERT INTO user SELECT i, 'creator' || i, 'c' || i || '@example.com', 'scrypt:32768:8:1$salt$' || hex(zeroblob(64)), 'influencer',
    '2024-05-01 10:00:00', 'Instagram', i, NULL, 4.0, i / 7.0, i % 500 = 0, 0 FROM n;
INSERT INTO campaign SELECT id, 'Campaign ' || id, 'Drink tea.', '2024-01-01', '31/12/2150', id * 1.5, 'food', 'public', 'active', id
    FROM user WHERE role = 'sponsor';
INSERT INTO influencer_request SELECT id, id, 1 + id % (users / 10), CASE id % 4 WHEN 0 THEN 'approved' ELSE 'pending' END
    FROM user, size WHERE role = 'influencer' AND id % 2 = 0;
INSERT INTO influencer_campaign SELECT id, influencer_id, campaign_id, 'active' FROM influencer_request WHERE status = 'approved';
INSERT INTO message SELECT id, 1 + id % (users / 10), id, 'Hello there, how are you?' FROM user, size WHERE role = 'influencer' AND id % 2 = 1;
COMMIT;
";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match part() {
        Some(code) => Ok(code),
        None => measure(),
    }
}

fn measure() -> Result<ExitCode, Box<dyn Error>> {
    let users: u32 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(USERS);
    let directory = tempfile::tempdir()?;
    tokio::runtime::Runtime::new()?.block_on(lay(&directory.path().join("users.db"), users))?;
    let begun = Instant::now();
    let mut program = Command::new(std::env::current_exe()?);
    let done = program.current_dir(directory.path()).args(["import", "users.db"]).stderr(Stdio::inherit()).output()?;
    let seconds = begun.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&done.stdout);
    println!("{}", said.lines().last().unwrap_or_default());
    println!("{users} users in {seconds:.1} s (at most 30 s is wanted for 100,000)");
    Ok(if done.status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the database.
async fn lay(file: &Path, users: u32) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await?;
    sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
    sqlx::query("INSERT INTO size VALUES (?)").bind(users).execute(&mut connection).await?;
    sqlx::raw_sql(ROWS).execute(&mut connection).await?;
    connection.close().await
}
