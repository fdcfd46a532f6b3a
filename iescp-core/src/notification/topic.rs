//! Topics: the groups in which people choose what reaches them by e-mail.

use super::Notice;
use serde::{Deserialize, Serialize};

/// Declares each topic with its word, whether it goes by e-mail unless somebody says otherwise, and its label.
macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $mail:literal, $label:literal;)+) => {
        /// A group of notifications, for people's preferences.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Topic { $($(#[$doc])* #[serde(rename = $word)] $name,)+ }

        impl Topic {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word it is stored and spoken by.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// Whether it goes by e-mail unless somebody says otherwise.
            #[must_use]
            pub const fn mailed_by_default(self) -> bool {
                match self { $(Self::$name => $mail,)+ }
            }

            /// What it is, for the page where people choose.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }
        }
    };
}

topics! {
    /// What keeps an account safe; always mailed.
    Security = "security", true, "Security of your account";
    /// Approval, what came of one's reports, the chat that takes nothing any more.
    Account = "account", true, "Approval of your account, answers to your reports, your chat";
    /// Applications, invitations, offers.
    Requests = "requests", true, "Applications, invitations and offers";
    /// Work that is handed in and looked at.
    Work = "work", true, "Work, reviews and changes";
    /// Disputes and proposals to end a collaboration.
    Disputes = "disputes", true, "Disputes and proposals to end a collaboration";
    /// Money that moves.
    Money = "money", true, "Payments";
    /// A sponsor's campaigns.
    Campaigns = "campaigns", true, "Your campaigns";
    /// What people write.
    Messages = "messages", true, "Messages";
    /// What people say of each other.
    Ratings = "ratings", true, "Published reviews";
    /// An admin's work.
    Supervision = "supervision", true, "Work for admins";
    /// The daily reminder.
    Reminders = "reminders", true, "The daily reminder of what waits for you";
    /// The monthly report.
    Reports = "reports", true, "The monthly report";
    /// Files one asked for.
    Exports = "exports", true, "Exports that are ready";
}

impl Topic {
    /// Whether people can switch its mails off.
    #[must_use]
    pub const fn optional(self) -> bool {
        !matches!(self, Self::Security)
    }

    /// The topic known by a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|topic| topic.word() == word).copied()
    }
}

impl Notice {
    /// The topic it belongs to.
    #[must_use]
    pub const fn topic(self) -> Topic {
        match self {
            Self::AccountTouched | Self::SecurityChanged | Self::PasswordFallsShort | Self::TokenReused => Topic::Security,
            Self::Approved | Self::NotApproved | Self::AbuseResolved | Self::ChatOff => Topic::Account,
            Self::ApplicationReceived
            | Self::InvitationReceived
            | Self::OfferMade
            | Self::OfferConfirmed
            | Self::OfferVoided
            | Self::OfferAccepted
            | Self::RequestRejected
            | Self::RequestWithdrawn
            | Self::RequestExpired => Topic::Requests,
            Self::WorkSubmitted
            | Self::ReviewDue
            | Self::ChangesRequested
            | Self::WorkCompleted
            | Self::CollaborationCancelled => Topic::Work,
            Self::SplitProposed | Self::SplitWithdrawn | Self::DisputeOpened | Self::DisputeWithdrawn | Self::DisputeRuled => {
                Topic::Disputes
            }
            Self::PayoutSent | Self::PayoutFailed => Topic::Money,
            Self::CampaignFlagged | Self::CampaignUnflagged | Self::CampaignEnded => Topic::Campaigns,
            Self::MessageReceived => Topic::Messages,
            Self::ExportReady | Self::ExportFailed => Topic::Exports,
            Self::ReportReady => Topic::Reports,
            Self::ReviewsPublished => Topic::Ratings,
            Self::SponsorWaits | Self::DisputeWaits | Self::AbuseReported | Self::StoreWrong => Topic::Supervision,
        }
    }
}
