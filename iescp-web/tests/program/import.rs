//! Moving in from V2, through the program.

use super::{Running, err, out, program, run, start};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

const SECRET: &str = "V2 secret";

/// Runs statements on a database that is made if there is none.
fn lay(file: &Path, statements: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// A directory with a small V2 in it.
pub fn v2() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    lay(&directory.path().join("users.db"), include_str!("v2.sql"));
    directory
}

fn import(directory: &Path, more: &[&str]) -> String {
    let done = run(directory, &[&["import", "users.db"], more].concat(), "");
    assert_eq!(done.status.code(), Some(0), "{}{}", out(&done), err(&done));
    out(&done)
}

/// The rows of a table in the report: id, outcome and reasons.
fn rows(report: &Value, table: &str) -> Vec<(String, String, String)> {
    let tables = report["tables"].as_array().unwrap();
    let table = tables.iter().find(|one| one["table"] == table).unwrap();
    let count = |field: &str| table[field].as_u64().unwrap();
    let all = table["all"].as_array().unwrap();
    assert_eq!(count("rows"), count("brought_over") + count("changed") + count("refused") + count("unchanged"));
    assert_eq!(count("rows"), all.len() as u64);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let why =
        |row: &Value| row["why"].as_array().map(|why| why.iter().map(text).collect::<Vec<_>>().join("; ")).unwrap_or_default();
    all.iter().map(|row| (text(&row["id"]), text(&row["outcome"]), why(row))).collect()
}

fn check(directory: &Path) {
    let checked = run(directory, &["check"], "");
    assert_eq!(checked.status.code(), Some(0), "{}{}", out(&checked), err(&checked));
}

#[test]
fn people_move_in_sign_in_with_their_old_passwords_and_find_what_they_had() {
    let directory = v2();
    let (here, file) = (directory.path(), directory.path().join("users.db"));
    let original = fs::read(&file).unwrap();
    let dry = import(here, &["--dry-run"]);
    assert!(dry.contains("nothing was changed") && dry.contains("would be brought over"), "{dry}");
    assert!(!here.join("data").exists(), "a dry run makes nothing");

    let done = import(here, &["--report", "report.json"]);
    assert!(done.contains("shoe_size (1)") && done.contains("alembic_version"), "{done}");
    assert!(!done.contains("in the clear"), "a report tells no password");
    let report: Value = serde_json::from_slice(&fs::read(here.join("report.json")).unwrap()).unwrap();
    let outcomes = |table: &str| rows(&report, table).into_iter().map(|(_, outcome, _)| outcome).collect::<Vec<_>>();
    assert_eq!(
        outcomes("user"),
        ["brought_over", "brought_over", "brought_over", "changed", "changed", "refused", "changed"],
        "{:#?}",
        rows(&report, "user")
    );
    assert_eq!(outcomes("campaign"), ["changed", "brought_over", "refused", "refused", "refused"]);
    assert_eq!(outcomes("influencer_request"), ["changed", "brought_over", "refused", "brought_over", "refused"]);
    assert_eq!(outcomes("influencer_campaign"), ["changed", "refused"]);
    assert_eq!(outcomes("message"), ["brought_over", "refused", "changed", "refused"]);
    assert_eq!((&report["budgets"], &report["earnings"]), (&Value::from(160_050), &Value::from(123_468)));
    check(here);

    let running = start(here, &[]);
    for (name, role) in [("root", "admin"), ("teahouse", "sponsor"), ("lena", "influencer"), ("Lena-2", "influencer")] {
        assert_eq!(running.sign_in(name, SECRET).as_deref(), Ok(role), "{name}");
        assert_eq!(running.sign_in(name, SECRET).as_deref(), Ok(role), "{name}, with today's hash");
        assert_eq!(running.sign_in(name, "v2 secret"), Err(401), "{name}");
    }
    assert_eq!(running.sign_in("flagged", SECRET), Err(401));
    look_around(&running);
    assert_eq!(running.stop("-TERM"), Some(0));

    let again = import(here, &[]);
    assert!(again.contains("0 of 23 rows were brought over"), "{again}");
    check(here);
    assert_eq!(fs::read(&file).unwrap(), original, "the original is as it was");
}

/// What lena finds through the API.
fn look_around(running: &Running) {
    let bearer = running.bearer("lena", SECRET).unwrap();
    let balances = running.get_json("/api/v1/me/balances", &bearer);
    assert_eq!((&balances["earned_before"]["amount"], &balances["earnings"]["amount"]), (&Value::from(123_456), &Value::from(0)));
    let me = running.get_json("/api/v1/me", &bearer);
    let reviews = running.get_json(&format!("/api/v1/influencers/{}/reviews", me["id"].as_str().unwrap()), "");
    assert_eq!((&reviews["items"][0]["rating"], &reviews["items"][0]["imported"]), (&Value::from(4), &Value::from(true)));
    let work = running.get_json("/api/v1/collaborations", &bearer);
    assert_eq!((&work["items"][0]["amount"], &work["items"][0]["state"]), (&Value::Null, &Value::from("active")));
    let threads = running.get_json("/api/v1/threads", &bearer);
    let other = threads["items"][0]["account_id"].as_str().unwrap().to_owned();
    let said = running.get_json(&format!("/api/v1/threads/{other}/messages"), &bearer);
    assert!(said["items"].as_array().unwrap().iter().all(|message| message["kind"] == "imported"), "{said}");
}

#[test]
fn an_import_that_is_killed_is_not_served_and_goes_on_where_it_stopped() {
    let directory = v2();
    let here = directory.path();
    let many = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
        INSERT INTO user SELECT i, 'creator' || i, 'c' || i || '@example.com', pbkdf2, 'influencer', NULL, 'TikTok', i, NULL, 4.0, i, 0, 0, NULL FROM n, secret;
        WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO message SELECT i, 2, 100 + i % 1000, 'hello', NULL FROM n;";
    lay(&here.join("users.db"), many);
    let mut child = program(here).args(["import", "users.db"]).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.map_while(Result::ok).find(|line| line.starts_with("writing"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(first.is_some(), "it was killed while it wrote");

    let refused = run(here, &["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("broke off") && err(&refused).contains("iescp-web import"), "{}", err(&refused));
    import(here, &["--report", "report.json"]);
    let report: Value = serde_json::from_slice(&fs::read(here.join("report.json")).unwrap()).unwrap();
    let earned: i64 = 123_468 + (100..=4000).map(|euros| euros * 100).sum::<i64>();
    assert_eq!((&report["budgets"], &report["earnings"]), (&Value::from(160_050), &Value::from(earned)), "of both runs");
    check(here);
    let running = start(here, &[]);
    assert_eq!(running.sign_in("creator4000", SECRET).as_deref(), Ok("influencer"));
    assert_eq!(running.stop("-TERM"), Some(0));
    assert!(import(here, &[]).contains("\n0 of "));
}

#[test]
fn a_report_that_cannot_be_written_refuses_before_anything_happens_and_one_that_is_there_stays_until_the_next_is_whole() {
    let directory = v2();
    let here = directory.path();
    for place in ["nowhere/report.json", "."] {
        let refused = run(here, &["import", "users.db", "--report", place], "");
        assert_eq!(refused.status.code(), Some(1), "{}", out(&refused));
        assert!(err(&refused).contains("the report cannot be written"), "{}", err(&refused));
    }
    assert!(!here.join("data").exists(), "nothing was brought over");
    fs::write(here.join("report.json"), "an earlier one").unwrap();
    let refused = run(here, &["import", "nothing.db", "--report", "report.json"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(fs::read(here.join("report.json")).unwrap(), b"an earlier one");
    import(here, &["--report", "report.json"]);
    let left = fs::read_dir(here).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.starts_with("report")).collect::<Vec<_>>(), ["report.json"]);
    assert!(fs::read(here.join("report.json")).unwrap().starts_with(b"{"));
}

#[test]
fn the_same_database_under_another_name_is_refused() {
    let directory = v2();
    let here = directory.path();
    import(here, &[]);
    let refused = run(here, &["import", "users.db", "--source", "again"], "");
    assert_eq!(refused.status.code(), Some(1), "{}", out(&refused));
    assert!(err(&refused).contains("under the name “v2”"), "{}", err(&refused));
    check(here);
}

#[test]
fn an_empty_table_does_not_hide_the_one_that_holds_people() {
    let directory = v2();
    let here = directory.path();
    lay(&here.join("users.db"), "ALTER TABLE user RENAME TO users; CREATE TABLE user (id INTEGER, username TEXT);");
    let done = import(here, &[]);
    assert!(done.contains("14 of 23 rows were brought over"), "{done}");
}

#[test]
fn what_is_no_v2_or_is_being_written_is_refused_and_left_alone() {
    let directory = v2();
    let here = directory.path();
    let refused = |file: &str, why: &str| {
        let done = run(here, &["import", file], "");
        assert_eq!(done.status.code(), Some(1), "{file}");
        assert!(err(&done).contains(why), "{}", err(&done));
    };
    refused("nowhere.db", "cannot be read");
    fs::write(here.join("text.db"), "this is no database at all, although it is longer than a header of SQLite would have to be")
        .unwrap();
    refused("text.db", "cannot be read as a database");
    lay(&here.join("empty.db"), "CREATE TABLE something (id INTEGER)");
    refused("empty.db", "no table “user”");
    fs::write(here.join("users.db-wal"), "frames").unwrap();
    refused("users.db", "write-ahead log");
    assert_eq!(fs::read(here.join("users.db-wal")).unwrap(), b"frames");
    fs::remove_file(here.join("users.db-wal")).unwrap();
    fs::write(here.join("users.db-journal"), "pages").unwrap();
    refused("users.db", "rollback journal");
    assert!(!here.join("data").exists(), "nothing was made for what could not be read");
}

#[test]
fn nobody_moves_in_with_made_up_people() {
    let directory = v2();
    let made = run(directory.path(), &["demo", "--influencers", "2", "--sponsors", "1", "--campaigns", "0"], "");
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let refused = run(directory.path(), &["import", "users.db"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("made up"), "{}", err(&refused));
}

#[test]
fn influencers_of_a_spreadsheet_move_in_once_and_choose_their_passwords_by_a_link() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let sheet = "\u{feff}Name;E Mail;Platform;Followers;NICHE;Website;Shoe Size\n\
        \"Ann\nLee\";ann@example.com;Insta;\"12,000\";Tech;javascript:alert(1);38\n\
        Bob;ANN@example.com;TikTok;7;food;;\n\
        Cy;nowhere;YouTube;12k;food;;\n\
        =Dan();dan@example.com;YouTube;1.5M;\"Food, Knitting\";;\n";
    fs::write(here.join("people.csv"), sheet).unwrap();
    let bring = |more: &[&str]| {
        let done = run(here, &[&["import", "--csv", "people.csv"], more].concat(), "");
        assert_eq!(done.status.code(), Some(0), "{}{}", out(&done), err(&done));
        out(&done)
    };
    assert!(bring(&["--dry-run"]).contains("2 of 4 rows would be brought over"));
    let done = bring(&["--report", "report.json"]);
    assert!(done.contains("Shoe Size (1)") && done.contains("2 accounts have no password here"), "{done}");
    let report: Value = serde_json::from_slice(&fs::read(here.join("report.json")).unwrap()).unwrap();
    let outcomes: Vec<String> = rows(&report, "user").into_iter().map(|(_, outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["changed", "refused", "refused", "changed"], "{:#?}", rows(&report, "user"));
    check(here);
    assert!(bring(&[]).contains("0 of 4 rows were brought over"));

    let running = start(here, &[]);
    let found = running.get_json("/api/v1/influencers?q=Dan", "");
    assert_eq!(found["items"][0]["reach"], 1_500_000, "{found}");
    let asked = running.post("/api/v1/auth/password/forgot", "application/json", "", r#"{"email":"ann@example.com"}"#);
    assert!(asked.status < 300, "{}", asked.body);
}
