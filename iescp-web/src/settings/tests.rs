use super::*;
use clap::{Args, Command, FromArgMatches};
use std::net::IpAddr;

fn read_with(args: &[&str], file: &str) -> Result<Settings, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("iescp.toml");
    std::fs::write(&path, file).unwrap();
    let command = Settings::augment_args(Command::new("iescp-web"));
    let mut all = vec!["iescp-web".into(), "--config".into(), path.into_os_string()];
    all.extend(args.iter().map(Into::into));
    let (matches, table) = read(command, all).map_err(|e| e.to_string())?;
    Settings::from_arg_matches(&matches).unwrap().with_secrets(&table).map_err(|e| e.to_string())
}

#[test]
fn an_option_wins_over_the_file_and_the_file_over_the_default() {
    let settings = read_with(&["--rate-limit", "7"], "rate_limit = 5\nmax_body = 2048\ndemo = true").unwrap();
    assert_eq!((settings.rate_limit, settings.max_body, settings.demo), (7, 2048, true));
    assert_eq!(settings.rate_window, 10);
}

#[test]
fn lists_in_the_file_are_lists() {
    let settings = read_with(&[], "trusted_proxies = ['10.0.0.0/8', '::1']").unwrap();
    assert_eq!(settings.trusted_proxies.len(), 2);
    assert!(settings.trusted_proxies[0].contains("10.9.8.7".parse().unwrap()));
}

#[test]
fn unknown_keys_and_wrong_values_in_the_file_are_named() {
    assert!(read_with(&[], "rate_limits = 5").unwrap_err().contains("there is no setting `rate_limits`"));
    assert!(read_with(&[], "rate_limit = 0").unwrap_err().contains("rate-limit"));
    assert!(read_with(&[], "rate_limit = {}").unwrap_err().contains("rate_limit"));
}

#[test]
fn s_61_debug_of_the_settings_shows_no_secret() {
    let settings = read_with(&[], "metrics_token = 'planted-secret-planted'").unwrap();
    assert_eq!(settings.metrics_token.as_ref().unwrap().reveal(), "planted-secret-planted");
    let shown = format!("{settings:?}");
    assert!(shown.contains("***") && !shown.contains("planted"));
}

#[test]
fn s_61_a_weak_secret_is_refused_without_being_repeated() {
    let why = read_with(&[], "metrics_token = 'tiny'").unwrap_err();
    assert!(why.contains("too short") && !why.contains("tiny"));
}

#[test]
fn networks_contain_what_they_should_and_nothing_else() {
    let net = |text: &str| text.parse::<Network>().unwrap();
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    assert!(net("192.168.0.0/16").contains(ip("192.168.44.1")));
    assert!(!net("192.168.0.0/16").contains(ip("192.169.0.1")));
    assert!(net("127.0.0.1").contains(ip("::ffff:127.0.0.1")));
    assert!(net("0.0.0.0/0").contains(ip("8.8.8.8")) && !net("0.0.0.0/0").contains(ip("::1")));
    assert!(net("fd00::/8").contains(ip("fd12::1")) && !net("fd00::/8").contains(ip("fe80::1")));
    assert!("10.0.0.0/33".parse::<Network>().is_err() && "ten".parse::<Network>().is_err());
}

#[test]
fn origins_are_plain() {
    assert!(network::origin("https://app.example:8443").is_ok());
    for wrong in ["*", "https://app.example/path", "https://*.example", "app.example", "null", "HTTPS://app.example"] {
        assert!(network::origin(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_demonstration_loosens_rates_and_no_rule() {
    let (usual, demo) = (read_with(&[], "").unwrap(), read_with(&["--demo"], "").unwrap());
    assert!(demo.rate_limit() > usual.rate_limit());
    assert_eq!(read_with(&["--demo", "--rate-limit", "7"], "").unwrap().rate_limit(), 7);
    let (usual, demo) = (usual.of_the_platform(), demo.of_the_platform());
    assert!(demo.caps.registrations_from > usual.caps.registrations_from);
    assert_eq!(format!("{:?}", demo.timers), format!("{:?}", usual.timers));
    assert_eq!(demo.passwords, usual.passwords);
}

#[test]
fn the_worker_passes_over_every_key_that_it_does_not_know() {
    let here = Settings::augment_args(Command::new("iescp-web"));
    let there = settings::Settings::augment_args(Command::new("iescp-worker"));
    let names =
        |command: &Command| -> Vec<String> { command.get_arguments().map(|argument| argument.get_id().to_string()).collect() };
    let shared = names(&there);
    let mut ours: Vec<String> = names(&here).into_iter().filter(|name| !shared.contains(name)).collect();
    ours.push("metrics_token".to_owned());
    ours.sort();
    let mut passed_over = settings::OF_THE_SERVER.to_vec();
    passed_over.sort_unstable();
    assert_eq!(passed_over, ours);
}
