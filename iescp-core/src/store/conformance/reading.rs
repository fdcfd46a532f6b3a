//! What is read back.

use super::{Outcome, commit, delete, get, key, put, same, scan, value};
use crate::store::{Found, Read, Scan, Store};
use std::sync::Arc;

/// After a commit was answered, a read sees its values under its number.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn a_commit_is_read_back(store: Arc<dyn Store>) -> Outcome {
    same("a key nobody wrote", get(&store, "a").await?, None)?;
    let number = commit(&store, [put("a", "1"), put("b", "")]).await?;
    let stored = get(&store, "a").await?.ok_or("a committed key is absent")?;
    same("its value", stored.bytes, b"1".to_vec())?;
    same("its version", stored.version, number)?;
    same("an empty value", value(&store, "b").await?, Some(Vec::new()))?;
    commit(&store, [delete("a"), put("b", "2")]).await?;
    same("a deleted key", get(&store, "a").await?, None)?;
    same("an overwritten value", value(&store, "b").await?, Some(b"2".to_vec()))
}

/// One call answers gets and scans in the order asked.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn reads_are_answered_in_the_order_asked(store: Arc<dyn Store>) -> Outcome {
    commit(&store, [put("a", "1"), put("b", "2")]).await?;
    let range = Scan { from: key("a"), to: key("z"), descending: false, limit: 9 };
    let reads = vec![Read::Get(key("b")), Read::Scan(range), Read::Get(key("c")), Read::Get(key("a"))];
    let found = store.read(reads).await.map_err(|error| error.to_string())?;
    match found.as_slice() {
        [Found::One(Some(b)), Found::Many(pairs), Found::One(None), Found::One(Some(a))] => {
            same("the first answer", b.bytes.as_slice(), b"2")?;
            same("the scan", pairs.len(), 2)?;
            same("the last answer", a.bytes.as_slice(), b"1")
        }
        other => Err(format!("four reads were answered by {other:?}")),
    }?;
    same("no reads", store.read(Vec::new()).await, Ok(Vec::new()))
}

/// A scan includes `from` and excludes `to`; an empty or reversed range answers nothing.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn scans_keep_their_bounds(store: Arc<dyn Store>) -> Outcome {
    commit(&store, ["a", "b", "ba", "c", "d"].map(|name| put(name, name))).await?;
    for (from, to, wanted) in
        [("b", "d", vec!["b", "ba", "c"]), ("", "b", vec!["a"]), ("bb", "bz", vec![]), ("c", "c", vec![]), ("d", "a", vec![])]
    {
        for descending in [false, true] {
            let range = Scan { from: key(from), to: key(to), descending, limit: 9 };
            let mut found: Vec<_> = scan(&store, range).await?.into_iter().map(|(key, _)| key).collect();
            if descending {
                found.reverse();
            }
            let wanted: Vec<_> = wanted.iter().map(key).collect();
            same(&format!("{from}..{to}, descending {descending}"), found, wanted)?;
        }
    }
    Ok(())
}

/// Descending scans begin at the end of the range; a limit cuts from where the scan began.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn scans_go_backwards_and_stop_at_the_limit(store: Arc<dyn Store>) -> Outcome {
    let names: Vec<String> = (0..100).map(|index| format!("{index:02}")).collect();
    commit(&store, names.iter().map(|name| put(name, name))).await?;
    for limit in [0, 1, 7, 100, 1000] {
        for descending in [false, true] {
            let range = Scan { from: key("00"), to: key("a"), descending, limit };
            let found: Vec<_> = scan(&store, range).await?.into_iter().map(|(_, stored)| stored.bytes).collect();
            let in_order: Vec<_> = names.iter().map(|name| name.clone().into_bytes()).collect();
            let wanted: Vec<_> = match descending {
                false => in_order.into_iter().take(limit).collect(),
                true => in_order.into_iter().rev().take(limit).collect(),
            };
            same(&format!("limit {limit}, descending {descending}"), found, wanted)?;
        }
    }
    Ok(())
}

/// Keys and values are any bytes and are ordered as bytes, the empty key first.
///
/// # Errors
/// Says what is wrong with the engine.
pub async fn any_bytes_make_a_key_or_value(store: Arc<dyn Store>) -> Outcome {
    let keys: [&[u8]; 9] = [b"", b"\0", b"\0\0", b"\0\xff", b"a\0", b"a\0b", b"\xfe\xff", b"\xff", b"\xff\xff"];
    commit(&store, keys.iter().rev().map(|name| put(name, name))).await?;
    for name in keys {
        same("a binary value", value(&store, name).await?, Some(name.to_vec()))?;
    }
    for descending in [false, true] {
        let range = Scan { from: key(b""), to: key(b"\xff\xff\xff"), descending, limit: 99 };
        let mut found: Vec<_> = scan(&store, range).await?.into_iter().map(|(key, _)| key.0).collect();
        if descending {
            found.reverse();
        }
        same("all binary keys in order", found, keys.map(<[u8]>::to_vec).to_vec())?;
    }
    let range = Scan { from: key(b"\0"), to: key(b"a\0b"), descending: false, limit: 99 };
    same("a binary range", scan(&store, range).await?.len(), 4)
}
