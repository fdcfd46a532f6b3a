//! Many at once.

use super::{Outcome, add, batch, commit, count, expecting, get, key, put, same, value};
use crate::store::{Expect, Store, StoreError};
use std::{sync::Arc, task::Poll};
use tokio::task::JoinSet;

async fn all<T: 'static>(mut tasks: JoinSet<Result<T, String>>) -> Result<Vec<T>, String> {
    let mut answers = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        answers.push(joined.map_err(|error| format!("a task ended early: {error}"))??);
    }
    Ok(answers)
}

/// Of 64 at once who want one of ten, exactly ten get one, and all others are told by the guard.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn only_ten_fit_a_budget_for_ten(store: Arc<dyn Store>) -> Outcome {
    for round in 0..8 {
        let budget = format!("budget{round}");
        commit(&store, [add(&budget, 10, None)]).await?;
        let mut tasks = JoinSet::new();
        for task in 0..64 {
            let (store, budget) = (store.clone(), budget.clone());
            tasks.spawn(async move {
                let took = batch([add(&budget, -1, Some(0)), put(format!("{budget}/{task}"), "")]);
                match store.commit(took).await {
                    Ok(_) => Ok(true),
                    Err(StoreError::Guard(at)) if at == key(&budget) => Ok(false),
                    Err(error) => Err(format!("neither landed nor guarded: {error}")),
                }
            });
        }
        let landed = all(tasks).await?.into_iter().filter(|landed| *landed).count();
        same("how many fit", landed, 10)?;
        same("what is left", count(&store, &budget).await?, None)?;
        let mut present = 0;
        for task in 0..64 {
            present += usize::from(get(&store, format!("{budget}/{task}")).await?.is_some());
        }
        same("how many wrote what came with it", present, 10)?;
    }
    Ok(())
}

/// Every acknowledged write of many writers is there, under the number it was answered, and no number came twice.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn many_writers_lose_nothing(store: Arc<dyn Store>) -> Outcome {
    let mut tasks = JoinSet::new();
    for writer in 0..16 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut landed = Vec::new();
            for index in 0..32 {
                let name = format!("{writer}/{index}");
                let number = commit(&store, [put(&name, &name), add("total", 1, None)]).await?;
                same("read your write", value(&store, &name).await?, Some(name.clone().into_bytes()))?;
                landed.push((name, number));
            }
            Ok(landed)
        });
    }
    let landed: Vec<_> = all(tasks).await?.into_iter().flatten().collect();
    for (name, number) in &landed {
        let stored = get(&store, name).await?.ok_or_else(|| format!("{name} was acknowledged and is gone"))?;
        same("its version", stored.version, *number)?;
    }
    let mut numbers: Vec<_> = landed.iter().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    same("different numbers", numbers.len(), 16 * 32)?;
    same("the latest commit", Some(&store.latest()), numbers.last())?;
    same("the total", count(&store, "total").await?, Some(16 * 32))
}

/// Of many who change the same version, one lands and the others are told of the conflict: no update is lost.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn one_of_many_wins_each_round(store: Arc<dyn Store>) -> Outcome {
    let mut version = commit(&store, [put("a", "")]).await?;
    for _ in 0..16 {
        let mut tasks = JoinSet::new();
        for task in 0..8 {
            let store = store.clone();
            tasks.spawn(async move {
                let change = expecting(Expect::Version(key("a"), version), put("a", task.to_string()));
                match store.commit(change).await {
                    Ok(number) => Ok(Some(number)),
                    Err(StoreError::Conflict(_)) => Ok(None),
                    Err(error) => Err(format!("neither landed nor in conflict: {error}")),
                }
            });
        }
        let winners: Vec<u64> = all(tasks).await?.into_iter().flatten().collect();
        match winners.as_slice() {
            [number] => version = *number,
            other => return Err(format!("{} landed on one version", other.len())),
        }
    }
    Ok(())
}

/// Commits whose caller went away, before or after they were handed over, land whole or not at all and disturb nobody.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn dropped_commits_do_not_hang_others(store: Arc<dyn Store>) -> Outcome {
    for round in 0..50 {
        let names = [format!("{round}/x"), format!("{round}/y")];
        let mut dropped = store.commit(batch(names.iter().map(|name| put(name, ""))));
        if round % 2 == 0 {
            // Poll it once, so that it is under way when it is dropped.
            std::future::poll_fn(|context| {
                let _ = dropped.as_mut().poll(context);
                Poll::Ready(())
            })
            .await;
        }
        drop(dropped);
        commit(&store, [put("alive", round.to_string())]).await?;
        let [x, y] = names;
        same("both or none", get(&store, x).await?.is_some(), get(&store, y).await?.is_some())?;
    }
    same("the last commit", value(&store, "alive").await?, Some(b"49".to_vec()))
}
