//! THE table: who may do what. Every operation asks it, reads included; pages ask it whether to draw a button.
//!
//! [`Action::may`] is the table, one row for each action; `docs/policy.txt` is it in print. What the actor may not see does not
//! exist for them ([`Error::NotFound`]); what may be seen but not done is [`Error::Forbidden`], with a sentence.
//!
//! **Not here**: in which *state* something may be done; that stands with the thing (`request`, `collaboration`, …).

use crate::{
    Error, Result,
    account::{Account, AccountState, Role},
    actor::Who,
    id::AccountId,
};
use serde::{Deserialize, Serialize};

/// Somebody's standing towards a thing. A row of the table names the standings of which one suffices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Whoever asks, signed in or not.
    Anyone,
    /// Any account that can sign in, whatever its role; pending sponsors too.
    SignedIn,
    /// The account it is about, or whose it is.
    Oneself,
    /// An active influencer.
    Influencer,
    /// An active sponsor.
    Sponsor,
    /// A sponsor, also one who waits for approval.
    SponsorEvenPending,
    /// The sponsor whose campaign, request or collaboration it is, approved and active.
    ItsSponsor,
    /// The same, also while waiting for approval.
    ItsSponsorEvenPending,
    /// The influencer whose request or collaboration it is.
    ItsInfluencer,
    /// An administrator.
    Admin,
    /// The platform, in one of its jobs.
    System,
    /// The person at the machine's terminal, or a program that embeds the core and acts as such.
    Terminal,
}

impl May {
    fn label(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "somebody signed in",
            Self::Oneself => "the account itself",
            Self::Influencer => "an influencer",
            Self::Sponsor => "an approved sponsor",
            Self::SponsorEvenPending => "a sponsor",
            Self::ItsSponsor => "its approved sponsor",
            Self::ItsSponsorEvenPending => "its sponsor",
            Self::ItsInfluencer => "its influencer",
            Self::Admin => "an admin",
            Self::System => "the platform itself",
            Self::Terminal => "the person at the terminal",
        }
    }
}

/// Declares the actions with their rows, so that neither can be without the other.
macro_rules! policy {
    ($($(#[$doc:meta])* $action:ident: $($may:ident)|+;)+) => {
        /// Everything somebody can do: one action for each operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "an action has the name of its operation, which is documented")]
        pub enum Action { $($(#[$doc])* $action,)+ }

        impl Action {
            /// Every action, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$action,)+];

            /// The table: of these standings, one suffices.
            #[must_use]
            pub const fn may(self) -> &'static [May] {
                match self { $(Self::$action => &[$(May::$may,)+],)+ }
            }

            /// The action's name: that of its operation.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => stringify!($action),)+ }
            }
        }
    };
}

policy! {
    // accounts
    Register: Anyone;
    MakeSetupLink: Terminal;
    ViewSetUp: Anyone;
    SetUp: Anyone;
    CreateAdmin: Terminal;
    ViewOwnAccount: Oneself;
    EditOwnAccount: Oneself;
    ApplyAgain: Oneself;
    CloseAccount: Oneself;
    ViewClosing: Oneself;
    ChangePassword: Oneself;
    ChangeEmail: Oneself;
    SendVerification: Oneself;
    VerifyEmail: Anyone;
    ForgotPassword: Anyone;
    ResetPassword: Anyone;
    EnrolTotp: Oneself;
    ConfirmTotp: Oneself;
    DisableTotp: Oneself;
    ViewInfluencer: Anyone;
    ViewSponsor: Anyone;
    ViewStanding: Anyone;
    ViewInfluencerInFull: Anyone;
    ViewSponsorInFull: Anyone;
    // sessions
    TakePlace: Anyone;
    SignIn: Anyone;
    Authenticate: Anyone;
    RefreshSession: Anyone;
    SignOut: SignedIn;
    Reauthenticate: Oneself;
    ListSessions: Oneself;
    EndSession: Oneself;
    EndOtherSessions: Oneself;
    CreateToken: Oneself;
    ListTokens: Oneself;
    RevokeToken: Oneself;
    RevokeAllTokens: Oneself;
    TouchSession: System;
    NoteRefusal: System;
    // pictures
    PutOwnPicture: Oneself;
    RemoveOwnPicture: Oneself;
    PutCampaignPicture: ItsSponsorEvenPending;
    RemoveCampaignPicture: ItsSponsorEvenPending;
    AddProof: ItsInfluencer;
    ViewPicture: Anyone;
    // campaigns
    DraftCampaign: SponsorEvenPending;
    ViewCampaign: Anyone;
    ListOwnCampaigns: SponsorEvenPending;
    ViewCampaignInFull: Anyone;
    ListOwnCampaignsInFull: SponsorEvenPending;
    ListAllCampaigns: Admin;
    EditCampaign: ItsSponsorEvenPending;
    RemoveCampaign: ItsSponsorEvenPending;
    PublishCampaign: ItsSponsor;
    PauseCampaign: ItsSponsor;
    ResumeCampaign: ItsSponsor;
    CompleteCampaign: ItsSponsor;
    CancelCampaign: ItsSponsor;
    FundCampaign: ItsSponsor;
    FlagCampaign: Admin;
    UnflagCampaign: Admin;
    EndCampaign: System;
    CloseRequests: System;
    TellVoidedOffers: System;
    // ad requests
    Apply: Influencer;
    Invite: ItsSponsor;
    ViewRequest: ItsSponsor | ItsInfluencer | Admin;
    ListRequests: SignedIn;
    ListCampaignRequests: ItsSponsorEvenPending | Admin;
    CounterOffer: ItsSponsor | ItsInfluencer;
    AmendOffer: ItsSponsor | ItsInfluencer;
    ConfirmOffer: ItsSponsor | ItsInfluencer;
    AcceptOffer: ItsSponsor | ItsInfluencer;
    RejectRequest: ItsSponsor | ItsInfluencer;
    WithdrawRequest: ItsSponsor | ItsInfluencer;
    ExpireRequest: System;
    // collaborations
    ViewCollaboration: ItsSponsor | ItsInfluencer | Admin;
    ListCollaborations: SignedIn;
    ViewAgreement: ItsSponsor | ItsInfluencer | Admin;
    SubmitWork: ItsInfluencer;
    ApproveWork: ItsSponsor;
    RequestChanges: ItsSponsor;
    StepDown: ItsInfluencer;
    CancelOverdue: ItsSponsor;
    ProposeSplit: ItsSponsor | ItsInfluencer;
    AcceptSplit: ItsSponsor | ItsInfluencer;
    WithdrawSplit: ItsSponsor | ItsInfluencer;
    OpenDispute: ItsSponsor | ItsInfluencer;
    WithdrawDispute: ItsSponsor | ItsInfluencer;
    RuleDispute: Admin;
    ListDisputes: Admin;
    ViewCase: Admin;
    ReportResults: ItsSponsor | ItsInfluencer;
    LeaveReview: ItsSponsor | ItsInfluencer;
    ListReviews: Anyone;
    StartReviewClock: System;
    RemindReviewer: System;
    ApproveUnanswered: System;
    CancelAbandoned: System;
    ExpireSplit: System;
    AlarmAdmins: System;
    SettleDispute: System;
    PublishReviews: System;
    // money
    ViewLedger: SignedIn;
    ListPayouts: SignedIn;
    RequestPayout: Influencer;
    SettlePayout: System;
    SettlePayment: System;
    ViewBalances: SignedIn;
    // talk and notice
    ListThreads: SignedIn;
    ReadThread: ItsSponsorEvenPending | ItsInfluencer | Admin;
    SendMessage: ItsSponsor | ItsInfluencer;
    MarkThreadRead: ItsSponsorEvenPending | ItsInfluencer;
    BlockAccount: SignedIn;
    UnblockAccount: SignedIn;
    ListBlocks: SignedIn;
    ListNotifications: SignedIn;
    MarkNotificationsRead: SignedIn;
    ViewPreferences: SignedIn;
    SetPreferences: SignedIn;
    Unsubscribe: Anyone;
    ViewUnsubscribe: Anyone;
    ViewChat: SignedIn;
    SetChat: SignedIn;
    RemoveChat: SignedIn;
    TestChat: SignedIn;
    FollowEvents: SignedIn;
    // files
    RequestExport: SignedIn;
    ListExports: SignedIn;
    ViewExport: Oneself;
    BeginExport: System;
    NoteExportProgress: System;
    FinishExport: System;
    FailExport: System;
    TimeExport: System;
    ListKeptExports: System;
    ListExportIds: System;
    ViewExportRows: System;
    ViewOwnData: System;
    // monthly reports
    ListReportReaders: System;
    MakeMonthlyReport: System;
    MakePlatformReport: System;
    ListMonthlyReports: Sponsor | Admin;
    ViewMonthlyReport: Sponsor | Admin;
    // finding each other
    SearchInfluencers: Anyone;
    SearchCampaigns: Anyone;
    ListShortlists: Sponsor;
    MakeShortlist: Sponsor;
    ViewShortlist: Oneself;
    EditShortlist: Oneself;
    RemoveShortlist: Oneself;
    AddToShortlist: Oneself;
    RemoveFromShortlist: Oneself;
    ViewShortlistInFull: Oneself;
    ListShortlistsFor: Sponsor;
    // supervision
    ReportAbuse: SignedIn;
    ListAbuseReports: Admin;
    ResolveAbuseReport: Admin;
    ListAccounts: Admin;
    ViewAccount: Admin;
    ApproveSponsor: Admin;
    RejectSponsor: Admin;
    VerifySponsor: Admin;
    FlagAccount: Admin;
    UnflagAccount: Admin;
    PutUnderReview: Admin;
    EndSessionsOf: Admin;
    StartPasswordReset: Admin;
    ViewAudit: Admin;
    ViewJobs: Admin;
    RetryJob: Admin;
    DiscardJob: Admin;
    ViewMails: Admin;
    ViewStatistics: Admin;
    ViewOwnStatistics: SignedIn;
    ViewGlance: SignedIn;
    ViewWaiting: SignedIn;
    ViewNames: Admin;
    // the platform's own work
    BeginDemo: Terminal;
    FinishDemo: Terminal;
    ViewDemo: Anyone;
    BeginImport: Terminal;
    WriteImport: Terminal;
    FinishImport: Terminal;
    ViewImports: System | Terminal;
    SayUp: System;
    SealAudit: System;
    VerifyAudit: Admin | System | Terminal;
    SnapshotStatistics: System;
    FindReminders: System;
    MarkReminded: System;
    CheckStore: System | Terminal;
    TellOfCheck: System;
    CleanUp: System;
    EraseAccount: System;
    ListOutbox: System;
    RelayOutbox: System;
    AddressLetter: System;
    PaceMail: System;
    AddressChat: System;
    AddressReminder: System;
    NoteChat: System;
    ListDue: System;
    FeedSearch: System;
    ListKnownPictures: System;
}

impl Action {
    /// Whether the action changes nothing (what is seen of it in the audit trail aside).
    #[must_use]
    pub fn reads(self) -> bool {
        let name = self.name();
        ["View", "List", "Search", "Read", "Follow", "Feed", "Authenticate"].iter().any(|verb| name.starts_with(verb))
    }
}

/// To whom a thing exists, besides admins and the platform itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenBy {
    /// To everyone, also those who have not signed in.
    Everyone,
    /// To those it belongs to.
    Parties,
}

/// What an action is about, as far as the policy needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The account it is, or that it belongs to.
    pub owner: Option<AccountId>,
    /// The sponsor who is a party to it.
    pub sponsor: Option<AccountId>,
    /// The influencer who is a party to it.
    pub influencer: Option<AccountId>,
    /// To whom it exists.
    pub seen_by: SeenBy,
}

impl Subject {
    /// Nothing in particular: the platform as a whole.
    pub const PLATFORM: Self = Self { owner: None, sponsor: None, influencer: None, seen_by: SeenBy::Everyone };

    /// Something of one account's that others do not see.
    #[must_use]
    pub const fn of(owner: AccountId) -> Self {
        Self { owner: Some(owner), sponsor: None, influencer: None, seen_by: SeenBy::Parties }
    }

    /// Something between a sponsor and an influencer that others do not see.
    #[must_use]
    pub const fn between(sponsor: AccountId, influencer: AccountId) -> Self {
        Self { owner: None, sponsor: Some(sponsor), influencer: Some(influencer), seen_by: SeenBy::Parties }
    }

    /// Whether this account is one of those it belongs to.
    #[must_use]
    pub fn involves(&self, account: AccountId) -> bool {
        [self.owner, self.sponsor, self.influencer].contains(&Some(account))
    }
}

/// Decides. `account` is the account that asks, as it is stored at this moment.
pub(crate) fn decide(action: Action, who: &Who, account: Option<&Account>, subject: &Subject) -> Result<()> {
    let itself = matches!(who, Who::System(_) | Who::Terminal);
    let exists = match (subject.seen_by, account) {
        (SeenBy::Everyone, _) => true,
        (SeenBy::Parties, Some(account)) => account.role == Role::Admin || subject.involves(account.id),
        (SeenBy::Parties, None) => itself,
    };
    if !exists {
        return Err(Error::NotFound);
    }
    if action.may().iter().any(|may| stands(*may, who, account, subject)) {
        return Ok(());
    }
    match account {
        None if !itself => Err(Error::SignedOut("Please sign in to do this.")),
        _ => Err(Error::Forbidden(sentence(action))),
    }
}

fn stands(may: May, who: &Who, account: Option<&Account>, subject: &Subject) -> bool {
    let is = |role: Role| account.is_some_and(|account| account.role == role);
    let active = account.is_some_and(|account| account.state == AccountState::Active);
    let matches = |party: Option<AccountId>| account.is_some_and(|account| party == Some(account.id));
    match may {
        May::Anyone => true,
        May::SignedIn => account.is_some(),
        May::Oneself => matches(subject.owner),
        May::Influencer => is(Role::Influencer) && active,
        May::Sponsor => is(Role::Sponsor) && active,
        May::SponsorEvenPending => is(Role::Sponsor),
        May::ItsSponsor => matches(subject.sponsor) && active,
        May::ItsSponsorEvenPending => matches(subject.sponsor),
        May::ItsInfluencer => matches(subject.influencer) && active,
        May::Admin => is(Role::Admin) && active,
        May::System => matches!(who, Who::System(_)),
        May::Terminal => matches!(who, Who::Terminal),
    }
}

fn sentence(action: Action) -> String {
    let who: Vec<&str> = action.may().iter().map(|may| may.label()).collect();
    format!("Only {} may do this.", who.join(" or "))
}

/// The table in print, one action a line.
#[must_use]
pub fn table() -> String {
    Action::ALL.iter().fold(String::new(), |table, action| {
        let who: Vec<&str> = action.may().iter().map(|may| may.label()).collect();
        table + &format!("{:<24}{:<8}{}\n", action.name(), if action.reads() { "reads" } else { "changes" }, who.join(" | "))
    })
}
