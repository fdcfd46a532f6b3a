//! Words that requests are made of: closed sets, so that the document lists them. Answers carry such words as plain text, for
//! there may be more of them one day.

use iescp_core::account::{AccountState, Role};
use iescp_core::campaign::{CampaignState, Visibility};
use iescp_core::collaboration::CollaborationState;
use iescp_core::moderation::{AbuseKind, AbuseState, Category, Outcome};
use iescp_core::request::RequestState;
use iescp_core::value::{Format, SocialPlatform};
use poem_openapi::Enum;

/// Declares the API's words for a set of the core's.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident as $core:ident { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
        #[oai(rename_all = "snake_case")]
        pub enum $name {
            $(#[allow(missing_docs)] $variant),+
        }

        impl From<$name> for $core {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => Self::$variant),+
                }
            }
        }

        impl $name {
            /// The core's word for it.
            #[allow(dead_code, reason = "some are only compared with")]
            pub(super) fn word(self) -> String {
                $core::from(self).word().to_owned()
            }
        }
    )+};
}

words! {
    /// What somebody registers as.
    RoleToRegister as Role { Influencer, Sponsor }

    /// What an account is.
    RoleWord as Role { Influencer, Sponsor, Admin }

    /// What an account may do at all.
    AccountStage as AccountState { Pending, Active, Rejected, Suspended, Closed }

    /// What an abuse report is about.
    ReportedKind as AbuseKind { Campaign, Account, Message }

    /// What is wrong with it.
    AbuseCategory as Category { Spam, Fraud, Harassment, Illegal, Impersonation, Other }

    /// What came of an abuse report.
    AbuseStage as AbuseState { Open, Flagged, Suspended, Dismissed }

    /// What an admin decides on an abuse report.
    AbuseOutcome as Outcome { Flag, Suspend, Dismiss }

    /// Who may know of a campaign.
    CampaignVisibility as Visibility { Public, Private }

    /// How far a campaign has come.
    CampaignStage as CampaignState { Draft, Active, Paused, Closing, Completed, Cancelled }

    /// How far a negotiation has come.
    RequestStage as RequestState { Open, Accepted, Rejected, Withdrawn, Expired }

    /// How far a collaboration has come.
    CollaborationStage as CollaborationState { Active, Submitted, Disputed, Completed, Cancelled }

    /// What form an advertisement takes.
    WorkFormat as Format { Post, Reel, Story, Video, Short, Live, Article, Other }

    /// Where something is published.
    WorkPlatform as SocialPlatform {
        Instagram, Tiktok, Youtube, X, Facebook, Twitch, Linkedin, Pinterest, Snapchat, Threads, Podcast, Blog, Newsletter, Other,
    }
}
