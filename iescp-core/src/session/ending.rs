//! How sessions end: one, all others, or everything an account acts through.

use super::{Session, Token};
use crate::{
    Result, Tx,
    id::{AccountId, SessionId, TokenId},
    store::keys::list,
};

/// More sessions, or tokens, than an account ever has.
const ENOUGH: usize = 200;

/// Ends every session of an account but this one, and answers how many ended.
///
/// Whoever calls this has fetched the account or its credentials, which every sign-in writes: a session that begins at the
/// same moment makes the caller run again and is found then.
pub(crate) async fn end_sessions(tx: &mut Tx<'_>, account: AccountId, but: Option<SessionId>) -> Result<usize> {
    let mut ended = 0;
    for id in listed(tx, "sessions-of", account).await? {
        let id = SessionId(id);
        if Some(id) == but {
            continue;
        }
        if let Some(session) = tx.get_at::<Session>(Session::at(id)).await? {
            tx.remove(&session)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Ends every session and every personal token of an account (S-16).
pub(crate) async fn end_everything(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    end_sessions(tx, account, None).await?;
    for id in listed(tx, "tokens-of", account).await? {
        if let Some(token) = tx.get_at::<Token>(Token::at(TokenId(id))).await? {
            tx.remove(&token)?;
        }
    }
    Ok(())
}

async fn listed(tx: &mut Tx<'_>, name: &str, account: AccountId) -> Result<Vec<uuid::Uuid>> {
    let mut scan = list(name).id(account).range();
    scan.limit = ENOUGH;
    Ok(tx.scan(scan).await?.iter().filter_map(|(key, _)| key.last_id()).collect())
}
