//! From a directory into a database and back, by copy and by backup.

use super::*;

/// The line of a copy's answer that tells what was copied.
fn sum(said: &str) -> String {
    said.lines().find(|line| line.starts_with("sha256")).unwrap().to_owned()
}

fn admin_password(said: &str) -> String {
    let line = said.lines().find(|line| line.trim_start().starts_with("admin ")).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

fn does(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments, "");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", out(&output), err(&output));
    out(&output)
}

fn refuses(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments, "");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}{}", out(&output), err(&output));
    err(&output)
}

#[test]
fn a_market_moves_into_a_database_and_back_and_people_notice_nothing() {
    let house = House::open();
    let (here, store) = (house.at("terminal"), house.store());
    let password = admin_password(&does(&here, &["demo", "--influencers", "6", "--sponsors", "2", "--campaigns", "3"]));

    let rehearsed = does(&here, &["copy", "--from", "sled:data", "--to", &store, "--rehearse"]);
    assert!(rehearsed.contains("nothing of it is left there") && !rehearsed.contains(SECRET), "{rehearsed}");
    assert!(refuses(&here, &["check", "--store", &store]).contains("there is no store"));
    let moved = does(&here, &["copy", "--from", "sled:data", "--to", &store]);
    assert_eq!(sum(&moved), sum(&rehearsed));
    assert!(refuses(&here, &["copy", "--from", "sled:data", "--to", &store]).contains("there is a store in it already"));

    let node = house.serve("one");
    assert_eq!(node.sign_in("admin", &password).as_deref(), Ok("admin"));
    house.done(&["backup", "whole.backup"], "");
    assert!(refuses(&here, &["restore", "whole.backup", "--store", &store]).contains("there is a store in it already"));
    assert_eq!(node.stop("-TERM"), Some(0));

    does(&here, &["restore", "whole.backup", "--store", "sled:restored"]);
    let again = start(&here, &["--store", "sled:restored"]);
    assert_eq!(again.sign_in("admin", &password).as_deref(), Ok("admin"));
    assert_eq!(again.stop("-TERM"), Some(0));
    let back = does(&here, &["copy", "--from", &store, "--to", "sled:back"]);
    assert_ne!(sum(&back), sum(&moved), "somebody signed in meanwhile");
    assert_eq!(sum(&does(&here, &["copy", "--from", "sled:back", "--to", "sled:back-again"])), sum(&back));
}

#[test]
fn a_restore_into_a_database_that_broke_off_is_noticed_and_can_be_done_again() {
    let house = House::open();
    let (here, store) = (house.at("terminal"), house.store());
    does(&here, &["admin", "create", "--username", "ada", "--password-file", &password_file(&here)]);
    does(&here, &["backup", "whole.backup"]);
    does(&here, &["restore", "whole.backup", "--store", &store]);
    house.cluster.sql("UPDATE iescp_head SET layout = 0; DELETE FROM iescp_record WHERE get_byte(k, 0) % 2 = 0");

    let why = refuses(&here, &["serve", "--no-worker", "--listen", "127.0.0.1:0", "--store", &store]);
    assert!(why.contains("broke off") && !why.contains(SECRET), "{why}");
    does(&here, &["restore", "whole.backup", "--store", &store]);
    let node = house.serve("one");
    assert_eq!(node.sign_in("ada", PASSWORD).as_deref(), Ok("admin"));
}

const PASSWORD: &str = "kettle-orbit-violin-42";

fn password_file(directory: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let file = directory.join("password");
    std::fs::write(&file, PASSWORD).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    file.to_str().unwrap().to_owned()
}
