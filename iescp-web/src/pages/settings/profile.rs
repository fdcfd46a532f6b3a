//! `/settings`: what others see of one.
//!
//! Channels are a group that repeats: a button adds one more or takes one away, and everything typed so far stays.

use super::super::picture::{Wish, but_saved, wish};
use super::super::{Answer, Fields, Reading, Refused, Visit, Wrongs};
use super::framed;
use crate::pictures::Shape;
use crate::text::{self, languages, pictures as p, settings as t, words};
use crate::view::{Form, Look, Page, form, parts, picture};
use iescp_core::Error;
use iescp_core::account::{
    ChannelInput, EditOwnAccount, Influencer, InfluencerInput, OwnAccount, Role, Sponsor, SponsorInput, ViewOwnAccount,
};
use iescp_core::picture::{PutOwnPicture, RemoveOwnPicture};
use iescp_core::value::{Format, LANGUAGES, NICHES, SocialPlatform};
use maud::{Markup, html};
use poem::Response;
use serde::Serialize;
use serde_json::{Map, Value};

const PATH: &str = "/settings";
/// The fields of a channel.
const CHANNEL: [&str; 5] = ["platform", "handle", "url", "followers", "engagement_rate"];
/// Most channels there can be.
const CHANNELS: usize = 8;

/// `GET /settings`.
///
/// # Errors
/// If nobody is signed in.
pub async fn show(visit: Visit) -> Answer {
    visit.me()?;
    let account = visit.run(ViewOwnAccount).await?;
    let fields = stored(&account, visit.look());
    Ok(visit.show(page(&visit, &account, &fields, &Wrongs::default())))
}

/// `POST /settings`.
///
/// # Errors
/// If nobody is signed in.
pub async fn save(visit: Visit) -> Answer {
    let role = visit.me()?.account.role;
    let (sent, add) = (visit.sent(), visit.sent().has("more"));
    let removed = sent.given("remove").and_then(|number| number.parse().ok());
    let fields = gathered(sent, removed, add);
    if add || removed.is_some() {
        return again(&visit, &fields, &Wrongs::default()).await;
    }
    let mut reading = Reading::default();
    let patch = match role {
        Role::Influencer => influencer(&fields, &mut reading, &visit),
        Role::Sponsor => sponsor(&fields),
        Role::Admin => return Err(Error::NotFound.into()),
    };
    let version = fields.given("version").and_then(|version| version.parse().ok());
    let wish = match wish(&visit, Shape::Portrait).await {
        Ok(wish) => wish,
        Err(wrong) => return again(&visit, &fields, &Wrongs::unread([reading.wrong, vec![wrong]].concat())).await,
    };
    match visit.run_once(EditOwnAccount { patch, version }).await {
        Ok(()) if reading.wrong.is_empty() => hang(&visit, wish).await,
        Ok(()) => again(&visit, &fields, &Wrongs::unread(reading.wrong)).await,
        Err(error) => again(&visit, &fields, &at_lists(Wrongs::of(error)?).and_unread(reading.wrong)).await,
    }
}

/// Does with the picture what the form wanted, once everything else is saved.
async fn hang(visit: &Visit, wish: Wish) -> Answer {
    let done = match wish {
        Wish::Keep => Ok(()),
        Wish::Remove => visit.run(RemoveOwnPicture).await,
        Wish::Put(image) => visit.place(image, |draft| PutOwnPicture { draft }).await.map(drop),
    };
    match done {
        Ok(()) => Ok(visit.go_saying(PATH, t::SAVED)),
        Err(error) => {
            let account = visit.run(ViewOwnAccount).await?;
            let wrong = but_saved(error)?;
            Ok(visit.show_wrong(page(visit, &account, &stored(&account, visit.look()), &wrong), &wrong))
        }
    }
}

async fn again(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Response, Refused> {
    let account = visit.run(ViewOwnAccount).await?;
    Ok(visit.show_wrong(page(visit, &account, fields, wrong), wrong))
}

/// What is wrong with one of the boxes is said at the boxes.
fn at_lists(mut wrong: Wrongs) -> Wrongs {
    for field in &mut wrong.fields {
        for list in ["niches", "languages"] {
            if field.field.starts_with(list) {
                list.clone_into(&mut field.field);
            }
        }
    }
    wrong
}

/// What was sent, with its channels in order and without those in which nothing stands.
fn gathered(sent: &Fields, removed: Option<usize>, add: bool) -> Fields {
    let at = |number: usize, field: &str| format!("channels/{number}/{field}");
    let mut fields = Fields::default();
    for (name, value) in sent.iter().filter(|(name, _)| !name.starts_with("channels/") && !["more", "remove"].contains(name)) {
        fields = fields.and(name, value);
    }
    let said = |number: &usize| CHANNEL.iter().skip(1).any(|field| sent.given(&at(*number, field)).is_some());
    let kept = (0..CHANNELS).filter(|number| Some(*number) != removed).filter(said);
    let mut count = 0;
    for (to, from) in kept.enumerate() {
        for field in CHANNEL {
            fields = fields.with(&at(to, field), sent.text(&at(from, field)));
        }
        count = to + 1;
    }
    if add && count < CHANNELS { fields.with(&at(count, "platform"), "instagram") } else { fields }
}

/// A merge patch that says every field of an input.
fn patch_of(input: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(input) {
        Ok(Value::Object(patch)) => patch,
        _ => Map::new(),
    }
}

fn influencer(fields: &Fields, reading: &mut Reading, visit: &Visit) -> Map<String, Value> {
    let currency = visit.look().currency;
    let has = |number: &usize| fields.has(&format!("channels/{number}/platform"));
    let channels = (0..CHANNELS).filter(has).map(|number| {
        let at = |field: &str| format!("channels/{number}/{field}");
        ChannelInput {
            platform: fields.text(&at("platform")),
            handle: fields.text(&at("handle")),
            url: fields.given(&at("url")).map(str::to_owned),
            followers: reading.number(fields, &at("followers")),
            engagement_rate: reading.per_cent_if(fields, &at("engagement_rate")),
        }
    });
    let input = InfluencerInput {
        display_name: fields.text("display_name"),
        bio: fields.text("bio"),
        location: fields.given("location").map(str::to_owned),
        languages: fields.all("languages"),
        niches: fields.all("niches"),
        channels: channels.collect(),
        rate_card: [].into(),
    };
    let mut patch = patch_of(&input);
    let rates = Format::ALL.iter().map(|format| {
        let rate = reading.money_if(fields, &rate_of(*format), currency);
        (format.word().to_owned(), rate.map_or(Value::Null, Value::from))
    });
    patch.insert("rate_card".to_owned(), Value::Object(rates.collect()));
    patch
}

fn sponsor(fields: &Fields) -> Map<String, Value> {
    patch_of(&SponsorInput {
        company: fields.text("company"),
        industry: fields.given("industry").map(str::to_owned),
        website: fields.given("website").map(str::to_owned),
        description: fields.text("description"),
    })
}

fn rate_of(format: Format) -> String {
    format!("rate_card/{}", format.word())
}

/// What is stored, as it would be typed.
fn stored(account: &OwnAccount, look: &Look) -> Fields {
    let fields = Fields::default();
    match (&account.influencer, &account.sponsor) {
        (Some(profile), _) => influencer_fields(profile, look),
        (_, Some(Sponsor { company, industry, website, description, .. })) => fields
            .with("company", company.to_string())
            .with("industry", industry.as_ref().map(ToString::to_string).unwrap_or_default())
            .with("website", website.as_ref().map(ToString::to_string).unwrap_or_default())
            .with("description", description.to_string()),
        (None, None) => fields,
    }
}

fn influencer_fields(profile: &Influencer, look: &Look) -> Fields {
    let location = profile.location.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut fields = Fields::default()
        .with("display_name", profile.display_name.to_string())
        .with("bio", profile.bio.to_string())
        .with("location", location);
    for language in &profile.languages {
        fields = fields.and("languages", language);
    }
    for niche in &profile.niches {
        fields = fields.and("niches", niche);
    }
    for (number, channel) in profile.channels.iter().enumerate() {
        let at = |field: &str| format!("channels/{number}/{field}");
        let rate = channel.engagement_rate.map(|rate| format!("{}.{:02}", rate / 100, rate % 100)).unwrap_or_default();
        fields = fields
            .with(&at("platform"), channel.platform.word())
            .with(&at("handle"), channel.handle.to_string())
            .with(&at("url"), channel.url.as_ref().map(ToString::to_string).unwrap_or_default())
            .with(&at("followers"), look.number(channel.followers))
            .with(&at("engagement_rate"), rate);
    }
    for (format, rate) in &profile.rate_card {
        fields = fields.with(&rate_of(*format), look.typed(*rate));
    }
    fields
}

fn page(visit: &Visit, account: &OwnAccount, fields: &Fields, wrong: &Wrongs) -> Page {
    let asked = Form::new(fields, wrong);
    let (told, see) = match account.role {
        Role::Influencer => (t::PROFILE_TOLD, Some(format!("/influencers/{}", account.id))),
        Role::Sponsor => (t::PROFILE_TOLD, Some(format!("/sponsors/{}", account.id))),
        Role::Admin => (t::ADMIN_TOLD, None),
    };
    let actions = see.map(|path| html! { a.button href=(path) { (t::SEE_PROFILE) } });
    let incomplete = account.influencer.as_ref().is_some_and(|profile| !profile.is_complete());
    let content = html! {
        (asked.summary())
        @if incomplete { (parts::notice(parts::Tone::Waiting, &html! { p { (t::INCOMPLETE) } })) }
        @if account.role == Role::Admin { (facts(visit, account)) }
        @else {
            form.form method="post" action=(PATH) enctype="multipart/form-data" novalidate {
                // The first button is what Enter presses.
                button.hidden type="submit" tabindex="-1" aria-hidden="true" { (t::SAVE) }
                (form::key()) (form::hidden("version", &account.version.to_string()))
                (picture::fields(asked, if account.role == Role::Influencer { p::PORTRAIT } else { p::LOGO }, Shape::Portrait, account.picture))
                @if account.role == Role::Influencer { (influencer_form(visit, asked)) } @else { (sponsor_form(asked)) }
                div.buttons { button.button.primary type="submit" { (t::SAVE) } }
            }
        }
    };
    framed(visit, PATH, t::PROFILE, Some(told), actions.as_ref(), &content)
}

fn facts(visit: &Visit, account: &OwnAccount) -> Markup {
    parts::facts(&[
        (t::USERNAME, html! { (account.username) }),
        (t::EMAIL, html! { (account.email) }),
        (t::ROLE, html! { (words::role(account.role)) }),
        (t::MEMBER_SINCE, visit.look().moment(account.created_at)),
    ])
}

fn sponsor_form(asked: Form<'_>) -> Markup {
    html! {
        (asked.line("company", t::COMPANY).hint(t::COMPANY_HINT).longest(120).autocomplete("organization"))
        (asked.line("industry", t::INDUSTRY).optional().longest(80))
        (asked.url("website", t::WEBSITE).optional().autocomplete("url"))
        (asked.prose("description", t::DESCRIPTION, 6).hint(t::DESCRIPTION_HINT).longest(2000))
    }
}

fn influencer_form(visit: &Visit, asked: Form<'_>) -> Markup {
    let niches: Vec<(&str, String)> = NICHES.iter().map(|niche| (*niche, text::capital(niche))).collect();
    let mut spoken: Vec<(&str, &str)> = LANGUAGES.iter().map(|code| (*code, languages::name(code))).collect();
    spoken.sort_by_key(|(_, name)| *name);
    let formats: Vec<(Format, String)> =
        Format::ALL.iter().map(|format| (*format, text::capital(words::format(*format).0))).collect();
    html! {
        (asked.line("display_name", t::DISPLAY_NAME).hint(t::DISPLAY_NAME_HINT).longest(80).autocomplete("name"))
        (asked.prose("bio", t::BIO, 6).hint(t::BIO_HINT).longest(2000))
        (asked.line("location", t::LOCATION).optional().longest(120).autocomplete("address-level2"))
        (asked.boxes("niches", t::NICHES, niches.iter().map(|(word, name)| (*word, name.as_str())).collect()).hint(t::NICHES_HINT))
        div.scrolling { (asked.boxes("languages", t::LANGUAGES, spoken).optional()) }
        (channels(asked))
        fieldset.group {
            legend { (t::RATES) }
            p.hint { (t::RATES_TOLD) }
            div.pair { @for (format, name) in &formats { (asked.money(rate_of(*format), name, visit.look().currency.code()).optional()) } }
        }
    }
}

fn channels(asked: Form<'_>) -> Markup {
    let count = (0..CHANNELS).take_while(|number| asked.fields.has(&format!("channels/{number}/platform"))).count().max(1);
    let platforms: Vec<(&str, &str)> = SocialPlatform::ALL.iter().map(|one| (one.word(), words::platform(*one))).collect();
    html! {
        h2 { (t::CHANNELS) }
        p.hint { (t::CHANNELS_TOLD) }
        @for number in 0..count {
            @let at = |field: &str| format!("channels/{number}/{field}");
            fieldset.group {
                legend { (t::channel(number + 1)) }
                div.pair {
                    (asked.choice(at("platform"), t::PLATFORM, platforms.clone()))
                    (asked.line(at("handle"), t::HANDLE).longest(80).autocomplete("off"))
                }
                (asked.url(at("url"), t::URL).optional().autocomplete("off"))
                div.pair {
                    (asked.number(at("followers"), t::FOLLOWERS))
                    (asked.line(at("engagement_rate"), t::ENGAGEMENT).optional().size("short").autocomplete("off"))
                }
                @if asked.fields.has(&at("platform")) { p.field { button.link type="submit" name="remove" value=(number) { (t::REMOVE_CHANNEL) } } }
            }
        }
        @if count < CHANNELS { p.field { button.button type="submit" name="more" value="channel" { (t::ADD_CHANNEL) } } }
    }
}
