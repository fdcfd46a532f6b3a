//! What stands in the way is said, and no password with it.

use super::*;
use std::fs::{Permissions, set_permissions, write};
use std::os::unix::fs::PermissionsExt;

fn refused(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments, "");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}{}", out(&output), err(&output));
    assert!(!err(&output).contains(SECRET), "{}", err(&output));
    err(&output)
}

#[test]
fn a_database_that_cannot_be_used_is_named_without_its_password() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    for url in ["postgres://ann:{}@127.0.0.1:port/x", "postgres://ann:{}", "postgres://ann:{}@db.example/x?sslmode=require"] {
        let why = refused(here, &["--listen", "127.0.0.1:0", "--store", &url.replace("{}", SECRET)]);
        assert!(why.contains("the database's URL cannot be used") || why.contains("cannot be reached"), "{why}");
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let why = refused(here, &["check", "--store", &format!("postgres://ann:{SECRET}@{nobody}/x")]);
    assert!(why.contains("the database cannot be reached") && why.contains(&format!("postgres://{nobody}/x")), "{why}");
    let help = program(here).arg("--help").env("IESCP_STORE", format!("postgres://ann:{SECRET}@h/x")).output().unwrap();
    assert!(out(&help).contains("IESCP_STORE") && !out(&help).contains(SECRET));
}

#[test]
fn an_empty_database_is_no_store_yet_and_a_newer_one_is_refused() {
    let house = House::open();
    let here = house.at("terminal");
    let store = house.store();
    assert!(refused(&here, &["check", "--store", &store]).contains("there is no store in postgres://127.0.0.1"));
    let file = here.join("store-url");
    write(&file, format!("{store}\n")).unwrap();
    set_permissions(&file, Permissions::from_mode(0o604)).unwrap();
    let with_file = |arguments: &[&str]| program(&here).args(arguments).env("IESCP_STORE_FILE", &file).output().unwrap();
    assert_eq!(with_file(&["check"]).status.code(), Some(2), "others can read it");
    set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    assert!(err(&with_file(&["check"])).contains("there is no store in postgres://127.0.0.1"));
    house.done(&["admin", "create", "--username", "ada"], "kettle-orbit-violin-42\n");
    assert_eq!(with_file(&["check"]).status.code(), Some(0));
    house.cluster.sql("UPDATE iescp_head SET layout = 2");
    assert!(refused(&here, &["check", "--store", &store]).contains("newer version"));
}
