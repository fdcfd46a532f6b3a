//! What somebody asks of one node counts at the others, also after the way between them was silent.

use super::{wire::Wire, *};

/// How much is spent at once.
const SPENT: u32 = 40;

/// How many requests are left to this address.
fn left(node: &Running) -> u32 {
    let answer = node.get("/api/v1/me", "");
    let (_, left) = answer.head.split_once("\r\nratelimit: ").unwrap_or_else(|| panic!("{}", answer.head));
    let (_, left) = left.split_once(";r=").unwrap();
    left.split(';').next().unwrap().parse().unwrap()
}

/// Whether what is spent at one is known at the other soon. Looks cost something themselves, which is less altogether.
fn is_heard_of(one: &Running, other: &Running) -> bool {
    let before = left(other);
    for _ in 0..SPENT {
        left(one);
    }
    (0..10).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        before - left(other) >= SPENT
    })
}

#[test]
fn nodes_count_together_again_after_their_connections_fell_silent() {
    let house = House::open();
    let wire = Wire::to(&house.store());
    let generous = ["--no-worker", "--rate-limit", "3000", "--rate-window", "86400"];
    let (one, other) = (house.start_over(&wire.name(), "one", &generous), house.start("other", &generous));
    for _ in 0..2 {
        until("each hears of the other", || is_heard_of(&one, &other) && is_heard_of(&other, &one));
        wire.fall_silent();
    }
    until("each hears of the other again", || is_heard_of(&one, &other) && is_heard_of(&other, &one));
    assert_eq!((one.stop("-TERM"), other.stop("-TERM")), (Some(0), Some(0)));
}
