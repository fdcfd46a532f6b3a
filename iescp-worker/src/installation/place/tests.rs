use super::*;

fn fill(place: &Place) {
    place.add(KEYS, b"the ").unwrap();
    place.add(KEYS, b"keys").unwrap();
    place.add(QUEUE, b"the queue").unwrap();
    fs::create_dir_all(place.pictures().join("00")).unwrap();
    fs::create_dir(place.store().join("sled")).unwrap();
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_was_built_is_put_where_it_belongs_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("deep/er");
    let place = Place::prepare(&root, root.clone()).unwrap();
    fill(&place);
    assert!(is_unfinished(&root).unwrap());
    place.take().unwrap();
    assert!(!is_unfinished(&root).unwrap());
    assert_eq!(names(&root), ["keys.json", "lock", "pictures", "queue.sqlite", "sled"]);
    assert_eq!(fs::read(root.join(KEYS)).unwrap(), b"the keys");
    let mode = |name: &str| fs::metadata(root.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("."), mode(KEYS), mode(QUEUE)), (0o700, 0o600, 0o600));
}

#[test]
fn a_place_that_holds_something_is_refused_and_left_as_it_is() {
    for name in ["sled", "keys.json", "queue.sqlite-wal", "pictures", "somebody's file"] {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("lost+found")).unwrap();
        drop(Place::prepare(directory.path(), directory.path().into()).unwrap());
        fs::remove_dir_all(directory.path().join(BUILDING)).unwrap();
        fs::create_dir(directory.path().join(name)).unwrap();
        let refused = Place::prepare(directory.path(), directory.path().into()).map(drop).unwrap_err();
        assert!(refused.contains("is not empty") || refused.contains("a store at"), "{refused}");
        assert_eq!(names(directory.path()).len(), 3);
    }
}

#[test]
fn keys_and_queue_may_belong_elsewhere_where_other_things_are() {
    let directory = tempfile::tempdir().unwrap();
    let (root, data) = (directory.path().join("store"), directory.path().join("data"));
    fs::create_dir(&data).unwrap();
    fs::write(data.join("somebody's file"), "").unwrap();
    let place = Place::prepare(&root, data.clone()).unwrap();
    fill(&place);
    place.take().unwrap();
    assert_eq!(names(&root), ["lock", "pictures", "sled"]);
    assert_eq!(names(&data), ["keys.json", "queue.sqlite", "somebody's file"]);
    fs::remove_dir_all(&root).unwrap();
    let refused = Place::prepare(&root, data.clone()).map(drop).unwrap_err();
    assert!(refused.contains("is not empty"), "{refused}");
}

#[test]
fn one_that_was_killed_at_any_step_leaves_no_store_or_a_whole_one_and_can_be_done_again() {
    for moved in 0..=PARTS.len() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let place = Place::prepare(root, root.into()).unwrap();
        fill(&place);
        for name in PARTS.into_iter().take(moved) {
            fs::rename(root.join(BUILDING).join(name), root.join(name)).unwrap();
        }
        drop(place);
        let whole = moved == PARTS.len();
        assert_eq!(is_unfinished(root).unwrap(), !whole);
        if !whole {
            let again = Place::prepare(root, root.into()).unwrap();
            assert_eq!(names(root), ["lock", BUILDING]);
            fill(&again);
            again.take().unwrap();
        }
        assert_eq!(names(root), ["keys.json", "lock", "pictures", "queue.sqlite", "sled"]);
    }
}

#[test]
fn what_nobody_knows_is_not_put_anywhere() {
    let directory = tempfile::tempdir().unwrap();
    let place = Place::prepare(directory.path(), directory.path().into()).unwrap();
    for name in ["../evil", "/etc/passwd", "lock", ""] {
        assert!(place.add(name, b"x").is_err(), "{name}");
    }
    assert!(Place::prepare(directory.path(), directory.path().into()).is_err(), "two fill the same place");
}
