//! The first page.

pub const TITLE: &str = "Sponsors and creators, on fair terms";
pub const TOLD: &str = "Find each other, agree in writing, deliver, get paid on time. Every offer, every change and every cent is on record for both sides.";
pub const AS_INFLUENCER: &str = "I create";
pub const AS_SPONSOR: &str = "I sponsor";
pub const LISTED: &str = "Open campaigns";
pub const FEATURED: &str = "Creators to meet";
pub const ALL_CAMPAIGNS: &str = "All campaigns";
pub const ALL_INFLUENCERS: &str = "All creators";
pub const NO_ADMIN: &str = "This platform has no admin yet. The server printed a link for making the first one when it started; the command “iescp-web admin create” does it, too.";
pub const NONE_LISTED: &str = "No campaigns yet";
pub const NONE_LISTED_TOLD: &str = "Campaigns that sponsors publish are listed here. Be the first to publish one.";
pub const DESCRIPTION: &str = "Where sponsors and influencers find each other, negotiate, work, get paid and review.";
pub const PROMISES: [(&str, &str); 4] = [
    ("Money first", "The amount is set aside the moment you agree. Nobody works for a promise."),
    ("No silence", "Every offer has a clock. Work that nobody reviews in time counts as approved and is paid."),
    (
        "No small print",
        "An agreement is frozen as both signed it. What changes is a new offer, with the difference in plain sight.",
    ),
    ("Two-sided trust", "Reviews come only from people who worked together, and both appear at the same time."),
];
