//! From a secret to who is asking: a browser's cookie, a personal access token.
//!
//! **Not here**: what they may do (every operation looks that up anew), access tokens that prove themselves (the web's).

use super::{Session, Token, beginning::named_in, token};
use crate::{
    Actor, Likely, Operation, Origin, Platform, Result, Secret, Sight, Through, Tx,
    account::Account,
    id::{AccountId, SessionId},
    policy::{Action, Subject},
    report::Glance,
    secret::{same, sha256},
    store::{Key, Read, Scan},
};
use jiff::{SignedDuration, Timestamp};

/// How old what is known of the last use may be.
const COARSE: SignedDuration = SignedDuration::from_mins(5);

/// Who has this cookie; none if there is no such session or it is over. Notes the use, at most once in five minutes.
///
/// # Errors
/// If the store fails.
pub async fn by_cookie(platform: &Platform, secret: &Secret, origin: Origin) -> Result<Option<Actor>> {
    by_cookie_in(platform, &Sight::new(), secret, origin, |_| Vec::new()).await
}

/// The same, for a request that runs several operations: what stands at the top of every page is read on the way, and what
/// the request will ask for.
///
/// # Errors
/// If the store fails.
pub async fn by_cookie_in(
    platform: &Platform,
    sight: &Sight,
    secret: &Secret,
    origin: Origin,
    foreseen: impl FnOnce(Likely) -> Vec<Read>,
) -> Result<Option<Actor>> {
    let visitor = Actor::visitor().from(origin.clone());
    let named = named_in(secret.reveal(), platform.settings().day_of(platform.clock().now())).map(|(session, likely)| {
        let (mut keys, mut scans) = (Glance::keys(likely.account), Vec::new());
        keys.push(Session::at(session));
        for read in foreseen(likely) {
            match read {
                Read::Get(key) => keys.push(key),
                Read::Scan(scan) => scans.push(scan),
            }
        }
        Named { session, keys, scans }
    });
    let by = By::Cookie { named, hash: sha256(&[secret.reveal()]) };
    recognise(platform, sight, &visitor, by, origin).await
}

/// Who has this personal access token; none if there is no such token or it is over. Notes the use, at most once in five
/// minutes. What is no token by its shape and checksum is refused without a look into the store.
///
/// # Errors
/// If the store fails.
pub async fn by_token(platform: &Platform, text: &Secret, origin: Origin) -> Result<Option<Actor>> {
    let Some(id) = token::id_in(text) else { return Ok(None) };
    let visitor = Actor::visitor().from(origin.clone());
    recognise(platform, &Sight::new(), &visitor, By::Token(id, sha256(&[text.reveal()])), origin).await
}

async fn recognise(platform: &Platform, sight: &Sight, visitor: &Actor, by: By, origin: Origin) -> Result<Option<Actor>> {
    let Some(found) = platform.run_in(sight, visitor, Authenticate { by }).await? else { return Ok(None) };
    let actor = found.actor.from(origin);
    if platform.clock().now().duration_since(found.seen_at) >= COARSE {
        // Only a note: whoever signed out meanwhile is told so by what they ask for next.
        let noted = platform.run(&Actor::system("sessions"), TouchSession { through: found.through }).await;
        if let Err(error) = noted {
            tracing::debug!(account = %found.account, %error, "the use of a session was not noted");
        }
    }
    Ok(Some(actor))
}

enum By {
    Cookie { named: Option<Named>, hash: String },
    Token(crate::id::TokenId, String),
}

/// Which session a cookie names, and what is read together with it.
struct Named {
    session: SessionId,
    keys: Vec<Key>,
    scans: Vec<Scan>,
}

struct Authenticate {
    by: By,
}

struct Found {
    account: AccountId,
    actor: Actor,
    through: Through,
    seen_at: Timestamp,
}

impl Operation for Authenticate {
    type Output = Option<Found>;
    const ACTION: Action = Action::Authenticate;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Found>> {
        tx.allow(&Subject::PLATFORM)?;
        let now = tx.now();
        match &self.by {
            By::Cookie { named, hash } => {
                let id = match named {
                    Some(named) => {
                        tx.load_all(&named.keys, named.scans.clone()).await?;
                        Some(named.session)
                    }
                    // A cookie of the time when they named nothing.
                    None => tx.led_to(Session::by_secret(hash)).await?,
                };
                let Some(id) = id else { return Ok(None) };
                let session: Option<Session> = tx.peek_at(Session::at(id)).await?;
                let alive = |session: &Session| same(&session.secret, hash) && !session.refreshable && !session.is_over(now);
                let session = session.filter(alive);
                Ok(session.map(|session| Found {
                    account: session.account,
                    actor: Actor::session(session.account, session.id),
                    through: Through::Session(session.id),
                    seen_at: session.seen_at,
                }))
            }
            By::Token(id, hash) => {
                let token: Option<Token> = tx.peek_at(Token::at(*id)).await?;
                let token = token.filter(|token| same(&token.secret, hash) && now < token.expires_at);
                Ok(token.map(|token| Found {
                    account: token.account,
                    actor: Actor::token(token.account, token.id),
                    through: Through::Token(token.id),
                    seen_at: token.used_at.unwrap_or(Timestamp::MIN),
                }))
            }
        }
    }
}

/// Notes that a session or token is in use.
struct TouchSession {
    through: Through,
}

impl Operation for TouchSession {
    type Output = ();
    const ACTION: Action = Action::TouchSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        tx.quietly();
        let now = tx.now();
        let is_recent = |at: Timestamp| now.duration_since(at) < COARSE;
        match self.through {
            Through::Session(id) => {
                let Some(mut session) = tx.get_at::<Session>(Session::at(id)).await? else { return Ok(()) };
                let Some(account) = tx.peek_at::<Account>(Account::at(session.account)).await? else { return Ok(()) };
                if session.is_over(now) || is_recent(session.seen_at) {
                    return Ok(());
                }
                session.seen_at = now;
                session.idle_until = session.idle_from(tx, account.role);
                tx.put(&session)
            }
            Through::Token(id) => {
                let Some(mut token) = tx.get_at::<Token>(Token::at(id)).await? else { return Ok(()) };
                if token.used_at.is_some_and(is_recent) {
                    return Ok(());
                }
                token.used_at = Some(now);
                tx.put(&token)
            }
            Through::Embedder => Ok(()),
        }
    }
}
