//! Campaigns and people as cards, for every list that shows them; ratings and platforms as they stand on cards.
//!
//! Not here: their own pages (`pages::campaigns`, `pages::profiles`).

use super::icon::{Icon, icon};
use super::{Look, picture};
use crate::text::{campaigns as c, capital, influencers as t, words};
use iescp_core::campaign::Campaign;
use iescp_core::discovery::{FoundCampaign, FoundInfluencer};
use iescp_core::report::{SponsorBrief, Standing};
use iescp_core::value::SocialPlatform;
use maud::{Markup, html};

/// A list of campaigns.
#[must_use]
pub fn campaigns(look: &Look, found: &[FoundCampaign]) -> Markup {
    html! { ul.cards { @for found in found { (campaign(look, &found.view.campaign, Some(&found.sponsor))) } } }
}

/// A campaign; without its sponsor where that is said already.
#[must_use]
pub fn campaign(look: &Look, campaign: &Campaign, sponsor: Option<&SponsorBrief>) -> Markup {
    html! {
        li.card.as-link.market {
            (picture::cover(campaign))
            h3 dir="auto" { a href={ "/campaigns/" (campaign.id) } { (campaign.title) } }
            @if let Some(sponsor) = sponsor { (behind(look, sponsor)) }
            p.excerpt dir="auto" { (campaign.brief.goals) }
            (niches(&campaign.niches))
            dl.brief {
                div { dt { (c::BUDGET) } dd { (look.money(campaign.budget)) } }
                @if let (Some(start), Some(end)) = (campaign.start, campaign.end) {
                    div { dt { (c::DAYS) } dd { (look.day(start)) " – " (look.day(end)) } }
                }
                div { dt { (c::WHERE) } dd { (platforms(&campaign.platforms)) } }
            }
        }
    }
}

/// Who is behind a campaign, in a line.
#[must_use]
pub fn behind(look: &Look, sponsor: &SponsorBrief) -> Markup {
    html! {
        p.behind {
            span dir="auto" { (c::BY) " " strong { (sponsor.company) } }
            @if sponsor.verified { span.badge.good { (c::VERIFIED) } }
            (rating(look, &sponsor.standing))
        }
    }
}

/// A list of people.
#[must_use]
pub fn influencers(look: &Look, found: &[FoundInfluencer]) -> Markup {
    html! { ul.cards { @for found in found { (influencer(look, found)) } } }
}

/// An influencer.
#[must_use]
pub fn influencer(look: &Look, found: &FoundInfluencer) -> Markup {
    let profile = &found.profile;
    let least = profile.rate_card.values().min().copied();
    html! {
        li.card.as-link.market {
            div.who {
                (picture::face(&profile.display_name, profile.picture))
                div {
                    h3 dir="auto" { a href={ "/influencers/" (profile.id) } { (profile.display_name) } }
                    @if let Some(place) = &profile.location { p.quiet.small dir="auto" { (place) } }
                }
                (rating(look, &found.standing))
            }
            p.excerpt dir="auto" { (profile.bio) }
            (niches(&profile.niches))
            dl.brief {
                div { dt { (t::REACH) } dd { (t::reach(&look.short(profile.reach))) } }
                @if let Some(least) = least { div { dt { (t::RATES) } dd { (t::FROM) " " (look.money(least)) } } }
                @let places: Vec<SocialPlatform> = profile.channels.iter().map(|channel| channel.platform).collect();
                div { dt { (c::WHERE) } dd { (platforms(&places)) } }
            }
        }
    }
}

/// A rating as a star and a figure; nothing while there is none.
#[must_use]
pub fn rating(look: &Look, standing: &Standing) -> Markup {
    html! {
        @if let Some(rating) = standing.rating {
            @let rating = look.hundredths(i64::from(rating));
            span.rating {
                (icon(Icon::Star))
                span.hidden { (t::rated(&rating, standing.ratings)) }
                span aria-hidden="true" { (rating) " " span.quiet { "(" (standing.ratings) ")" } }
            }
        }
    }
}

/// So many stars of five.
#[must_use]
pub fn stars(number: u8) -> Markup {
    html! {
        span.stars {
            span.hidden { (t::of_five(&number.to_string())) }
            @for at in 1..=5 { span.star.full[at <= number] aria-hidden="true" { (icon(Icon::Star)) } }
        }
    }
}

/// Niches as tags.
#[must_use]
pub fn niches(niches: &[String]) -> Markup {
    html! { @if !niches.is_empty() { ul.tags { @for niche in niches { li.tag { (capital(niche)) } } } } }
}

/// The names of platforms; any, if none is named.
#[must_use]
pub fn platforms(platforms: &[SocialPlatform]) -> String {
    let mut names: Vec<&str> = platforms.iter().map(|platform| words::platform(*platform)).collect();
    names.dedup();
    if names.is_empty() { c::ANYWHERE.to_owned() } else { names.join(", ") }
}
