//! What is too large, and what just fits.

use super::{Outcome, batch, commit, get, key, put, refused, same, value};
use crate::store::{Batch, Expect, MAX_BATCH_BYTES, MAX_KEY_BYTES, MAX_VALUE_BYTES, Store, StoreError};
use std::sync::Arc;

/// The longest key, the largest value, and a batch close to the largest land and read back.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn the_largest_value_fits(store: Arc<dyn Store>) -> Outcome {
    let (name, large) = (vec![b'k'; MAX_KEY_BYTES], vec![b'v'; MAX_VALUE_BYTES]);
    commit(&store, [put(&name, &large)]).await?;
    same("the largest value", value(&store, &name).await? == Some(large.clone()), true)?;
    let many = MAX_BATCH_BYTES / (MAX_VALUE_BYTES + 64);
    commit(&store, (0..many).map(|index| put(format!("{index:02}"), &large))).await?;
    for index in 0..many {
        same("one of many", value(&store, format!("{index:02}")).await?.as_ref() == Some(&large), true)?;
    }
    Ok(())
}

/// Keys, values and batches beyond the limits are refused, and nothing of the batch lands.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn what_is_too_large_is_refused(store: Arc<dyn Store>) -> Outcome {
    let too_large = |error: &StoreError| matches!(error, StoreError::TooLarge(_));
    let (long, large) = (vec![b'k'; MAX_KEY_BYTES + 1], vec![b'v'; MAX_VALUE_BYTES + 1]);
    refused("a long key", store.commit(batch([put("a", ""), put(&long, "")])).await, too_large)?;
    refused("a large value", store.commit(batch([put("a", ""), put("b", &large)])).await, too_large)?;
    let expecting = Batch { expect: vec![Expect::Absent(key(&long))], writes: vec![put("a", "")], ..Batch::default() };
    refused("a long expected key", store.commit(expecting).await, too_large)?;
    let fits = vec![b'v'; MAX_VALUE_BYTES];
    let many = MAX_BATCH_BYTES / MAX_VALUE_BYTES + 1;
    let huge = batch((0..many).map(|index| put(format!("a{index}"), &fits)).chain([put("a", "")]));
    refused("a large batch", store.commit(huge).await, too_large)?;
    same("what came with them", get(&store, "a").await?, None)?;
    same("the first of the large batch", get(&store, "a0").await?, None)
}
