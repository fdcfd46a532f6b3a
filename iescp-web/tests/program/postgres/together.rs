//! What is the same on a database as in a directory, and on one node as on the other.

use super::*;

fn read(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// A report without what differs from one installation to the next: ids and hours.
fn without_chance(mut report: Value) -> Value {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(forget),
            Value::Array(items) => items.iter_mut().for_each(forget),
            Value::String(text) if text.len() == 36 && text.matches('-').count() == 4 => *text = "an id".into(),
            _ => {}
        }
    }
    forget(&mut report);
    report
}

#[test]
fn v2_moves_into_a_database_as_it_moves_into_a_directory() {
    let (house, v2) = (House::open(), import::v2());
    let file = v2.path().join("users.db").to_str().unwrap().to_owned();
    let (here, there) = (v2.path().join("here.json"), v2.path().join("there.json"));
    let into_a_directory = run(v2.path(), &["import", &file, "--report", here.to_str().unwrap()], "");
    assert_eq!(into_a_directory.status.code(), Some(0), "{}", err(&into_a_directory));
    house.done(&["import", &file, "--report", there.to_str().unwrap()], "");
    assert_eq!(without_chance(read(&there)), without_chance(read(&here)));
    assert!(house.done(&["check"], "").contains("nothing is wrong"));
    assert!(house.done(&["check", "--repair"], "").contains("nothing is wrong"));

    house.done(&["backup", "before.backup"], "");
    assert!(house.done(&["import", &file], "").contains("0 of 23 rows were brought over"));
    assert!(house.done(&["check", "--repair"], "").contains("nothing is wrong"));
    let node = house.serve("one");
    assert_eq!(node.sign_in("lena", "V2 secret").as_deref(), Ok("influencer"));
}

#[test]
fn a_set_up_link_stays_good_when_another_node_starts() {
    let house = House::open();
    let one = house.serve("one");
    let link = |node: &Running| {
        let line = node.says();
        line.rsplit_once("https://iescp.example").unwrap_or_else(|| panic!("no link in “{line}”")).1.to_owned()
    };
    let first = link(&one);
    let other = house.serve("other");
    assert_ne!(link(&other), first);
    let page = other.get(&first, "");
    assert_eq!(page.status, 200, "either node takes the link of the other");
    let form = "&username=ada&email=ada%40example.com&password=kettle-orbit-violin-42";
    let form = format!("{}{form}", setup::token_of(&first));
    let made = other.post("/setup", setup::FORM, setup::OURS, &form);
    assert_eq!(made.status, 303, "{}", made.body);
    assert_eq!(one.sign_in("ada", "kettle-orbit-violin-42").as_deref(), Ok("admin"));
}

#[test]
fn each_node_shows_the_same_jobs() {
    let house = House::open();
    let printed = house.done(&["demo", "--influencers", "2", "--sponsors", "2", "--campaigns", "2"], "");
    let password = printed.lines().find(|line| line.trim_start().starts_with("admin ")).unwrap();
    let password = password.split_whitespace().nth(1).unwrap();
    let (one, other) = (house.serve("one"), house.serve("other"));
    let admin = one.bearer("admin", password).unwrap();
    let influencer = other.bearer("influencer", password).unwrap();
    // Nobody works, so what is asked for waits.
    let asked = other.post("/api/v1/exports", "application/json", &influencer, &json!({ "kind": "statement" }).to_string());
    assert_eq!(asked.status, 202, "{}", asked.body);
    until("the job waits", || one.get_json("/api/v1/admin/jobs", &admin)["waiting"].as_u64() > Some(0));
    assert_eq!(one.get_json("/api/v1/admin/jobs", &admin), other.get_json("/api/v1/admin/jobs", &admin));
}
