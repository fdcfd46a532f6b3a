//! The made-up market, through the program.

use super::{Running, err, log_of, out, run, start};
use serde_json::Value;

/// The password among lines that print the sign-ins.
fn password_of(lines: &[String]) -> String {
    let line = lines.iter().find(|line| line.trim_start().starts_with("admin ")).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

fn sign_in_as_all(running: &Running, password: &str) {
    for role in ["admin", "sponsor", "influencer"] {
        assert_eq!(running.sign_in(role, password).as_deref(), Ok(role));
    }
}

/// What an admin sees: everybody's names and states, and the figures.
fn market(running: &Running, password: &str) -> (Vec<String>, Value) {
    let bearer = running.bearer("admin", password).unwrap();
    let page = running.get_json("/api/v1/admin/accounts?limit=100", &bearer);
    let accounts = page["items"].as_array().unwrap();
    let mut names: Vec<String> = accounts.iter().map(|one| format!("{} {}", one["username"], one["state"])).collect();
    names.sort();
    (names, running.get_json("/api/v1/admin/statistics", &bearer)["now"].clone())
}

#[test]
fn a_market_is_made_up_reproducibly_holds_together_and_signs_in_as_each_role() {
    let arguments = ["demo", "--influencers", "24", "--sponsors", "5", "--campaigns", "12", "--seed", "7"];
    let mut seen = Vec::new();
    for _ in 0..2 {
        let directory = tempfile::tempdir().unwrap();
        let made = run(directory.path(), &arguments, "");
        assert_eq!(made.status.code(), Some(0), "{}", err(&made));
        let password = password_of(&out(&made).lines().map(str::to_owned).collect::<Vec<_>>());
        let check = run(directory.path(), &["check"], "");
        assert_eq!(check.status.code(), Some(0), "{}{}", out(&check), err(&check));

        let again = run(directory.path(), &arguments, "");
        assert_eq!(again.status.code(), Some(1));
        assert!(err(&again).contains("empty store"), "{}", err(&again));

        let running = start(directory.path(), &["--demo"]);
        assert!(running.says().contains("made up"));
        sign_in_as_all(&running, &password);
        seen.push((market(&running, &password), password));
        assert_eq!(running.stop("-TERM"), Some(0));
        assert!(!log_of(directory.path()).contains(&seen.last().unwrap().1));
    }
    assert_eq!(seen[0].0.0.len(), 1 + 24 + 5);
    assert_eq!(seen[0].0, seen[1].0);
    assert_ne!(seen[0].1, seen[1].1, "each installation has a password of its own");
}

#[test]
fn serve_fills_an_empty_store_and_refuses_one_with_real_people() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &["--demo", "--store", "memory:"]);
    let lines: Vec<String> = (0..4).map(|_| running.says()).collect();
    sign_in_as_all(&running, &password_of(&lines));
    drop(running);

    let made = run(directory.path(), &["admin", "create", "--username", "ada"], "kettle-orbit-violin-42\n");
    assert_eq!(made.status.code(), Some(0));
    let refused = run(directory.path(), &["--demo", "--listen", "127.0.0.1:0"], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("empty store"), "{}", err(&refused));
}
