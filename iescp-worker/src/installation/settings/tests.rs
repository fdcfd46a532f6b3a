use super::*;
use clap::{Args, Command, FromArgMatches};

fn read_with(args: &[&str], file: &str) -> Result<Settings, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("iescp.toml");
    std::fs::write(&path, file).unwrap();
    let command = Settings::augment_args(Command::new("iescp-worker"));
    let mut all = vec!["iescp-worker".into(), "--config".into(), path.into_os_string()];
    all.extend(args.iter().map(Into::into));
    let (matches, table) = read(command, all, &["smtp_password", "listen"]).map_err(|e| e.to_string())?;
    Settings::from_arg_matches(&matches).unwrap().with_secrets(&table).map_err(|e| e.to_string())
}

#[test]
fn an_option_wins_over_the_file_and_the_file_over_the_default() {
    let settings = read_with(&["--backup-keep", "7"], "backup_keep = 5\npictures_mb = 20\nsmtp_plain = true").unwrap();
    assert_eq!((settings.backup_keep, settings.pictures_mb, settings.smtp_plain), (7, 20, true));
    assert_eq!(settings.mails_per_hour, 30);
}

#[test]
fn keys_of_another_program_are_passed_over_and_unknown_ones_and_wrong_values_are_named() {
    assert!(read_with(&[], "listen = 'anything at all'").is_ok());
    assert!(read_with(&[], "listens = '127.0.0.1:1'").unwrap_err().contains("there is no setting `listens`"));
    assert!(read_with(&[], "pictures_mb = 0").unwrap_err().contains("pictures-mb"));
    assert!(read_with(&[], "pictures_mb = {}").unwrap_err().contains("pictures_mb"));
}

#[test]
fn mails_leave_by_the_server_that_is_set_with_whatever_password_it_asks_for() {
    assert!(read_with(&[], "").unwrap().smtp().is_none());
    let file = "smtp = 'smtps://iescp%40example.org@mail.example.org'\nsmtp_password = 'hunter2'";
    let smtp = read_with(&[], file).unwrap().smtp().unwrap();
    assert_eq!((smtp.server.user.as_deref(), smtp.server.port), (Some("iescp@example.org"), 465));
    assert_eq!((smtp.password.as_deref(), smtp.plain_allowed), (Some("hunter2"), false));
    let why = read_with(&[], "smtp = 'smtps://somebody:planted@mail.example.org'").unwrap_err();
    assert!(why.contains("IESCP_SMTP_PASSWORD") && !why.contains("no setting"), "{why}");
    assert!(read_with(&[], "smtp_password = ''").unwrap_err().contains("is empty"));
}

#[test]
fn s_61_debug_of_the_settings_shows_no_secret() {
    let file = "store = 'postgres://ann:planted@h/x'\nsmtp_password = 'planted'";
    let settings = read_with(&[], file).unwrap();
    assert_eq!(settings.store.engine(), Engine::Postgres("postgres://ann:planted@h/x"));
    let shown = format!("{settings:?}");
    assert!(shown.contains("***") && shown.contains("postgres://h/x") && !shown.contains("planted"), "{shown}");
}

#[test]
fn what_the_domain_decides_by_is_set_here() {
    let file = "currency = 'eur'\nfunding = 'planned'\ntime_zone = 'UTC'\nsite_name = ' Agora '";
    let platform = read_with(&[], file).unwrap().of_the_platform();
    assert_eq!((platform.currency.code(), platform.site_name.as_str()), ("EUR", "Agora"));
    assert_eq!(platform.funding, iescp_core::settings::Funding::Planned);
    for wrong in
        ["currency = 'EURO'", "funding = 'luck'", "time_zone = 'Europe/Atlantis'", "site_name = ''", "site_name = \"a\\nb\""]
    {
        assert!(read_with(&[], wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_memory_of_a_store_is_said_in_mebibytes() {
    assert_eq!(read_with(&["--cache-mb", "200"], "cache_mb = 100").unwrap().cache_mb, Some(200));
    assert_eq!(read_with(&[], "").unwrap().cache_mb, None);
    assert!(read_with(&["--cache-mb", "0"], "").is_err());
}

#[test]
fn what_the_disk_keeps_free_is_said_in_mebibytes_or_left_to_the_disk() {
    assert_eq!(read_with(&[], "").unwrap().reserve_bytes(), None);
    assert_eq!(read_with(&["--reserve-mb", "5"], "reserve_mb = 7").unwrap().reserve_bytes(), Some(5 * 1024 * 1024));
    assert_eq!(read_with(&[], "reserve_mb = 7").unwrap().reserve_bytes(), Some(7 * 1024 * 1024));
    assert!(read_with(&["--reserve-mb", "0"], "").is_err(), "sled needs some room to open again");
}

#[test]
fn public_urls_are_plain() {
    assert_eq!(public_url("https://iescp.example/").unwrap(), "https://iescp.example");
    assert!(public_url("ftp://x").is_err() && public_url("https://").is_err());
}

#[test]
fn only_a_sled_store_has_a_directory_of_its_own() {
    let directory = |args: &[&str]| read_with(args, "").unwrap().directory();
    assert_eq!(directory(&["--store", "sled:/srv/x"]).as_deref(), Some(Path::new("/srv/x")));
    assert_eq!(directory(&["--store", "postgres://h/x"]), None);
    assert_eq!(directory(&["--store", "postgres://h/x", "--data-dir", "/srv/y"]).as_deref(), Some(Path::new("/srv/y")));
    assert_eq!(directory(&["--store", "memory:"]), None);
}
