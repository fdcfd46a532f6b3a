//! Guarded counters.

use super::{Outcome, add, batch, commit, count, guard_at, put, refused, same, value};
use crate::store::{Store, StoreError};
use std::sync::Arc;

/// An absent counter is zero, a counter that comes to zero is absent.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_counter_counts_and_vanishes_at_zero(store: Arc<dyn Store>) -> Outcome {
    for (by, wanted) in [(5, Some(5)), (-7, Some(-2)), (2, None), (0, None), (-1, Some(-1)), (1, None)] {
        commit(&store, [add("n", by, None)]).await?;
        same(&format!("after adding {by}"), count(&store, "n").await?, wanted)?;
    }
    Ok(())
}

/// The guard is on the result: reaching the floor is allowed, passing it is not.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_counter_keeps_its_floor(store: Arc<dyn Store>) -> Outcome {
    refused("below zero from nothing", store.commit(batch([add("n", -1, Some(0))])).await, guard_at("n"))?;
    commit(&store, [add("n", 3, Some(3))]).await?;
    refused("one below", store.commit(batch([add("n", -4, Some(0))])).await, guard_at("n"))?;
    refused("up, but not enough", store.commit(batch([add("n", 1, Some(5))])).await, guard_at("n"))?;
    commit(&store, [add("n", -3, Some(0))]).await?;
    same("at the floor", count(&store, "n").await?, None)?;
    commit(&store, [add("n", -3, Some(-3))]).await?;
    same("at a negative floor", count(&store, "n").await?, Some(-3))
}

/// Passing either end of the numbers is refused like a guard.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_counter_does_not_overflow(store: Arc<dyn Store>) -> Outcome {
    commit(&store, [add("high", i64::MAX, None), add("low", i64::MIN, None)]).await?;
    refused("above the largest", store.commit(batch([add("high", 1, None)])).await, guard_at("high"))?;
    refused("below the smallest", store.commit(batch([add("low", -1, None)])).await, guard_at("low"))?;
    same("the largest", count(&store, "high").await?, Some(i64::MAX))?;
    same("the smallest", count(&store, "low").await?, Some(i64::MIN))?;
    commit(&store, [add("high", i64::MIN, None), add("high", 1, None)]).await?;
    same("back to zero", count(&store, "high").await?, None)
}

/// Several adds to one key count as their sum; only the result is guarded, by the highest floor.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn several_adds_are_summed(store: Arc<dyn Store>) -> Outcome {
    commit(&store, [add("n", -5, Some(0)), add("n", 8, None), add("n", 1, Some(2))]).await?;
    same("the sum", count(&store, "n").await?, Some(4))?;
    let floors = batch([add("n", -1, Some(0)), add("n", -1, Some(3))]);
    refused("the highest floor", store.commit(floors).await, guard_at("n"))?;
    let huge = batch([add("n", i64::MAX, None), add("n", i64::MAX, None)]);
    refused("a sum beyond the numbers", store.commit(huge).await, guard_at("n"))?;
    commit(&store, [add("n", i64::MAX, None), add("n", -i64::MAX, None)]).await?;
    same("a sum that is not", count(&store, "n").await?, Some(4))
}

/// A value that is not eight bytes long cannot be added to.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_value_that_is_no_counter_is_not_added_to(store: Arc<dyn Store>) -> Outcome {
    commit(&store, [put("a", "text")]).await?;
    let adding = store.commit(batch([add("a", 1, None)])).await;
    refused("adding to text", adding, |error| matches!(error, StoreError::Corrupt(_)))?;
    same("the text", value(&store, "a").await?, Some(b"text".to_vec()))
}
