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

fn titles(running: &Running) -> Vec<String> {
    let page: Value = serde_json::from_str(&running.get("/api/v1/campaigns?limit=100", "").body).unwrap();
    let mut titles: Vec<String> =
        page["items"].as_array().unwrap().iter().map(|campaign| campaign["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
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
        seen.push((titles(&running), password));
        assert_eq!(running.stop("-TERM"), Some(0));
        assert!(!log_of(directory.path()).contains(&seen.last().unwrap().1));
    }
    assert!(!seen[0].0.is_empty());
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
