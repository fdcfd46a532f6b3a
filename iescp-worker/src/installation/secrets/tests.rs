use super::*;
use std::os::unix::fs::PermissionsExt;

fn now() -> Timestamp {
    "2026-05-01T12:00:00Z".parse().unwrap()
}

#[test]
fn keys_are_made_once_and_kept_over_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let first = Secrets::load(directory.path(), now()).unwrap();
    assert_eq!(Secrets::load(directory.path(), now()).unwrap(), first);
    let file = directory.path().join("keys.json");
    assert_eq!(fs::metadata(file).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn s_61_a_key_file_that_others_can_read_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    Secrets::load(directory.path(), now()).unwrap();
    let file = directory.path().join("keys.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    assert_eq!(Secrets::load(directory.path(), now()).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn a_damaged_key_file_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("keys.json");
    fs::write(&file, "{}").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(Secrets::load(directory.path(), now()).unwrap_err().kind(), io::ErrorKind::InvalidData);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{}");
}

#[test]
fn a_key_that_was_changed_is_noticed_and_a_file_of_an_early_version_gets_its_sum() {
    let directory = tempfile::tempdir().unwrap();
    let made = Secrets::load(directory.path(), now()).unwrap();
    let file = directory.path().join("keys.json");
    let text = fs::read_to_string(&file).unwrap();
    let key = String::from(made.links.clone());
    let other = if key.starts_with('A') { key.replacen('A', "B", 1) } else { format!("A{}", &key[1..]) };
    fs::write(&file, text.replace(&key, &other)).unwrap();
    let why = Secrets::load(directory.path(), now()).unwrap_err();
    assert!(why.kind() == io::ErrorKind::InvalidData && why.to_string().contains("remove that line"), "{why}");
    fs::write(&file, serde_json::to_string(&made).unwrap()).unwrap();
    assert_eq!(Secrets::load(directory.path(), now()).unwrap(), made);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn s_55_an_old_signing_key_is_replaced_and_the_links_secret_stays() {
    let directory = tempfile::tempdir().unwrap();
    let first = Secrets::load(directory.path(), now()).unwrap();
    let later = Secrets::load(directory.path(), now() + SignedDuration::from_hours(91 * 24)).unwrap();
    assert_ne!(later.signing.kid, first.signing.kid);
    assert_eq!(later.retired.as_ref().unwrap().kid, first.signing.kid);
    assert_eq!(later.links, first.links);
}

#[test]
fn s_61_debug_shows_no_key() {
    let secrets = Secrets::random(now()).unwrap();
    let shown = format!("{secrets:?}");
    assert!(!shown.contains(&String::from(secrets.links.clone())) && shown.contains("***"));
}
