//! Who one is: the account, and the profile that others see.

use super::super::amount::{Amount, Currency};
use super::super::pictures::Picture;
use super::super::profiles::{Channel, ChannelInput, rates};
use super::super::{Chapter, Done, Failure, IfMatch, IfNoneMatch, Money, Nothing, Once, Patch, Shown, Timestamp};
use crate::identity::{Asker, SignedIn};
use iescp_core::account::{ApplyAgain, CloseAccount, EditOwnAccount, OwnAccount, ViewOwnAccount};
use poem_openapi::types::{MaybeUndefined, ToJSON};
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The operations.
pub struct Me;

/// Somebody's own account. An influencer's has the fields from `display_name` on, a sponsor's those from `company` on.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct OwnProfile {
    /// Its id.
    id: Uuid,
    /// What it signs in with.
    username: String,
    /// Where letters go.
    email: String,
    /// Whether the address is proven.
    email_verified: bool,
    /// The address that is to replace it once it is proven.
    new_email: Option<String>,
    /// `influencer`, `sponsor` or `admin`.
    role: String,
    /// `pending`, `active` or `rejected`.
    state: String,
    /// Why it was rejected, if it was.
    state_reason: Option<String>,
    /// When it was made.
    created_at: Timestamp,
    /// Whether it has a second factor.
    second_factor: bool,
    /// How many recovery codes are left.
    recovery_codes_left: u32,
    /// How many notifications have not been read.
    unread_notifications: i64,
    /// The portrait or logo, if there is one.
    picture: Option<Picture>,
    /// What an influencer is called.
    display_name: Option<String>,
    /// What they say of themselves.
    bio: Option<String>,
    /// Where they live or work.
    location: Option<String>,
    /// The languages they publish in, ISO 639-1.
    languages: Option<Vec<String>>,
    /// What they publish about.
    niches: Option<Vec<String>>,
    /// Where they publish.
    channels: Option<Vec<Channel>>,
    /// What they usually ask for one piece of a format.
    rate_card: Option<BTreeMap<String, Money>>,
    /// The followers of all channels.
    reach: Option<i64>,
    /// Whether there is a niche and a channel.
    complete: Option<bool>,
    /// A sponsor's company or own name.
    company: Option<String>,
    /// What it does.
    industry: Option<String>,
    /// Where it is on the web.
    website: Option<String>,
    /// What it says of itself.
    description: Option<String>,
    /// When an admin checked the company, if one did.
    verified_at: Option<Timestamp>,
}

impl OwnProfile {
    fn of(own: OwnAccount, currency: Currency) -> Self {
        let (influencer, sponsor) = (own.influencer.as_ref(), own.sponsor.as_ref());
        Self {
            id: own.id.into(),
            username: own.username.to_string(),
            email: own.email.to_string(),
            email_verified: own.email_verified,
            new_email: own.new_email.as_ref().map(ToString::to_string),
            role: own.role.word().into(),
            state: own.state.word().into(),
            state_reason: own.state_reason.clone(),
            created_at: Timestamp(own.created_at),
            second_factor: own.second_factor,
            recovery_codes_left: u32::try_from(own.recovery_codes_left).unwrap_or(u32::MAX),
            unread_notifications: own.unread,
            picture: own.picture.map(Picture::portrait),
            display_name: influencer.map(|profile| profile.display_name.to_string()),
            bio: influencer.map(|profile| profile.bio.to_string()),
            location: influencer.and_then(|profile| profile.location.as_ref()).map(ToString::to_string),
            languages: influencer.map(|profile| profile.languages.clone()),
            niches: influencer.map(|profile| profile.niches.clone()),
            channels: influencer.map(|profile| profile.channels.iter().map(Channel::from).collect()),
            rate_card: influencer.map(|profile| rates(&profile.rate_card, currency)),
            reach: influencer.map(iescp_core::account::Influencer::reach),
            complete: influencer.map(iescp_core::account::Influencer::is_complete),
            company: sponsor.map(|profile| profile.company.to_string()),
            industry: sponsor.and_then(|profile| profile.industry.as_ref()).map(ToString::to_string),
            website: sponsor.and_then(|profile| profile.website.as_ref()).map(ToString::to_string),
            description: sponsor.map(|profile| profile.description.to_string()),
            verified_at: sponsor.and_then(|profile| profile.verified.as_ref()).map(|mark| Timestamp(mark.at)),
        }
    }
}

/// What changes of a profile: what is absent stays, what is null is emptied. Lists are replaced whole; a rate card is merged,
/// format by format. An influencer has the fields from `display_name` to `rate_card`, a sponsor the others.
#[derive(Object)]
struct ProfilePatch {
    /// What an influencer is called.
    #[oai(validator(max_length = 160))]
    display_name: Option<String>,
    /// What they say of themselves.
    #[oai(nullable, validator(max_length = 4000))]
    bio: MaybeUndefined<String>,
    /// Where they live or work.
    #[oai(nullable, validator(max_length = 240))]
    location: MaybeUndefined<String>,
    /// The languages they publish in, ISO 639-1; at most 10.
    #[oai(nullable)]
    languages: MaybeUndefined<Vec<String>>,
    /// What they publish about, of the managed list; at most 5.
    #[oai(nullable)]
    niches: MaybeUndefined<Vec<String>>,
    /// Where they publish; at most 8.
    #[oai(nullable)]
    channels: MaybeUndefined<Vec<ChannelInput>>,
    /// What they usually ask for one piece of a format.
    #[oai(nullable)]
    rate_card: MaybeUndefined<RateCardPatch>,
    /// A sponsor's company or own name.
    #[oai(validator(max_length = 240))]
    company: Option<String>,
    /// What it does.
    #[oai(nullable, validator(max_length = 160))]
    industry: MaybeUndefined<String>,
    /// Where it is on the web.
    #[oai(nullable, validator(max_length = 2000))]
    website: MaybeUndefined<String>,
    /// What it says of itself.
    #[oai(nullable, validator(max_length = 4000))]
    description: MaybeUndefined<String>,
}

/// Prices by format; null takes one off.
#[derive(Object)]
struct RateCardPatch {
    /// For a post.
    #[oai(nullable)]
    post: MaybeUndefined<Amount>,
    /// For a reel.
    #[oai(nullable)]
    reel: MaybeUndefined<Amount>,
    /// For a story.
    #[oai(nullable)]
    story: MaybeUndefined<Amount>,
    /// For a video.
    #[oai(nullable)]
    video: MaybeUndefined<Amount>,
    /// For a short video.
    #[oai(nullable)]
    short: MaybeUndefined<Amount>,
    /// For a live stream.
    #[oai(nullable)]
    live: MaybeUndefined<Amount>,
    /// For an article.
    #[oai(nullable)]
    article: MaybeUndefined<Amount>,
    /// For anything else.
    #[oai(nullable)]
    other: MaybeUndefined<Amount>,
}

impl RateCardPatch {
    /// The amounts, once every currency is the installation's.
    fn amounts(self, currency: Currency) -> Result<Value, Failure> {
        let formats = [
            ("post", self.post),
            ("reel", self.reel),
            ("story", self.story),
            ("video", self.video),
            ("short", self.short),
            ("live", self.live),
            ("article", self.article),
            ("other", self.other),
        ];
        let mut amounts = Map::new();
        for (format, price) in formats {
            match price {
                MaybeUndefined::Undefined => {}
                MaybeUndefined::Null => drop(amounts.insert(format.into(), Value::Null)),
                MaybeUndefined::Value(price) => {
                    drop(amounts.insert(format.into(), currency.minor(&format!("rate_card/{format}"), &price)?.into()));
                }
            }
        }
        Ok(amounts.into())
    }
}

impl ProfilePatch {
    /// The patch as the core takes it.
    fn merge_patch(self, currency: Currency) -> Result<Map<String, Value>, Failure> {
        let rate_card = match self.rate_card {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(Value::Null),
            MaybeUndefined::Value(card) => Some(card.amounts(currency)?),
        };
        let fields = [
            ("display_name", self.display_name.to_json().filter(|name| !name.is_null())),
            ("bio", patched(self.bio)),
            ("location", patched(self.location)),
            ("languages", patched(self.languages)),
            ("niches", patched(self.niches)),
            ("channels", patched(self.channels)),
            ("rate_card", rate_card),
            ("company", self.company.to_json().filter(|name| !name.is_null())),
            ("industry", patched(self.industry)),
            ("website", patched(self.website)),
            ("description", patched(self.description)),
        ];
        Ok(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }
}

/// What a patch says of a field, if it does.
fn patched<T: ToJSON>(field: MaybeUndefined<T>) -> Option<Value> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(Value::Null),
        MaybeUndefined::Value(value) => value.to_json(),
    }
}

/// The account as it is now.
async fn now(asker: &Asker) -> Result<Done<OwnProfile>, Failure> {
    let own = asker.run(ViewOwnAccount).await?;
    let version = own.version;
    Ok(Done::new(OwnProfile::of(own, Currency::of(asker))).version(version))
}

#[OpenApi(tag = "Chapter::Me")]
impl Me {
    /// Show one's own account and profile
    ///
    /// The `ETag` names the version of the profile, for `PATCH`.
    #[oai(path = "/me", method = "get", operation_id = "show_me")]
    async fn show_me(&self, who: SignedIn, if_none_match: IfNoneMatch) -> Result<Shown<OwnProfile>, Failure> {
        let own = who.0.run(ViewOwnAccount).await?;
        let version = own.version;
        Ok(Shown::as_seen(OwnProfile::of(own, Currency::of(&who.0)), version, &if_none_match))
    }

    /// Change one's profile
    ///
    /// A merge patch of what `GET /me` shows: an influencer changes `display_name`, `bio`, `location`, `languages`, `niches`,
    /// `channels` and `rate_card`, a sponsor `company`, `industry`, `website` and `description`. A change of company or website
    /// takes the verified mark away.
    #[oai(path = "/me", method = "patch", operation_id = "edit_me")]
    async fn edit_me(&self, who: SignedIn, if_match: IfMatch, patch: Patch<ProfilePatch>) -> Result<Done<OwnProfile>, Failure> {
        let patch = patch.0.merge_patch(Currency::of(&who.0))?;
        who.0.run(EditOwnAccount { patch, version: if_match.expected()? }).await?;
        now(&who.0).await
    }

    /// Apply again after a rejection
    ///
    /// The sponsor waits for approval once more.
    #[oai(path = "/me/apply-again", method = "post", operation_id = "apply_again")]
    async fn apply_again(&self, who: SignedIn, idempotency_key: Once) -> Result<Done<OwnProfile>, Failure> {
        let done = who.0.run_once(idempotency_key.0, ApplyAgain).await?;
        Ok(now(&who.0).await?.replayed(done.replayed))
    }

    /// Close one's account for good
    ///
    /// Needs the password given a short while ago (`POST /me/reauthenticate`). Refused while money or work remains; the answer
    /// lists what.
    #[oai(path = "/me/close", method = "post", operation_id = "close_me")]
    async fn close_me(&self, who: SignedIn) -> Result<Nothing, Failure> {
        who.0.run(CloseAccount).await?;
        Ok(Nothing)
    }
}
