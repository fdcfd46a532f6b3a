//! Two versions on one database: what a new one leaves undone while the one before may run, and how it is finished.

use super::*;

/// A connection like those of a program that knows an older layout.
struct Older(Child);

impl Older {
    fn connect(house: &House) -> Self {
        let mut client = house.cluster.client("iescp 1");
        client.stdin.as_mut().unwrap().write_all(b"SELECT 'here';\n").unwrap();
        let mut said = String::new();
        BufReader::new(client.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said.trim(), "here");
        Self(client)
    }
}

impl Drop for Older {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _gone = self.0.wait();
    }
}

#[test]
fn r_09_an_upgrade_is_finished_once_no_node_of_the_version_before_runs() {
    let house = House::open();
    house.done(&["admin", "create", "--username", "ada"], "kettle-orbit-violin-42\n");
    assert!(house.done(&["upgrade"], "").contains("nothing is left to do"));
    // A store that does not say its layout has the first, from which a step leads on that contracts.
    house.cluster.sql("DELETE FROM iescp_record WHERE encode(k, 'escape') LIKE '%layout%'");
    let older = Older::connect(&house);
    let node = house.serve("one");
    assert_eq!(node.sign_in("ada", "kettle-orbit-violin-42").as_deref(), Ok("admin"));
    assert!(log_of(&house.at("one")).contains("run `iescp-web upgrade`"));
    let refused = run(&house.at("terminal"), &["upgrade", "--store", &house.store()], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("version before"), "{}", err(&refused));
    drop(older);
    // The server takes a moment to notice that it is gone.
    until("it is finished", || {
        let finished = run(&house.at("terminal"), &["upgrade", "--store", &house.store()], "");
        finished.status.success() && out(&finished).contains("done")
    });
    assert!(house.done(&["upgrade"], "").contains("nothing is left to do"));
    assert!(house.done(&["check"], "").contains("nothing is wrong"));
    assert_eq!(node.sign_in("ada", "kettle-orbit-violin-42").as_deref(), Ok("admin"));
}
