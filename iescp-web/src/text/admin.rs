//! Supervision.

pub const QUEUE: &str = "Queue";
pub const QUEUE_TOLD: &str = "What waits for an admin, the most urgent first.";
pub const ACCOUNTS: &str = "Accounts";
pub const ACCOUNTS_TOLD: &str =
    "Everybody who has registered, the newest first. That you look at one is kept in the audit trail.";
pub const NAMED: &str = "User name or e-mail address, in full";
pub const ROLE: &str = "Role";
pub const STATE: &str = "State";
pub const ANY: &str = "Any";
pub const REVIEW: &str = "Only those under review";
pub const FILTER: &str = "Show";
pub const NO_ACCOUNTS: &str = "No account is like that";
pub const NO_ACCOUNTS_TOLD: &str = "Choose another role or state, or look for a user name or proven address in full.";
pub const ALL_ACCOUNTS: &str = "All accounts";
pub const REGISTERED: &str = "Registered";
pub const LAST_SEEN: &str = "Last signed in";
pub const NEVER: &str = "never";
pub const EMAIL: &str = "E-mail address";
pub const USERNAME: &str = "User name";
pub const PROVEN: &str = "proven";
pub const NOT_PROVEN: &str = "not proven";
pub const FACTOR: &str = "Second factor";
pub const ON: &str = "On";
pub const OFF: &str = "Off";
pub const UNDER_REVIEW: &str = "Under review";
pub const WHY: &str = "Reason";
pub const PROFILE: &str = "Profile";
pub const SESSIONS: &str = "Sessions";
pub const NO_SESSIONS: &str = "Not signed in anywhere.";
pub const PUBLIC_PROFILE: &str = "Public profile";
pub const TRAIL_ABOUT: &str = "What happened to it";
pub const TRAIL_BY: &str = "What it did";

pub const WAITS: &str = "This sponsor waits for approval";
pub const WAITS_TOLD: &str = "Look at the company and its website. Once approved, they can publish campaigns and spend money.";
pub const APPROVE: &str = "Approve";
pub const APPROVED: &str = "Approved. They have been told.";
pub const REJECT: &str = "Turn down";
pub const REJECT_WHY: &str = "Why? The sponsor reads it and may apply again.";
pub const REJECTED: &str = "Turned down. They have been told why.";
pub const FLAG: &str = "Suspend";
pub const FLAG_TOLD: &str = "Every session, token and stream ends at once. Running collaborations go on to their end.";
pub const FLAG_WHY: &str = "Why?";
pub const FLAGGED: &str = "Suspended. All sessions and tokens have ended.";
pub const UNFLAG: &str = "End the suspension";
pub const UNFLAGGED: &str = "The account can sign in again.";
pub const VERIFY: &str = "Mark as verified";
pub const VERIFY_WHAT: &str = "What did you check? Everyone sees it on the profile.";
pub const VERIFY_HINT: &str = "Such as an entry in a register of companies.";
pub const VERIFIED: &str = "Verified";
pub const VERIFY_DONE: &str = "The company is marked as verified.";
pub const UNVERIFY: &str = "Take the mark away";
pub const UNVERIFIED: &str = "The mark is gone.";
pub const REVIEW_ON: &str = "Put under review";
pub const REVIEW_OFF: &str = "End the review";
pub const REVIEW_TOLD: &str = "Only admins see it.";
pub const REVIEW_DONE: &str = "Saved.";
pub const END_SESSIONS: &str = "End all sessions";
pub const SESSIONS_ENDED: &str = "All sessions of this account have ended.";
pub const RESET: &str = "Send a link for a new password";
pub const RESET_SENT: &str = "The link is on its way to the proven address. You learn neither link nor password.";
pub const CARE: &str = "Help and safety";

pub const CAMPAIGNS: &str = "Campaigns";
pub const CAMPAIGNS_TOLD: &str = "All of them, the newest first.";
pub const ONLY_FLAGGED: &str = "Flagged";
pub const NO_CAMPAIGNS: &str = "No campaigns";
pub const NO_CAMPAIGNS_TOLD: &str = "Campaigns appear here from their first draft on.";
pub const NONE_FLAGGED: &str = "No campaign is flagged";
pub const NONE_FLAGGED_TOLD: &str = "A flagged campaign takes no new requests or agreements until you take the flag away.";
pub const FLAG_CAMPAIGN: &str = "Flag";
pub const FLAG_CAMPAIGN_WHY: &str = "Why? Its sponsor reads it.";
pub const CAMPAIGN_FLAGGED: &str = "The campaign is flagged; its sponsor has been told.";
pub const UNFLAG_CAMPAIGN: &str = "Take the flag away";
pub const CAMPAIGN_UNFLAGGED: &str = "The flag is gone; its sponsor has been told.";
pub const FLAG_SIGN: &str = "Flagged";
pub const PRIVATE: &str = "Private";

pub const REPORTS: &str = "Abuse reports";
pub const REPORTS_TOLD: &str = "The newest first. That you looked is kept in the audit trail.";
pub const NO_REPORTS: &str = "No reports";
pub const NO_REPORTS_TOLD: &str = "What people report about campaigns, accounts and messages is decided here.";
pub const OPEN: &str = "Open";
pub const ALL: &str = "All";
pub const REPORTED_BY: &str = "Reported by";
pub const ACCUSED: &str = "About";
pub const QUOTE: &str = "The message";
pub const OUTCOME: &str = "What do you decide?";
pub const OUTCOME_WHY: &str = "Why?";
pub const RESOLVE: &str = "Decide";
pub const RESOLVED: &str = "Decided. Whoever reported has been told.";
pub const DECIDED: &str = "Decided";

pub const DISPUTES: &str = "Disputes";
pub const DISPUTES_TOLD: &str = "Clocks stand still and no money moves until somebody decides.";
pub const NO_DISPUTES: &str = "No disputes";
pub const NO_DISPUTES_TOLD: &str = "When a sponsor and an influencer cannot agree, both sides' words and the money are here.";
pub const SETTLES: &str = "settled by its rule";
pub const DISPUTE: &str = "Dispute";
pub const HELD: &str = "Held";
pub const DUE: &str = "Due";
pub const WORK: &str = "Work handed in";
pub const NO_WORK: &str = "Nothing was ever handed in.";
pub const AGREED: &str = "Agreed";
pub const BEFORE: &str = "Before the dispute";
pub const AGREEMENT: &str = "The whole agreement";
pub const WORDS: &str = "What both wrote";
pub const NO_WORDS: &str = "They never wrote to each other.";
pub const SPONSOR: &str = "Sponsor";
pub const INFLUENCER: &str = "Influencer";
pub const REASON: &str = "The reason";
pub const RULE: &str = "Your ruling";
pub const RULE_TOLD: &str =
    "You divide what is held. The rest goes back to the campaign. It is final, and both read your reasons.";
pub const SHARE: &str = "To the influencer";
pub const REASONS: &str = "Reasons";
pub const RULE_SEND: &str = "Rule";
pub const RULED: &str = "Decided: the money is divided, and both have been told.";
pub const OVER: &str = "This dispute is over.";
pub const RULING: &str = "The ruling";
pub const PROPOSAL: &str = "A proposal is on the table";

pub const AUDIT: &str = "Audit trail";
pub const AUDIT_TOLD: &str = "Who did what, the newest first. That you looked is in it, too.";
pub const NO_AUDIT: &str = "Nothing is in the trail for this";
pub const NO_AUDIT_TOLD: &str = "Every change and every look at something private appears here.";
pub const OF: &str = "Whose or about what (an id)";
pub const KIND: &str = "Show";
pub const KIND_ABOUT: &str = "what happened to it";
pub const KIND_BY: &str = "what it did";
pub const WHEN: &str = "When";
pub const WHO: &str = "Who";
pub const WHAT: &str = "What";
pub const TO: &str = "To what";
pub const FROM: &str = "From where";
pub const VISITOR: &str = "a visitor";
pub const TERMINAL: &str = "the terminal";
pub const NOT_AN_ID: &str = "Please give an id, as addresses of pages have them.";
pub const VERIFY_TRAIL: &str = "Check the seals";
pub const WHOLE_TRAIL: &str = "All of it";

/// What the page of an account is called.
pub fn account_of(name: &str) -> String {
    format!("Account: {name}")
}

pub fn sealed(seals: u64) -> String {
    format!("{seals} seals are whole: nobody has touched what they cover.")
}

pub fn broken(number: u64, why: &str) -> String {
    format!("The chain is broken at seal {number}. {why}")
}

pub fn job(name: &str) -> String {
    format!("job {name}")
}

pub fn opened_by(name: &str) -> String {
    format!("opened by {name}")
}

/// `ApproveSponsor` as people read it: `approve sponsor`.
pub fn action(name: &str) -> String {
    name.char_indices().fold(String::new(), |mut words, (at, letter)| {
        if at > 0 && letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(if at == 0 { letter } else { letter.to_ascii_lowercase() });
        words
    })
}
