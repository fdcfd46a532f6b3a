//! Keys are the same for all nodes, from the first moment on and when they are replaced.

use super::*;

const PASSWORD: &str = "kettle-orbit-violin-42";

#[test]
fn nodes_that_start_together_on_an_empty_database_have_the_same_keys_and_follow_their_replacement() {
    let house = House::open();
    let (one, other) = std::thread::scope(|threads| {
        let one = threads.spawn(|| house.serve("one"));
        let other = threads.spawn(|| house.serve("other"));
        (one.join().unwrap(), other.join().unwrap())
    });
    house.done(&["admin", "create", "--username", "ada"], &format!("{PASSWORD}\n"));
    let bearer = one.bearer("ada", PASSWORD).unwrap();
    assert_eq!(other.get_json("/api/v1/me", &bearer)["role"], "admin");

    house.cluster.sql(
        "UPDATE iescp_key SET keys = jsonb_set(keys::jsonb - 'sha256', '{signing,made_at}', '\"2020-01-01T00:00:00Z\"')::text",
    );
    let third = house.serve("third");
    let newer = third.bearer("ada", PASSWORD).unwrap();
    for node in [&one, &other, &third] {
        assert_eq!(node.get_json("/api/v1/me", &newer)["role"], "admin");
        assert_eq!(node.get_json("/api/v1/me", &bearer)["role"], "admin", "what was signed before is accepted for a while");
    }
    let signed_since = one.bearer("ada", PASSWORD).unwrap();
    assert_eq!(third.get_json("/api/v1/me", &signed_since)["role"], "admin");
}
