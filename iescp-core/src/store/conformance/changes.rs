//! Commit numbers, and what is told of each commit.

use super::{KEPT_COMMITS, Outcome, add, commit, delete, key, put, same};
use crate::store::{Change, MAX_BATCH_BYTES, MAX_VALUE_BYTES, Store, StoreError};
use std::{sync::Arc, time::Duration};

/// Numbers grow from commit to commit and `latest` is the last of them.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn commit_numbers_only_grow(store: Arc<dyn Store>) -> Outcome {
    let mut last = store.latest();
    for index in 0..20 {
        let number = commit(&store, [put("a", index.to_string())]).await?;
        if number <= last {
            return Err(format!("commit {number} came after {last}"));
        }
        same("the latest commit", store.latest(), number)?;
        last = number;
    }
    Ok(())
}

/// `changes` tells every commit once, oldest first, with removals and with counters as they came out.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn changes_are_complete_ordered_and_resolved(store: Arc<dyn Store>) -> Outcome {
    let start = store.latest();
    let ten = |number: i64| Some(number.to_be_bytes().to_vec());
    let first = commit(&store, [put("b", "1"), put("a", "2"), add("n", 7, None), add("n", 3, None)]).await?;
    let second = commit(&store, [delete("b"), add("n", -4, Some(0))]).await?;
    let third = commit(&store, [add("n", -6, Some(0))]).await?;
    let one = Change {
        number: first,
        writes: vec![(key("a"), Some(b"2".to_vec())), (key("b"), Some(b"1".to_vec())), (key("n"), ten(10))],
    };
    let two = Change { number: second, writes: vec![(key("b"), None), (key("n"), ten(6))] };
    let three = Change { number: third, writes: vec![(key("n"), None)] };
    let all = vec![one.clone(), two.clone(), three.clone()];
    same("all changes", store.changes(start, 99).await, Ok(all))?;
    same("changes after the first", store.changes(first, 99).await, Ok(vec![two.clone(), three]))?;
    same("at most two", store.changes(start, 2).await, Ok(vec![one, two]))?;
    same("at most none", store.changes(start, 0).await, Ok(Vec::new()))?;
    same("after the last", store.changes(third, 99).await, Ok(Vec::new()))?;
    same("after what is yet to come", store.changes(third + 9, 99).await, Ok(Vec::new()))
}

/// A commit of nearly the largest size is told whole, between its small neighbours.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn large_commits_are_told_whole(store: Arc<dyn Store>) -> Outcome {
    let start = store.latest();
    commit(&store, [put("before", "")]).await?;
    let many = MAX_BATCH_BYTES / (MAX_VALUE_BYTES + 64);
    let letter = |index: usize| u8::try_from(index % 256).unwrap_or_default();
    let large = |index| (format!("large{index:02}"), vec![letter(index); MAX_VALUE_BYTES]);
    commit(&store, (0..many).map(large).map(|(name, value)| put(name, value))).await?;
    commit(&store, [put("after", "")]).await?;
    let told = store.changes(start, 99).await.map_err(|error| error.to_string())?;
    let sizes: Vec<_> = told.iter().map(|change| change.writes.len()).collect();
    same("writes per commit", sizes, vec![1, many, 1])?;
    let middle = told.get(1).ok_or("the large commit is missing")?;
    let wanted: Vec<_> = (0..many).map(large).map(|(name, value)| (key(name), Some(value))).collect();
    same("the large commit is the same", middle.writes == wanted, true)
}

/// Whoever watches is woken by a commit and then sees its number.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_watcher_wakes(store: Arc<dyn Store>) -> Outcome {
    let mut watch = store.watch();
    watch.mark_unchanged();
    let number = commit(&store, [put("a", "1")]).await?;
    let woken = tokio::time::timeout(Duration::from_secs(10), watch.wait_for(|latest| *latest >= number)).await;
    match woken {
        Ok(Ok(latest)) => same("what it sees", *latest, number),
        Ok(Err(_)) => Err("the watch was closed".into()),
        Err(_) => Err("it did not wake within ten seconds".into()),
    }
}

/// The last [`KEPT_COMMITS`] commits are told; asking for older ones is answered `Forgotten`, never with a gap.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn old_changes_are_forgotten(store: Arc<dyn Store>) -> Outcome {
    let mut numbers = vec![store.latest()];
    for index in 0..3 * KEPT_COMMITS {
        // Some commits large enough to be kept in pieces.
        let size = if index % 16 == 3 { MAX_VALUE_BYTES } else { 1 };
        numbers.push(commit(&store, [put("a", vec![1; size]), put("b", vec![2; size])]).await?);
    }
    numbers.reverse();
    let kept = usize::try_from(KEPT_COMMITS).unwrap_or(usize::MAX);
    let oldest = *numbers.get(kept).ok_or("too few commits")?;
    let told = store.changes(oldest, usize::MAX).await.map_err(|error| format!("the kept window: {error}"))?;
    let told: Vec<_> = told.iter().map(|change| change.number).collect();
    let wanted: Vec<_> = numbers.iter().take(kept).rev().copied().collect();
    same("the kept window", told, wanted)?;
    // An engine may trim in larger steps, but not without end.
    for after in numbers.iter().skip(2 * kept) {
        same("older changes", store.changes(*after, 9).await, Err(StoreError::Forgotten))?;
    }
    Ok(())
}
