//! An influencer's profile: who they are, where they publish, what they ask.
//!
//! A profile may be incomplete, as [`Influencer::is_complete`] says; one that says nothing yet is not found by search.
//!
//! **Not here**: rating (from reviews) and earnings (from the ledger), which are derived elsewhere.

use crate::{
    id::AccountId,
    store::{Key, keys::Table, record::Record},
    value::{Form, Format, LANGUAGES, Line, Money, NICHES, Prose, SocialPlatform, WebUrl},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most niches of a profile.
const NICHES_AT_MOST: usize = 5;
/// The most channels of a profile.
const CHANNELS_AT_MOST: usize = 8;
/// The most languages of a profile.
const LANGUAGES_AT_MOST: usize = 10;
/// More people than there are.
const FOLLOWERS_AT_MOST: i64 = 10_000_000_000;

/// An influencer's profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Influencer {
    /// Whose it is.
    pub account: AccountId,
    /// What they are called.
    pub display_name: Line<80>,
    /// What they say of themselves.
    #[serde(default)]
    pub bio: Prose<2000>,
    /// Where they live or work.
    #[serde(default)]
    pub location: Option<Line<120>>,
    /// The languages they publish in, by their codes of ISO 639-1.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What they publish about, from the managed list.
    #[serde(default)]
    pub niches: Vec<String>,
    /// Where they publish.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// What they usually ask for one piece of a format.
    #[serde(default)]
    pub rate_card: BTreeMap<Format, Money>,
}

/// A place where an influencer publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// On which platform.
    pub platform: SocialPlatform,
    /// Under which name.
    pub handle: Line<80>,
    /// At which address.
    #[serde(default)]
    pub url: Option<WebUrl>,
    /// How many follow it.
    pub followers: i64,
    /// How many of a hundred followers react to a piece, in hundredths of one per cent (basis points).
    #[serde(default)]
    pub engagement_rate: Option<i64>,
}

impl Influencer {
    /// Where a profile is kept.
    #[must_use]
    pub fn at(account: AccountId) -> Key {
        Table::Influencer.start().id(account).key()
    }

    /// The followers of all channels.
    #[must_use]
    pub fn reach(&self) -> i64 {
        self.channels.iter().fold(0, |sum, channel| sum.saturating_add(channel.followers))
    }

    /// The channel with most followers; the first of them if several have as many.
    #[must_use]
    pub fn primary_channel(&self) -> Option<&Channel> {
        self.channels.iter().reduce(|most, channel| if channel.followers > most.followers { channel } else { most })
    }

    /// Whether it says what somebody publishes about, and where: a niche and a channel.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.niches.is_empty() && !self.channels.is_empty()
    }

    /// Whether there is enough to be found by: a niche or a channel. Who came from V2 has no niche, and is found all the same.
    #[must_use]
    pub fn is_findable(&self) -> bool {
        !self.niches.is_empty() || !self.channels.is_empty()
    }
}

impl Record for Influencer {
    const TABLE: Table = Table::Influencer;

    fn key(&self) -> Key {
        Self::at(self.account)
    }
}

/// An influencer's profile as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InfluencerInput {
    /// 1 to 80 characters.
    pub display_name: String,
    /// At most 2000 characters.
    pub bio: String,
    /// At most 120 characters.
    pub location: Option<String>,
    /// At most 10 codes of ISO 639-1.
    pub languages: Vec<String>,
    /// At most 5 of the managed list.
    pub niches: Vec<String>,
    /// At most 8.
    pub channels: Vec<ChannelInput>,
    /// Format and price in minor units.
    pub rate_card: BTreeMap<String, i64>,
}

/// A channel as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelInput {
    /// One of the known platforms.
    pub platform: String,
    /// 1 to 80 characters.
    pub handle: String,
    /// A web address.
    pub url: Option<String>,
    /// Not negative.
    pub followers: i64,
    /// 0 to 10000 basis points.
    pub engagement_rate: Option<i64>,
}

impl InfluencerInput {
    /// Parses a profile, noting in the form what is wrong.
    pub fn parse(&self, form: &mut Form, account: AccountId) -> Influencer {
        let display_name = form.line("display_name", &self.display_name);
        let bio = form.prose("bio", &self.bio);
        let location = form.line_if("location", self.location.as_deref());
        form.length("languages", &self.languages, 0, LANGUAGES_AT_MOST);
        let languages = parse_words(form, "languages", &self.languages, LANGUAGES_AT_MOST, LANGUAGES);
        form.length("niches", &self.niches, 0, NICHES_AT_MOST);
        let niches = parse_words(form, "niches", &self.niches, NICHES_AT_MOST, NICHES);
        form.length("channels", &self.channels, 0, CHANNELS_AT_MOST);
        let channels = self.channels.iter().take(CHANNELS_AT_MOST).enumerate();
        let channels = channels.map(|(number, channel)| channel.parse(form, &format!("channels/{number}"))).collect();
        let rate_card = parse_rates(form, &self.rate_card);
        Influencer { account, display_name, bio, location, languages, niches, channels, rate_card }
    }
}

impl ChannelInput {
    fn parse(&self, form: &mut Form, place: &str) -> Channel {
        form.inside(format!("{place}/"));
        let platform = form.take("platform", SocialPlatform::parse(&self.platform));
        let handle = form.line("handle", &self.handle);
        let url = self.url.as_deref().filter(|url| !url.trim().is_empty());
        let url = url.map(|url| form.take("url", WebUrl::parse(url)));
        if !(0..=FOLLOWERS_AT_MOST).contains(&self.followers) {
            form.wrong("followers", "range", format!("The number of followers is between 0 and {FOLLOWERS_AT_MOST}."));
        }
        if self.engagement_rate.is_some_and(|rate| !(0..=10_000).contains(&rate)) {
            form.wrong("engagement_rate", "range", "The engagement rate is between 0 and 10000 hundredths of a per cent.");
        }
        form.inside("");
        Channel { platform, handle, url, followers: self.followers, engagement_rate: self.engagement_rate }
    }
}

/// Parses words of a managed list; what is said twice counts once.
fn parse_words(form: &mut Form, field: &str, words: &[String], most: usize, known: &[&str]) -> Vec<String> {
    let mut parsed = Vec::new();
    for (number, word) in words.iter().take(most).enumerate() {
        let word = word.trim().to_lowercase();
        if !known.contains(&word.as_str()) {
            form.wrong(&format!("{field}/{number}"), "unknown", "Please choose from the list.");
        } else if !parsed.contains(&word) {
            parsed.push(word);
        }
    }
    parsed
}

fn parse_rates(form: &mut Form, rates: &BTreeMap<String, i64>) -> BTreeMap<Format, Money> {
    let mut parsed = BTreeMap::new();
    for (format, price) in rates.iter().take(Format::ALL.len() + 1) {
        // What is no format is answered with the beginning of what was sent, not all of it.
        let field = format!("rate_card/{}", format.chars().take(20).collect::<String>());
        let price = form.money(&field, *price, 1);
        parsed.insert(form.take(&field, Format::parse(format)), price);
    }
    parsed
}

impl From<&Influencer> for InfluencerInput {
    fn from(profile: &Influencer) -> Self {
        Self {
            display_name: profile.display_name.to_string(),
            bio: profile.bio.to_string(),
            location: profile.location.as_ref().map(ToString::to_string),
            languages: profile.languages.clone(),
            niches: profile.niches.clone(),
            channels: profile.channels.iter().map(ChannelInput::from).collect(),
            rate_card: profile.rate_card.iter().map(|(format, price)| (format.word().to_owned(), price.0)).collect(),
        }
    }
}

impl From<&Channel> for ChannelInput {
    fn from(channel: &Channel) -> Self {
        Self {
            platform: channel.platform.word().to_owned(),
            handle: channel.handle.to_string(),
            url: channel.url.as_ref().map(ToString::to_string),
            followers: channel.followers,
            engagement_rate: channel.engagement_rate,
        }
    }
}
