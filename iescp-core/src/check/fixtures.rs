//! Records as they were ever written: each of them must stay readable.
//!
//! `records.txt` holds one record of each kind, a line each: table, key, version, JSON. A shape that changes gets a line of its
//! own beside the old one, which stays. `IESCP_RECORDS_FROM=<sled store>` adds the kinds that are missing from a real store.

use super::kinds::{read, record_table};
use crate::store::{Found, Key, Read, SledOptions, SledStore, Store, keys::Table};
use data_encoding::HEXLOWER;
use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

const RECORDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/records.txt");

struct Line {
    table: Table,
    key: Key,
    bytes: Vec<u8>,
}

fn lines(text: &str) -> Vec<Line> {
    let parsed = text.lines().map(|line| {
        let parts: Vec<&str> = line.splitn(4, '\t').collect();
        let key = Key(HEXLOWER.decode(parts[1].as_bytes()).unwrap());
        let table = record_table(&key).unwrap();
        assert_eq!(format!("{table:?}"), parts[0]);
        Line { table, key, bytes: [&[parts[2].parse::<u8>().unwrap()], parts[3].as_bytes()].concat() }
    });
    parsed.collect()
}

#[test]
fn every_record_that_was_ever_written_is_read() {
    let lines = lines(&fs::read_to_string(RECORDS).unwrap());
    for line in &lines {
        let seen = read(line.table, &line.key, &line.bytes).unwrap_or_else(|error| panic!("{:?}: {error:?}", line.table));
        assert_eq!(seen.key, line.key, "{:?} says that it stands elsewhere", line.table);
    }
    let there: BTreeSet<Table> = lines.iter().map(|line| line.table).collect();
    let missing: Vec<Table> = Table::RECORDS.into_iter().filter(|table| !there.contains(table)).collect();
    assert!(missing.is_empty(), "no record of these is kept: {missing:?}");
}

#[tokio::test]
async fn missing_kinds_are_taken_from_a_store_when_asked_for() {
    let Ok(from) = std::env::var("IESCP_RECORDS_FROM") else { return };
    let mut text = fs::read_to_string(RECORDS).unwrap_or_default();
    let there: BTreeSet<Table> = lines(&text).iter().map(|line| line.table).collect();
    let store = SledStore::open(Path::new(&from), SledOptions::default()).unwrap();
    for table in Table::RECORDS.into_iter().filter(|table| !there.contains(table)) {
        let mut first = table.all();
        first.limit = if table == Table::Meta { 10 } else { 1 };
        let Some(Found::Many(pairs)) = store.read(vec![Read::Scan(first)]).await.unwrap().pop() else { panic!("no range") };
        for (key, stored) in pairs {
            let json = std::str::from_utf8(&stored.bytes[1..]).unwrap();
            writeln!(text, "{table:?}\t{}\t{}\t{json}", HEXLOWER.encode(&key.0), stored.bytes[0]).unwrap();
        }
    }
    fs::write(RECORDS, text).unwrap();
}
