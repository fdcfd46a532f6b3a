//! Commands at the terminal, on a closed store and while serving.

use super::{err, log_of, out, run, start};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const PASSWORD: &str = "kettle-orbit-violin-42";

fn create(directory: &Path, name: &str, more: &[&str], typed: &str) -> std::process::Output {
    run(directory, &[&["admin", "create", "--username", name], more].concat(), typed)
}

#[test]
fn admins_are_made_on_a_closed_store_and_while_serving() {
    let directory = tempfile::tempdir().unwrap();
    let closed = create(directory.path(), "ada", &["--email", "ada@example.com"], &format!("{PASSWORD}\n"));
    assert_eq!(closed.status.code(), Some(0), "{}", err(&closed));

    let running = start(directory.path(), &[]);
    let serving = create(directory.path(), "grace", &[], PASSWORD);
    assert_eq!(serving.status.code(), Some(0), "{}", err(&serving));
    for name in ["ada", "grace"] {
        assert_eq!(running.sign_in(name, PASSWORD).as_deref(), Ok("admin"));
    }
    for output in [&closed, &serving] {
        assert!(!out(output).contains(PASSWORD) && !err(output).contains(PASSWORD));
    }
    assert!(!log_of(directory.path()).contains(PASSWORD));
}

#[test]
fn what_is_wrong_with_a_new_admin_is_said_and_nothing_is_made() {
    let directory = tempfile::tempdir().unwrap();
    for (name, typed, said) in [
        ("a", PASSWORD, "username:"),
        ("ada", "short\n", "password:"),
        ("ada", "", "password:"),
        ("ada", "ada-ada-ada-ada-ada", "password:"),
    ] {
        let refused = create(directory.path(), name, &[], typed);
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains(said), "{}", err(&refused));
    }
    assert_eq!(create(directory.path(), "ada", &[], PASSWORD).status.code(), Some(0));
    let twice = create(directory.path(), "ADA", &[], PASSWORD);
    assert_eq!(twice.status.code(), Some(1));
    assert!(err(&twice).contains("has this user name"), "{}", err(&twice));
}

#[test]
fn s_61_a_password_file_must_not_be_open_to_everybody() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = create(directory.path(), "ada", &["--password-file", "password"], "");
    assert_eq!(open.status.code(), Some(1));
    assert!(err(&open).contains("chmod 600"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(create(directory.path(), "ada", &["--password-file", "password"], "").status.code(), Some(0));
}

#[test]
fn check_finds_nothing_wrong_closed_and_while_serving_and_says_where_there_is_nothing_to_check() {
    let directory = tempfile::tempdir().unwrap();
    let nothing = run(directory.path(), &["check"], "");
    assert_eq!(nothing.status.code(), Some(1));
    assert!(err(&nothing).contains("there is no store"), "{}", err(&nothing));
    assert!(!directory.path().join("data").exists());

    create(directory.path(), "ada", &[], PASSWORD);
    let running = start(directory.path(), &[]);
    let serving = run(directory.path(), &["check"], "");
    assert_eq!(running.stop("-TERM"), Some(0));
    let closed = run(directory.path(), &["check", "--repair"], "");
    for output in [serving, closed] {
        assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
        assert!(out(&output).contains("nothing is wrong"), "{}", out(&output));
        assert!(err(&output).contains("reading everything: "), "{}", err(&output));
    }
}
