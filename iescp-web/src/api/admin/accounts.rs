//! Accounts, as admins see them and what admins do to them.

use super::super::amount::Currency;
use super::super::listing::{list, wanted};
use super::super::me::Session;
use super::super::profiles::{Channel, rates};
use super::super::words::{AccountStage, RoleWord};
use super::super::{
    Accepted, Body, Chapter, Cursor, Done, Failure, IfNoneMatch, Limit, Listed, Money, Nothing, Once, Shown, Timestamp,
};
use crate::identity::{Asker, SignedIn};
use iescp_core::Operation;
use iescp_core::moderation::accounts::{
    AccountForAdmins, AccountSummary, ApproveSponsor, EndSessionsOf, FlagAccount, ListAccounts, PutUnderReview, RejectSponsor,
    StartPasswordReset, UnflagAccount, VerifySponsor, ViewAccount,
};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The operations.
pub struct Accounts;

/// An account, as admins see it.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct SupervisedAccount {
    /// Its id.
    id: Uuid,
    /// Its user name.
    username: String,
    /// Its address.
    email: String,
    /// Whether the address is proven.
    email_verified: bool,
    /// `influencer`, `sponsor` or `admin`.
    role: String,
    /// `pending`, `active`, `rejected`, `suspended` or `closed`.
    state: String,
    /// Why it is in this state.
    state_reason: Option<String>,
    /// Whether admins look at it. Nobody else knows.
    under_review: bool,
    /// When it was made.
    created_at: Timestamp,
    /// When it last signed in.
    last_login_at: Option<Timestamp>,
}

impl From<AccountSummary> for SupervisedAccount {
    fn from(account: AccountSummary) -> Self {
        Self {
            id: account.id.into(),
            username: account.username.to_string(),
            email: account.email.to_string(),
            email_verified: account.email_verified,
            role: account.role.word().into(),
            state: account.state.word().into(),
            state_reason: account.state_reason,
            under_review: account.under_review,
            created_at: Timestamp(account.created_at),
            last_login_at: account.last_login_at.map(Timestamp),
        }
    }
}

/// An influencer's profile, as admins see it.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct SupervisedInfluencer {
    /// What they are called.
    display_name: String,
    /// What they say of themselves.
    bio: String,
    /// Where they live or work.
    location: Option<String>,
    /// The languages they publish in.
    languages: Vec<String>,
    /// What they publish about.
    niches: Vec<String>,
    /// Where they publish.
    channels: Vec<Channel>,
    /// What they usually ask for one piece of a format.
    rate_card: BTreeMap<String, Money>,
}

/// A sponsor's profile, as admins see it.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct SupervisedSponsor {
    /// The company's or person's name.
    company: String,
    /// What it does.
    industry: Option<String>,
    /// Where it is on the web.
    website: Option<String>,
    /// What it says of itself.
    description: String,
    /// When an admin checked the company.
    verified_at: Option<Timestamp>,
    /// Which admin.
    verified_by: Option<Uuid>,
    /// What was checked.
    verified: Option<String>,
}

/// One account with all that admins see of it.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct SupervisedAccountInFull {
    /// The account.
    account: SupervisedAccount,
    /// An influencer's profile.
    influencer: Option<SupervisedInfluencer>,
    /// A sponsor's profile.
    sponsor: Option<SupervisedSponsor>,
    /// Whether it has a second factor.
    second_factor: bool,
    /// Its newest sessions.
    #[oai(validator(max_items = 100))]
    sessions: Vec<Session>,
}

impl SupervisedAccountInFull {
    fn new(seen: AccountForAdmins, currency: Currency) -> Self {
        Self {
            account: seen.account.into(),
            influencer: seen.influencer.map(|profile| SupervisedInfluencer {
                display_name: profile.display_name.to_string(),
                bio: profile.bio.to_string(),
                location: profile.location.as_ref().map(ToString::to_string),
                channels: profile.channels.iter().map(Channel::from).collect(),
                rate_card: rates(&profile.rate_card, currency),
                languages: profile.languages,
                niches: profile.niches,
            }),
            sponsor: seen.sponsor.map(|profile| SupervisedSponsor {
                company: profile.company.to_string(),
                industry: profile.industry.as_ref().map(ToString::to_string),
                website: profile.website.as_ref().map(ToString::to_string),
                description: profile.description.to_string(),
                verified_at: profile.verified.as_ref().map(|mark| Timestamp(mark.at)),
                verified_by: profile.verified.as_ref().map(|mark| mark.by.into()),
                verified: profile.verified.as_ref().map(|mark| mark.checked.to_string()),
            }),
            second_factor: seen.second_factor,
            sessions: seen.sessions.into_iter().map(Session::from).collect(),
        }
    }
}

/// Why something is done to somebody.
#[derive(Object)]
struct AccountReason {
    /// In words; the person reads it.
    #[oai(validator(min_length = 1, max_length = 2000))]
    reason: String,
}

/// Whether admins look at an account.
#[derive(Object)]
struct ReviewMark {
    /// Whether it is to be marked.
    under_review: bool,
}

/// What was checked of a company.
#[derive(Object)]
struct CompanyCheck {
    /// Such as an entry in a register; null takes the verified mark away.
    #[oai(nullable, validator(max_length = 400))]
    checked: MaybeUndefined<String>,
}

/// Does something to an account, and shows what became of it.
async fn act<O>(who: &Asker, key: Once, operation: O) -> Result<Done<SupervisedAccount>, Failure>
where
    O: Operation<Output = AccountSummary>,
{
    let done = who.run_once(key.0, operation).await?;
    Ok(Done::new(done.output.into()).replayed(done.replayed))
}

#[OpenApi(tag = "Chapter::Supervision")]
impl Accounts {
    /// List accounts
    ///
    /// The newest first; of a role, in a state, or under review.
    #[oai(path = "/admin/accounts", method = "get", operation_id = "list_accounts")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the URL")]
    async fn list_accounts(
        &self,
        who: SignedIn,
        request: &Request,
        role: Query<Option<RoleWord>>,
        state: Query<Option<AccountStage>>,
        under_review: Query<Option<bool>>,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<SupervisedAccount>, Failure> {
        let operation = ListAccounts {
            role: role.0.map(Into::into),
            state: state.0.map(Into::into),
            under_review: under_review.0.unwrap_or(false),
            named: None,
            page: wanted(limit.0, cursor.0),
        };
        list(&who.0, request, operation, SupervisedAccount::from).await
    }

    /// Show an account
    ///
    /// With its profile and sessions. That an admin looked is kept in the audit trail.
    #[oai(path = "/admin/accounts/:id", method = "get", operation_id = "show_account")]
    async fn show_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        if_none_match: IfNoneMatch,
    ) -> Result<Shown<SupervisedAccountInFull>, Failure> {
        let seen = who.0.run(ViewAccount { account: id.0.into() }).await?;
        Ok(Shown::as_seen(SupervisedAccountInFull::new(seen, Currency::of(&who.0)), 0, &if_none_match))
    }

    /// Approve a sponsor
    ///
    /// One who waits for approval; they are told.
    #[oai(path = "/admin/accounts/:id/approve", method = "post", operation_id = "approve_account")]
    async fn approve_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
    ) -> Result<Done<SupervisedAccount>, Failure> {
        act(&who.0, idempotency_key, ApproveSponsor { account: id.0.into() }).await
    }

    /// Turn a sponsor down
    ///
    /// One who waits for approval; they read why and may apply again.
    #[oai(path = "/admin/accounts/:id/reject", method = "post", operation_id = "reject_account")]
    async fn reject_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<AccountReason>,
    ) -> Result<Done<SupervisedAccount>, Failure> {
        act(&who.0, idempotency_key, RejectSponsor { account: id.0.into(), reason: body.0.reason }).await
    }

    /// Suspend an account
    ///
    /// Every session, token and stream of it ends at once. Running collaborations go on to their end. The last active admin
    /// cannot be suspended.
    #[oai(path = "/admin/accounts/:id/flag", method = "post", operation_id = "flag_account")]
    async fn flag_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<AccountReason>,
    ) -> Result<Done<SupervisedAccount>, Failure> {
        act(&who.0, idempotency_key, FlagAccount { account: id.0.into(), reason: body.0.reason }).await
    }

    /// End a suspension
    ///
    /// The account can sign in again.
    #[oai(path = "/admin/accounts/:id/unflag", method = "post", operation_id = "unflag_account")]
    async fn unflag_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
    ) -> Result<Done<SupervisedAccount>, Failure> {
        act(&who.0, idempotency_key, UnflagAccount { account: id.0.into() }).await
    }

    /// Mark an account as looked at, or take the mark away
    ///
    /// Only admins see it.
    #[oai(path = "/admin/accounts/:id/review", method = "post", operation_id = "review_account")]
    async fn review_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<ReviewMark>,
    ) -> Result<Done<SupervisedAccount>, Failure> {
        act(&who.0, idempotency_key, PutUnderReview { account: id.0.into(), on: body.0.under_review }).await
    }

    /// Mark a sponsor as verified, or take the mark away
    ///
    /// With what was checked; everyone sees it on the profile.
    #[oai(path = "/admin/accounts/:id/verify", method = "post", operation_id = "verify_account")]
    async fn verify_account(
        &self,
        who: SignedIn,
        id: Path<Uuid>,
        idempotency_key: Once,
        body: Body<CompanyCheck>,
    ) -> Result<Done<SupervisedAccount>, Failure> {
        let checked = match body.0.checked {
            MaybeUndefined::Value(checked) => Some(checked),
            MaybeUndefined::Null => None,
            MaybeUndefined::Undefined => {
                let detail = "Please say what was checked; null takes the mark away.";
                return Err(iescp_core::Error::invalid("checked", "required", detail).into());
            }
        };
        act(&who.0, idempotency_key, VerifySponsor { account: id.0.into(), checked }).await
    }

    /// End every session of an account
    ///
    /// It can sign in again.
    #[oai(path = "/admin/accounts/:id/end-sessions", method = "post", operation_id = "end_account_sessions")]
    async fn end_account_sessions(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Nothing, Failure> {
        who.0.run_once(idempotency_key.0, EndSessionsOf { account: id.0.into() }).await?;
        Ok(Nothing)
    }

    /// Send somebody the link to choose a new password
    ///
    /// To the proven address. The admin learns neither the link nor the password.
    #[oai(path = "/admin/accounts/:id/password-reset", method = "post", operation_id = "start_password_reset")]
    async fn start_password_reset(&self, who: SignedIn, id: Path<Uuid>, idempotency_key: Once) -> Result<Accepted, Failure> {
        who.0.run_once(idempotency_key.0, StartPasswordReset { account: id.0.into() }).await?;
        Ok(Accepted)
    }
}
