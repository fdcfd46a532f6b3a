//! What must hold for a batch to land, and that all of it lands or nothing.

use super::{Outcome, add, batch, commit, conflict_at, delete, expecting, get, guard_at, key, put, refused, same, value};
use crate::store::{Batch, Expect, Store, StoreError};
use std::sync::Arc;

/// `Expect::Version` holds for the current version only: not after a change, a removal, or for a key that never was.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn an_expected_version_must_be_the_current_one(store: Arc<dyn Store>) -> Outcome {
    let first = commit(&store, [put("a", "1")]).await?;
    let expect = |version| expecting(Expect::Version(key("a"), version), put("a", "2"));
    let second = store.commit(expect(first)).await.map_err(|error| format!("the right version: {error}"))?;
    refused("a version since changed", store.commit(expect(first)).await, conflict_at("a"))?;
    refused("a version that never was", store.commit(expect(second + 1)).await, conflict_at("a"))?;
    commit(&store, [delete("a")]).await?;
    refused("a version since removed", store.commit(expect(second)).await, conflict_at("a"))?;
    refused("version zero of nothing", store.commit(expect(0)).await, conflict_at("a"))?;
    same("the key", get(&store, "a").await?, None)
}

/// `Expect::Absent` holds while there is no value, also after a removal.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn an_expected_absence_must_be_one(store: Arc<dyn Store>) -> Outcome {
    let create = || expecting(Expect::Absent(key("a")), put("a", ""));
    store.commit(create()).await.map_err(|error| format!("an absent key: {error}"))?;
    refused("a present key, be it empty", store.commit(create()).await, conflict_at("a"))?;
    commit(&store, [delete("a")]).await?;
    store.commit(create()).await.map(drop).map_err(|error| format!("a removed key: {error}"))
}

/// The same value written again, or removed and written again, is another version.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_rewritten_key_gets_a_new_version(store: Arc<dyn Store>) -> Outcome {
    let first = commit(&store, [put("a", "1")]).await?;
    commit(&store, [delete("a")]).await?;
    commit(&store, [put("a", "1")]).await?;
    let stale = expecting(Expect::Version(key("a"), first), put("a", "2"));
    refused("a version before a removal", store.commit(stale).await, conflict_at("a"))?;
    let before = commit(&store, [put("b", "1")]).await?;
    commit(&store, [put("b", "1")]).await?;
    let stale = expecting(Expect::Version(key("b"), before), put("b", "2"));
    refused("a version before the same value", store.commit(stale).await, conflict_at("b"))
}

/// A batch that fails for any reason leaves every key, the numbers and the changes as they were.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_failed_batch_changes_nothing(store: Arc<dyn Store>) -> Outcome {
    let number = commit(&store, [put("a", "1"), put("gone", "1"), add("count", 5, None)]).await?;
    let writes = || vec![put("a", "2"), put("new", "1"), delete("gone"), add("count", -6, Some(0))];
    refused("a guard", store.commit(batch(writes())).await, guard_at("count"))?;
    let doubtful = Batch {
        expect: vec![Expect::Version(key("a"), number), Expect::Absent(key("gone"))],
        writes: writes().into_iter().take(3).collect(),
        ..Batch::default()
    };
    refused("the second expectation", store.commit(doubtful).await, conflict_at("gone"))?;
    same("a", value(&store, "a").await?, Some(b"1".to_vec()))?;
    same("gone", value(&store, "gone").await?, Some(b"1".to_vec()))?;
    same("new", value(&store, "new").await?, None)?;
    same("count", value(&store, "count").await?, Some(5_i64.to_be_bytes().to_vec()))?;
    same("the latest commit", store.latest(), number)?;
    same("changes", store.changes(number, 9).await, Ok(Vec::new()))
}

/// A batch without writes checks its expectations, answers the latest number and is no change.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn an_empty_batch_takes_no_number(store: Arc<dyn Store>) -> Outcome {
    let first = commit(&store, [put("a", "1")]).await?;
    same("an empty batch", store.commit(Batch::default()).await, Ok(first))?;
    let check = |expect| Batch { expect: vec![expect], ..Batch::default() };
    same("an expectation that holds", store.commit(check(Expect::Version(key("a"), first))).await, Ok(first))?;
    refused("one that does not", store.commit(check(Expect::Absent(key("a")))).await, conflict_at("a"))?;
    same("the latest commit", store.latest(), first)?;
    same("changes", store.changes(first, 9).await, Ok(Vec::new()))
}

/// Two puts, a put and a removal, or a put and an add of one key contradict each other.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_batch_cannot_write_a_key_twice(store: Arc<dyn Store>) -> Outcome {
    for second in [put("a", "2"), delete("a"), add("a", 1, None)] {
        let twice = batch([put("a", "1"), second.clone()]);
        refused("a key written twice", store.commit(twice).await, |error| matches!(error, StoreError::Failed(_)))?;
        let twice = batch([second, put("a", "1")]);
        refused("a key written twice", store.commit(twice).await, |error| matches!(error, StoreError::Failed(_)))?;
    }
    same("the key", value(&store, "a").await?, None)
}

/// Removing what is not there lands.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn deleting_nothing_is_no_error(store: Arc<dyn Store>) -> Outcome {
    let number = commit(&store, [delete("a")]).await?;
    same("the latest commit", store.latest(), number)?;
    same("the key", get(&store, "a").await?, None)
}
