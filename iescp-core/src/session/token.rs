//! Personal access tokens: made, listed, revoked (S-54).
//!
//! A token's text is `iescp_pat_`, its id, its secret and a checksum, all in hexadecimal digits: programs that look for leaked
//! secrets know it by sight, and a mistyped one is refused without a look into the store. The store keeps its hash.

use super::{Scope, Token};
use crate::{
    Error, Operation, Page, PageRequest, Result, Secret, Tx,
    event::thing,
    id::TokenId,
    policy::{Action, Subject},
    secret::{random_bytes, sha256},
    store::keys::list,
    value::{Form, Line},
};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

const PREFIX: &str = "iescp_pat_";
const ID_DIGITS: usize = 32;
const SECRET_DIGITS: usize = 64;
const CHECK_DIGITS: usize = 8;
/// How many tokens an account may have.
const TOKENS_AT_MOST: usize = 50;
/// How long a token may last.
const DAYS_AT_MOST: i64 = 365;

fn text_of(id: TokenId) -> Result<String> {
    let secret: [u8; SECRET_DIGITS / 2] = random_bytes()?;
    let body = format!("{PREFIX}{}{}", id.0.simple(), HEXLOWER.encode(&secret));
    let check = crc32fast::hash(body.as_bytes());
    Ok(format!("{body}{check:08x}"))
}

/// The id in the text of a token, if it has the shape and checksum of one.
pub(super) fn id_in(text: &Secret) -> Option<TokenId> {
    let text = text.reveal();
    let (body, check) = text.split_at_checked(PREFIX.len() + ID_DIGITS + SECRET_DIGITS)?;
    let digits = body.strip_prefix(PREFIX)?;
    if check.len() != CHECK_DIGITS || format!("{:08x}", crc32fast::hash(body.as_bytes())) != check {
        return None;
    }
    Uuid::try_parse(digits.get(..ID_DIGITS)?).ok().map(TokenId)
}

/// What a token is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreateToken {
    /// What its owner calls it: 1 to 80 characters.
    pub name: String,
    /// `read` or `write`.
    pub scope: String,
    /// After how many days it ends: 1 to 365.
    pub expires_in_days: i64,
}

/// A token that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedToken {
    /// Its text, shown this once.
    pub token: Secret,
    /// What its owner sees of it later.
    pub summary: TokenSummary,
}

/// A token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    /// Its id.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: Line<80>,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub used_at: Option<Timestamp>,
}

impl From<Token> for TokenSummary {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scope: token.scope,
            created_at: token.created_at,
            expires_at: token.expires_at,
            used_at: token.used_at,
        }
    }
}

impl Operation for CreateToken {
    type Output = CreatedToken;
    const ACTION: Action = Action::CreateToken;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<CreatedToken> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        tx.require_fresh()?;
        let mut form = Form::default();
        let name = form.line("name", &self.name);
        let scope = match self.scope.trim() {
            "read" => Scope::Read,
            "write" => Scope::Write,
            _ => {
                form.wrong("scope", "unknown", "Please choose read or write.");
                Scope::Read
            }
        };
        if !(1..=DAYS_AT_MOST).contains(&self.expires_in_days) {
            form.wrong("expires_in_days", "range", format!("A token lasts between 1 and {DAYS_AT_MOST} days."));
        }
        form.finish()?;
        let mut tokens = list("tokens-of").id(me).range();
        tokens.limit = TOKENS_AT_MOST;
        if tx.scan(tokens).await?.len() >= TOKENS_AT_MOST {
            return Err(Error::not_now(
                "too_many_tokens",
                format!("You have {TOKENS_AT_MOST} tokens already. Revoke one first."),
            ));
        }
        let id: TokenId = tx.new_id();
        let text = text_of(id)?;
        let lasts = SignedDuration::from_hours(24 * self.expires_in_days);
        let expires_at = tx.now().saturating_add(lasts).unwrap_or(Timestamp::MAX);
        let secret = sha256(&[&text]);
        let token = Token { id, account: me, name, scope, secret, created_at: tx.now(), expires_at, used_at: None };
        tx.put(&token)?;
        let account = tx.me()?.clone();
        account.warn(tx, "A personal access token was made for your account.");
        tx.happened([thing("account", me), thing("token", id)], json!({ "scope": scope }));
        Ok(CreatedToken { token: text.into(), summary: token.into() })
    }
}

/// Lists one's tokens, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListTokens {
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListTokens {
    type Output = Page<TokenSummary>;
    const ACTION: Action = Action::ListTokens;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let page = tx.page_of::<Token>(list("tokens-of").id(me), &self.page, |id| Token::at(TokenId(id))).await?;
        Ok(page.map(TokenSummary::from))
    }
}

/// Revokes one of one's tokens.
#[derive(Clone, Copy, Debug)]
pub struct RevokeToken {
    /// Which.
    pub token: TokenId,
}

impl Operation for RevokeToken {
    type Output = ();
    const ACTION: Action = Action::RevokeToken;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.my_id()?;
        let token: Option<Token> = tx.get_at(Token::at(self.token)).await?;
        tx.allow(&Subject::of(me))?;
        let token = token.filter(|token| token.account == me).ok_or(Error::NotFound)?;
        tx.remove(&token)?;
        tx.happened([thing("account", me), thing("token", token.id)], json!({}));
        Ok(())
    }
}

/// Revokes all of one's tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct RevokeAllTokens;

impl Operation for RevokeAllTokens {
    /// How many were revoked.
    type Output = usize;
    const ACTION: Action = Action::RevokeAllTokens;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize> {
        let me = tx.my_id()?;
        tx.allow(&Subject::of(me))?;
        let mut tokens = list("tokens-of").id(me).range();
        tokens.limit = TOKENS_AT_MOST;
        let ids: Vec<TokenId> = tx.scan(tokens).await?.iter().filter_map(|(key, _)| key.last_id()).map(TokenId).collect();
        let mut revoked = 0;
        for id in ids {
            if let Some(token) = tx.get_at::<Token>(Token::at(id)).await? {
                tx.remove(&token)?;
                revoked += 1;
            }
        }
        if revoked > 0 {
            tx.happened([thing("account", me)], json!({ "tokens_revoked": revoked }));
        }
        Ok(revoked)
    }
}
