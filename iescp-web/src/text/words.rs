//! How states, formats and platforms are called on pages.

use iescp_core::account::{AccountState, Role};
use iescp_core::campaign::CampaignState;
use iescp_core::collaboration::CollaborationState;
use iescp_core::request::RequestState;
use iescp_core::value::{Format, SocialPlatform};

pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Influencer => "Influencer",
        Role::Sponsor => "Sponsor",
        Role::Admin => "Admin",
    }
}

pub const fn account(state: AccountState) -> &'static str {
    match state {
        AccountState::Pending => "Waits for approval",
        AccountState::Active => "Active",
        AccountState::Rejected => "Not approved",
        AccountState::Suspended => "Suspended",
        AccountState::Closed => "Closed",
    }
}

pub const fn platform(platform: SocialPlatform) -> &'static str {
    match platform {
        SocialPlatform::Instagram => "Instagram",
        SocialPlatform::Tiktok => "TikTok",
        SocialPlatform::Youtube => "YouTube",
        SocialPlatform::X => "X",
        SocialPlatform::Facebook => "Facebook",
        SocialPlatform::Twitch => "Twitch",
        SocialPlatform::Linkedin => "LinkedIn",
        SocialPlatform::Pinterest => "Pinterest",
        SocialPlatform::Snapchat => "Snapchat",
        SocialPlatform::Threads => "Threads",
        SocialPlatform::Podcast => "Podcast",
        SocialPlatform::Blog => "Blog",
        SocialPlatform::Newsletter => "Newsletter",
        SocialPlatform::Other => "Other",
    }
}

pub const fn format(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Post => ("post", "posts"),
        Format::Reel => ("reel", "reels"),
        Format::Story => ("story", "stories"),
        Format::Video => ("video", "videos"),
        Format::Short => ("short video", "short videos"),
        Format::Live => ("live broadcast", "live broadcasts"),
        Format::Article => ("article", "articles"),
        Format::Other => ("other piece", "other pieces"),
    }
}

pub const fn campaign(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Draft => "Draft",
        CampaignState::Active => "Open",
        CampaignState::Paused => "Paused",
        CampaignState::Closing => "Closing",
        CampaignState::Completed => "Completed",
        CampaignState::Cancelled => "Cancelled",
    }
}

pub const fn request(state: RequestState) -> &'static str {
    match state {
        RequestState::Open => "Open",
        RequestState::Accepted => "Agreed",
        RequestState::Rejected => "Declined",
        RequestState::Withdrawn => "Withdrawn",
        RequestState::Expired => "Expired",
    }
}

pub const fn collaboration(state: CollaborationState) -> &'static str {
    match state {
        CollaborationState::Active => "In progress",
        CollaborationState::Submitted => "In review",
        CollaborationState::Disputed => "Disputed",
        CollaborationState::Completed => "Completed",
        CollaborationState::Cancelled => "Cancelled",
    }
}
