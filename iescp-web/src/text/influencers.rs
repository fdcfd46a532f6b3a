//! Influencers and sponsors: finding them, and their public profiles.

use crate::text::plural;

pub const TITLE: &str = "Creators";
pub const TOLD: &str = "People who publish for an audience of their own, with figures that nobody can buy.";
pub const SEARCH_LABEL: &str = "Search creators by name, topic or handle";
pub const SORTS: [(&str, &str); 4] = [
    ("relevance", "Best match"),
    ("followers", "Most followers first"),
    ("rating", "Best rated first"),
    ("newest", "Newest first"),
];
pub const PLATFORMS: &str = "Publishes on";
pub const LANGUAGE: &str = "Language";
pub const LOCATION: &str = "Place";
pub const FOLLOWERS_MIN: &str = "Followers at least";
pub const FOLLOWERS_MAX: &str = "Followers at most";
pub const RATE_MIN: &str = "Lowest price from";
pub const RATE_MAX: &str = "Lowest price up to";
pub const RATING_MIN: &str = "Rated at least";
pub const RATINGS: [(&str, &str); 5] =
    [("", "Any"), ("300", "3 of 5"), ("350", "3.5 of 5"), ("400", "4 of 5"), ("450", "4.5 of 5")];
pub const NONE_FOUND: &str = "Nobody fits";
pub const NONE_FOUND_TOLD: &str =
    "Try fewer filters or other words. Creators appear here once their profile names a topic and a channel.";
pub const ALL: &str = "Show all creators";

pub const REACH: &str = "Reach";
pub const FOLLOWERS: &str = "followers";
pub const FROM: &str = "from";
pub const RATING: &str = "Rating";
pub const NO_RATING: &str = "No reviews yet";
pub const NO_RATING_TOLD: &str = "only those who worked together can review";
pub const ANSWERS: &str = "Answers within";
pub const ANSWERS_TOLD: &str = "on average";
pub const NO_ANSWERS: &str = "No offers yet";
pub const ON_TIME: &str = "On time";
pub const NO_WORK: &str = "No work yet";
pub const STEPPED_DOWN: &str = "Stepped down";
pub const CHANNELS: &str = "Channels";
pub const PLATFORM: &str = "Platform";
pub const HANDLE: &str = "Account";
pub const FOLLOWERS_HEAD: &str = "Followers";
pub const ENGAGEMENT: &str = "Engagement";
pub const ENGAGEMENT_TOLD: &str = "of followers react to a piece";
pub const RATES: &str = "Rate card";
pub const RATES_TOLD: &str = "What is usually asked for one piece. Every offer can differ.";
pub const NO_RATES: &str = "No prices are given. Make an offer.";
pub const ABOUT: &str = "About";
pub const LANGUAGES: &str = "Languages";
pub const REVIEWS: &str = "Reviews";
pub const NO_REVIEWS: &str = "No reviews yet";
pub const NO_REVIEWS_TOLD: &str =
    "After each collaboration both sides may review each other; both reviews appear at the same time.";
pub const IMPORTED_RATING: &str = "Earlier rating";
pub const IMPORTED: &str = "brought over from an earlier platform";
pub const SINCE: &str = "Here since";
pub const INVITE: &str = "Invite";
pub const SHORTLIST: &str = "Add to a shortlist";
pub const MESSAGE: &str = "Message";
pub const PRINT: &str = "Print as media kit";
pub const REPORT: &str = "Report this profile";
pub const EDIT: &str = "Edit your profile";
pub const SIGN_UP: &str = "Register to invite";
pub const INCOMPLETE: &str = "Sponsors look for people by topic and by channel: your profile needs at least one of each.";
pub const MEDIA_KIT: &str = "Media kit";

pub const WEBSITE: &str = "Website";
pub const INDUSTRY: &str = "Industry";
pub const VERIFIED: &str = "Verified";
pub const VERIFIED_BY: &str = "What was checked";
pub const CAMPAIGNS: &str = "Open campaigns";
pub const NO_CAMPAIGNS: &str = "No open campaign at the moment.";

pub fn reach(followers: &str) -> String {
    format!("{followers} followers")
}

pub fn of_five(rating: &str) -> String {
    format!("{rating} of 5")
}

pub fn rated(rating: &str, number: i64) -> String {
    format!("Rated {rating} of 5 in {}", plural(number, ("review", "reviews")))
}

pub fn reviews(number: i64) -> String {
    plural(number, ("review", "reviews"))
}

pub fn channels(number: i64) -> String {
    format!("on {}", plural(number, ("channel", "channels")))
}

pub fn deliveries(on_time: i64, delivered: i64) -> String {
    format!("{on_time} of {}", plural(delivered, ("piece of work", "pieces of work")))
}

pub fn times(number: i64) -> String {
    plural(number, ("time", "times"))
}

pub fn price(format: &str) -> String {
    format!("One {format}")
}

pub fn described(niches: &str, reach: &str, place: Option<&str>) -> String {
    let place = place.map(|place| format!(", {place}")).unwrap_or_default();
    format!("Creator: {niches}{place}. {reach} followers. Channels, prices, reviews and figures that nobody can buy.")
}

pub fn sponsor_described(industry: Option<&str>) -> String {
    let industry = industry.map(|industry| format!(" in {industry}")).unwrap_or_default();
    format!("Sponsor{industry}: open campaigns, reviews by creators, and how quickly offers are answered.")
}
