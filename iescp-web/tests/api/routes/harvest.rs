//! S-27: whatever ids somebody's answers hold, in others' hands they open nothing.

use super::valid::Valid;
use super::world::{Asker, World};
use super::{Operation, operations, reads_only_what_is_theirs};
use poem::http::Method;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What strangers may do with whatever they see.
const OPEN: [&str; 3] = ["ask_in_campaign", "block_account", "send_message"];

/// Every id in the answers to the two who deal with each other.
async fn ids(world: &mut World, all: &[Operation]) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for asker in [Asker::Sponsor, Asker::Influencer] {
        for operation in all.iter().filter(|operation| operation.method == Method::GET && operation.id != "follow_events") {
            let valid = operation.valid(world).await;
            let answer = operation.ask(world, asker, &valid, &valid.places).send().await;
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            known.extend(body.split('"').filter(|word| word.len() == 36 && Uuid::parse_str(word).is_ok()).map(str::to_owned));
        }
    }
    known
}

#[tokio::test]
async fn s_27_ids_from_somebodys_answers_open_nothing_for_others() {
    let mut world = World::new().await;
    let all: Vec<Operation> = operations().into_iter().filter(|operation| operation.way.is_empty()).collect();
    let known = ids(&mut world, &all).await;
    assert!(known.len() > 20, "{known:?}");
    let before = world.house.picture(&[&world.sponsor, &world.influencer]).await;
    for operation in all.iter().filter(|operation| operation.path.contains('{') && !OPEN.contains(&&*operation.id)) {
        let right = operation.valid(&mut World::new().await).await;
        for (asker, id) in [Asker::Rival, Asker::Stranger].into_iter().flat_map(|asker| known.iter().map(move |id| (asker, id))) {
            // A second place is an influencer's.
            let mut places = vec![world.influencer.id.to_string(); right.places.len()];
            places[0].clone_from(id);
            let answer = operation
                .ask(&world, asker, &Valid { query: String::new(), body: right.body.clone(), ..Valid::default() }, &places)
                .send()
                .await;
            reads_only_what_is_theirs(&operation.id, asker, &answer);
            let harmless = operation.method == Method::GET || !answer.status.is_success();
            assert!(harmless, "{} did {} with {id}", asker.name(), operation.title());
        }
    }
    assert_eq!(world.house.picture(&[&world.sponsor, &world.influencer]).await, before);
}
