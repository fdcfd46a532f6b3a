use super::*;

fn told(seed: u64) -> Story {
    Story::tell(&Size { influencers: 120, sponsors: 20, campaigns: 60, seed })
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let (one, same, other) = (told(1), told(1), told(2));
    assert_eq!(
        format!("{:?}{:?}{:?}", one.creators, one.deals, one.beats),
        format!("{:?}{:?}{:?}", same.creators, same.deals, same.beats)
    );
    assert_ne!(format!("{:?}", one.creators), format!("{:?}", other.creators));
}

#[test]
fn every_outcome_occurs_and_no_name_twice() {
    let story = told(1);
    let moves: BTreeSet<String> = story
        .beats
        .values()
        .flatten()
        .filter_map(|beat| match beat {
            Beat::Deal(_, step) => format!("{step:?}").split('(').next().map(str::to_owned),
            _ => None,
        })
        .collect();
    for step in [
        "Ask",
        "Counter",
        "Accept",
        "Reject",
        "Withdraw",
        "Submit",
        "AskChanges",
        "Approve",
        "StepDown",
        "CancelOverdue",
        "Dispute",
        "WithdrawDispute",
        "Rule",
        "ProposeSplit",
        "AcceptSplit",
        "Review",
        "Results",
        "Payout",
        "Say",
    ] {
        assert!(moves.contains(step), "{step} never occurs");
    }
    let names: BTreeSet<&String> =
        story.creators.iter().map(|one| &one.username).chain(story.backers.iter().map(|one| &one.username)).collect();
    assert_eq!(names.len(), 140);
}
