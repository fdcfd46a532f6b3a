//! The text of refresh tokens: which session, how many came before, chance, and a mark that only this installation makes.
//!
//! **Not here**: exchanging them (`refresh`).

use crate::{
    Result, Tx,
    id::SessionId,
    secret::{random_text, same},
};

/// The text of a new refresh token.
pub(super) fn written(tx: &Tx<'_>, session: SessionId, generation: u32) -> Result<String> {
    let body = format!("{session}.{generation}.{}", random_text(32)?);
    let mark = tx.platform().secret().token("refresh", &body);
    Ok(format!("{body}.{mark}"))
}

/// Whether this installation made that token.
pub(super) fn is_ours(tx: &Tx<'_>, token: &str) -> bool {
    token.rsplit_once('.').is_some_and(|(body, mark)| same(&tx.platform().secret().token("refresh", body), mark))
}
