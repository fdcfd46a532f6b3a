//! Typed ids: UUIDs of version 7 (RFC 9562), one type for each kind of thing, so that one cannot be passed for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// This id, or the least one after the other: so that what follows something is after it, whatever the clocks say.
            #[must_use]
            pub fn after(self, other: Self) -> Self {
                self.max(Self(Uuid::from_u128(other.0.as_u128().saturating_add(1))))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

typed_id! {
    /// An account: a person or company that signs in.
    AccountId,
    /// A session: one sign-in, until it ends.
    SessionId,
    /// A personal access token.
    TokenId,
    /// A link sent to somebody (set-up, e-mail verification, password reset).
    LinkId,
    /// A campaign.
    CampaignId,
    /// An ad request: one negotiation.
    RequestId,
    /// A collaboration: the agreed work.
    CollaborationId,
    /// A transfer in the ledger.
    TransferId,
    /// A payout to an influencer.
    PayoutId,
    /// A picture.
    PictureId,
    /// A message.
    MessageId,
    /// A notification.
    NotificationId,
    /// An abuse report.
    AbuseReportId,
    /// A shortlist.
    ShortlistId,
    /// An export.
    ExportId,
    /// Something that happened; the audit trail's key.
    EventId,
}
