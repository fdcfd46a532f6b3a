//! The states of a collaboration, and which leads to which.

use serde::{Deserialize, Serialize};

/// How far a collaboration has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CollaborationState {
    /// The influencer works.
    Active,
    /// The sponsor reviews.
    Submitted,
    /// Clocks stand still until somebody decides.
    Disputed,
    /// Done; the influencer was paid.
    Completed,
    /// Ended without payment.
    Cancelled,
}

impl CollaborationState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Active, Self::Submitted, Self::Disputed, Self::Completed, Self::Cancelled];

    /// The word it is stored and spoken by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Submitted => "submitted",
            Self::Disputed => "disputed",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it has ended.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }

    /// The table of states: whether a collaboration may go from here to there.
    #[must_use]
    pub const fn leads_to(self, to: Self) -> bool {
        use CollaborationState::{Active, Cancelled, Completed, Disputed, Submitted};
        matches!(
            (self, to),
            (Active, Submitted | Disputed | Cancelled | Completed)
                | (Submitted, Active | Disputed | Cancelled | Completed)
                | (Disputed, Active | Submitted | Cancelled | Completed)
        )
    }
}
