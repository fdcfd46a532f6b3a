//! What one acts through: sessions and personal tokens.

use super::super::listing::{list, wanted};
use super::super::{Body, Chapter, Cursor, Failure, Limit, Listed, Made, Nothing, Timestamp};
use crate::identity::SignedIn;
use iescp_core::session::{
    CreateToken, EndOtherSessions, EndSession, ListSessions, ListTokens, RevokeAllTokens, RevokeToken, Scope, SessionSummary,
    TokenSummary,
};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Sessions;

/// One sign-in that has not ended.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Session {
    /// Its id.
    id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    /// Whether a program refreshes it, or a browser's cookie holds it.
    refreshable: bool,
    /// When it began.
    created_at: Timestamp,
    /// When it was last seen, to within a few minutes.
    seen_at: Timestamp,
    /// When it ends at the latest.
    expires_at: Timestamp,
    /// From where it began.
    address: Option<String>,
    /// What the client calls itself.
    agent: Option<String>,
}

impl From<SessionSummary> for Session {
    fn from(session: SessionSummary) -> Self {
        Self {
            id: session.id.into(),
            current: session.current,
            refreshable: session.refreshable,
            created_at: Timestamp(session.created_at),
            seen_at: Timestamp(session.seen_at),
            expires_at: Timestamp(session.expires_at),
            address: session.address,
            agent: session.agent,
        }
    }
}

/// What a token may do.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum TokenScope {
    /// Only look.
    Read,
    /// Everything the account may, except what needs its password.
    Write,
}

/// A personal token to be made.
#[derive(Object)]
struct NewToken {
    /// What to call it.
    #[oai(validator(min_length = 1, max_length = 160))]
    name: String,
    /// What it may do.
    scope: TokenScope,
    /// After how many days it ends.
    #[oai(default = "usual_days", validator(minimum(value = "1"), maximum(value = "365")))]
    expires_in_days: i64,
}

fn usual_days() -> i64 {
    90
}

/// A personal token, as its owner sees it.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct PersonalToken {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// `read` or `write`.
    scope: String,
    /// When it was made.
    created_at: Timestamp,
    /// When it ends.
    expires_at: Timestamp,
    /// When it was last used, to within a few minutes.
    used_at: Option<Timestamp>,
    /// Its text: for the `Authorization` header, shown only when it is made.
    token: Option<String>,
}

impl From<TokenSummary> for PersonalToken {
    fn from(token: TokenSummary) -> Self {
        let scope = match token.scope {
            Scope::Read => "read",
            Scope::Write => "write",
        };
        Self {
            id: token.id.into(),
            name: token.name.to_string(),
            scope: scope.into(),
            created_at: Timestamp(token.created_at),
            expires_at: Timestamp(token.expires_at),
            used_at: token.used_at.map(Timestamp),
            token: None,
        }
    }
}

#[OpenApi(tag = "Chapter::Me")]
impl Sessions {
    /// List one's sessions
    ///
    /// The newest first.
    #[oai(path = "/me/sessions", method = "get", operation_id = "list_sessions")]
    async fn list_sessions(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Session>, Failure> {
        list(&who.0, request, ListSessions { page: wanted(limit.0, cursor.0) }, Session::from).await
    }

    /// End all other sessions
    ///
    /// All but the one that asks. Needs the password given a short while ago (`POST /me/reauthenticate`).
    #[oai(path = "/me/sessions", method = "delete", operation_id = "end_other_sessions")]
    async fn end_other_sessions(&self, who: SignedIn) -> Result<Nothing, Failure> {
        who.0.run(EndOtherSessions).await?;
        Ok(Nothing)
    }

    /// End a session
    ///
    /// One's own. Another than the one that asks needs the password given a short while ago.
    #[oai(path = "/me/sessions/:id", method = "delete", operation_id = "end_session")]
    async fn end_session(&self, who: SignedIn, id: Path<Uuid>) -> Result<Nothing, Failure> {
        who.0.run(EndSession { session: id.0.into() }).await?;
        Ok(Nothing)
    }

    /// List one's personal tokens
    ///
    /// The newest first. Their texts are not kept and cannot be shown again.
    #[oai(path = "/me/tokens", method = "get", operation_id = "list_tokens")]
    async fn list_tokens(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<PersonalToken>, Failure> {
        list(&who.0, request, ListTokens { page: wanted(limit.0, cursor.0) }, PersonalToken::from).await
    }

    /// Make a personal token
    ///
    /// For one's own programs. Its text is in this answer and never again. Needs the password given a short while ago.
    #[oai(path = "/me/tokens", method = "post", operation_id = "make_token")]
    async fn make_token(&self, who: SignedIn, body: Body<NewToken>) -> Result<Made<PersonalToken>, Failure> {
        let NewToken { name, scope, expires_in_days } = body.0;
        let scope = match scope {
            TokenScope::Read => "read",
            TokenScope::Write => "write",
        };
        let made = who.0.run(CreateToken { name, scope: scope.into(), expires_in_days }).await?;
        let location = format!("/me/tokens/{}", made.summary.id);
        Ok(Made::at(location, PersonalToken { token: Some(made.token.reveal().to_owned()), ..made.summary.into() }))
    }

    /// Revoke all personal tokens
    ///
    /// They are worth nothing from that moment on.
    #[oai(path = "/me/tokens", method = "delete", operation_id = "revoke_tokens")]
    async fn revoke_tokens(&self, who: SignedIn) -> Result<Nothing, Failure> {
        who.0.run(RevokeAllTokens).await?;
        Ok(Nothing)
    }

    /// Revoke a personal token
    ///
    /// It is worth nothing from that moment on.
    #[oai(path = "/me/tokens/:id", method = "delete", operation_id = "revoke_token")]
    async fn revoke_token(&self, who: SignedIn, id: Path<Uuid>) -> Result<Nothing, Failure> {
        who.0.run(RevokeToken { token: id.0.into() }).await?;
        Ok(Nothing)
    }
}
