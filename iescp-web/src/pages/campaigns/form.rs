//! Writing a campaign: a new draft, and changing one.
//!
//! Whoever has read an older version is told what is stored now; what they typed is kept.

use crate::pages::picture::{Wish, but_saved, wish};
use crate::pages::{Answer, Fields, Reading, Refused, Visit, Wrongs};
use crate::pictures::Shape;
use crate::text::{campaigns as t, capital, pictures as p, words};
use crate::view::{Form, Look, Page, form, parts, picture};
use iescp_core::account::Role;
use iescp_core::campaign::{
    Campaign, CampaignChanges, CampaignInput, CampaignState, CampaignView, DraftCampaign, EditCampaign, ViewCampaign,
};
use iescp_core::id::{CampaignId, PictureId};
use iescp_core::picture::{PutCampaignPicture, RemoveCampaignPicture};
use iescp_core::value::{Line, NICHES, SocialPlatform};
use iescp_core::{Error, FieldError};
use maud::{Markup, html};

/// Where the version stands that was read.
const VERSION: &str = "version";

/// `GET /campaigns/new`.
///
/// # Errors
/// For all but sponsors.
pub async fn new(visit: Visit) -> Answer {
    visit.only(Role::Sponsor)?;
    let fields = Fields::default().with("visibility", "public").with("label", "Ad");
    Ok(visit.show(new_page(visit.look(), &fields, &Wrongs::default())))
}

/// `POST /campaigns/new`.
///
/// # Errors
/// A failing store.
pub async fn draft(visit: Visit) -> Answer {
    visit.only(Role::Sponsor)?;
    let mut reading = Reading::default();
    let rest = CampaignChanges { title: None, ..changes(visit.sent(), visit.look(), &mut reading) };
    let input = CampaignInput { title: visit.sent().text("title"), rest };
    let wish = match wish(&visit, Shape::Cover).await {
        Ok(wish) => wish,
        Err(wrong) => {
            let wrong = Wrongs::unread([reading.wrong, vec![wrong]].concat());
            return Ok(visit.show_wrong(new_page(visit.look(), visit.sent(), &wrong), &wrong));
        }
    };
    match visit.run_once(DraftCampaign { input }).await {
        Ok(made) => hang(&visit, made.campaign.id, wish, t::DRAFTED).await,
        Err(error) => {
            let wrong = gathered(error, reading)?;
            Ok(visit.show_wrong(new_page(visit.look(), visit.sent(), &wrong), &wrong))
        }
    }
}

/// `GET /campaigns/{id}/edit`.
///
/// # Errors
/// For all but its sponsor.
pub async fn edit(visit: Visit) -> Answer {
    let view = own(&visit, visit.id()?).await?;
    if view.campaign.is_over(visit.look().now) {
        return Ok(visit.go(&format!("/campaigns/{}", view.campaign.id)));
    }
    let fields = stored(&view, visit.look());
    Ok(visit.show(edit_page(visit.look(), &view.campaign, &fields, &Wrongs::default(), None)))
}

/// `POST /campaigns/{id}/edit`.
///
/// # Errors
/// For all but its sponsor; a failing store.
pub async fn save(visit: Visit) -> Answer {
    let (campaign, mut reading) = (visit.id()?, Reading::default());
    let changes = changes(visit.sent(), visit.look(), &mut reading);
    let version = visit.sent().given(VERSION).and_then(|version| version.parse().ok());
    let wish = match wish(&visit, Shape::Cover).await {
        Ok(wish) => wish,
        Err(wrong) => {
            let (view, wrong) = (own(&visit, campaign).await?, Wrongs::unread([reading.wrong, vec![wrong]].concat()));
            return Ok(visit.show_wrong(edit_page(visit.look(), &view.campaign, visit.sent(), &wrong, None), &wrong));
        }
    };
    let error = match visit.run_once(EditCampaign { campaign, changes, version }).await {
        Ok(_) => return hang(&visit, campaign, wish, t::SAVED).await,
        Err(error) => error,
    };
    let stale = matches!(error, Error::Stale);
    let wrong = gathered(error, reading)?;
    let view = own(&visit, campaign).await?;
    // Sent once more, what was typed replaces what the person has now been shown.
    let fields = if stale { visit.sent().clone().with(VERSION, view.version.to_string()) } else { visit.sent().clone() };
    let differs = stale.then(|| differences(&fields, &stored(&view, visit.look())));
    Ok(visit.show_wrong(edit_page(visit.look(), &view.campaign, &fields, &wrong, differs.as_ref()), &wrong))
}

/// Does with the picture what the form wanted, once everything else is saved.
async fn hang(visit: &Visit, campaign: CampaignId, wish: Wish, said: &str) -> Answer {
    let done = match wish {
        Wish::Keep => Ok(()),
        Wish::Remove => visit.run(RemoveCampaignPicture { campaign }).await,
        Wish::Put(image) => visit.place(image, |draft| PutCampaignPicture { campaign, draft }).await.map(drop),
    };
    match done {
        Ok(()) => Ok(visit.go_saying(&format!("/campaigns/{campaign}"), said)),
        Err(error) => {
            let (wrong, view) = (but_saved(error)?, own(visit, campaign).await?);
            let fields = stored(&view, visit.look());
            Ok(visit.show_wrong(edit_page(visit.look(), &view.campaign, &fields, &wrong, None), &wrong))
        }
    }
}

/// The form for a draft that cannot be published as it is.
pub async fn incomplete(visit: &Visit, campaign: CampaignId, error: Error) -> Answer {
    let wrong = gathered(error, Reading::default())?;
    let view = own(visit, campaign).await?;
    let fields = stored(&view, visit.look());
    Ok(visit.show_wrong(edit_page(visit.look(), &view.campaign, &fields, &wrong, None), &wrong))
}

/// A campaign of one's own.
pub async fn own(visit: &Visit, campaign: CampaignId) -> Result<CampaignView, Refused> {
    let me = visit.me()?.account.id;
    let view = visit.run(ViewCampaign { campaign }).await?;
    if view.campaign.sponsor == me { Ok(view) } else { Err(Error::NotFound.into()) }
}

/// What is wrong, at the fields of this form.
fn gathered(error: Error, reading: Reading) -> Result<Wrongs, Refused> {
    let mut wrong = Wrongs::of(error)?.and_unread(reading.wrong);
    for one in &mut wrong.fields {
        // One field of ours holds a list of theirs.
        if let Some((list, _)) = one.field.split_once('/') {
            one.field = list.to_owned();
        }
    }
    wrong.fields.dedup_by(|one, before: &mut FieldError| one.field == before.field && one.detail == before.detail);
    Ok(wrong)
}

fn changes(sent: &Fields, look: &Look, reading: &mut Reading) -> CampaignChanges {
    CampaignChanges {
        title: Some(sent.text("title")),
        goals: Some(sent.text("goals")),
        dos: Some(sent.text("dos")),
        donts: Some(sent.text("donts")),
        hashtags: Some(listed(sent.get("hashtags"), '#')),
        mentions: Some(listed(sent.get("mentions"), '@')),
        niches: Some(sent.all("niches")),
        platforms: Some(sent.all("platforms")),
        start: Some(sent.text("start")),
        end: Some(sent.text("end")),
        budget: Some(reading.money(sent, "budget", look.currency)),
        visibility: Some(sent.text("visibility")),
        label: Some(sent.text("label")),
    }
}

/// Words as people list them: `#tea, #spring` or `#tea #spring`.
fn listed(text: &str, mark: char) -> Vec<String> {
    let pieces = text.split([',', '\n', ';']).flat_map(|piece| piece.split(mark));
    pieces.map(str::trim).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

fn shown(words: &[Line<60>], mark: char) -> String {
    words.iter().map(|word| format!("{mark}{word}")).collect::<Vec<_>>().join(", ")
}

/// What is stored, as it stands in the form.
fn stored(view: &CampaignView, look: &Look) -> Fields {
    let campaign = &view.campaign;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = Fields::default()
        .with(VERSION, view.version.to_string())
        .with("title", campaign.title.to_string())
        .with("goals", campaign.brief.goals.to_string())
        .with("dos", campaign.brief.dos.to_string())
        .with("donts", campaign.brief.donts.to_string())
        .with("hashtags", shown(&campaign.brief.hashtags, '#'))
        .with("mentions", shown(&campaign.brief.mentions, '@'))
        .with("start", day(campaign.start))
        .with("end", day(campaign.end))
        .with("budget", if campaign.budget.0 == 0 { String::new() } else { look.typed(campaign.budget) })
        .with("visibility", campaign.visibility.word())
        .with("label", campaign.label.to_string());
    let fields = campaign.niches.iter().fold(fields, |fields, niche| fields.and("niches", niche.as_str()));
    campaign.platforms.iter().fold(fields, |fields, platform| fields.and("platforms", platform.word()))
}

/// Every field with its name.
const FIELDS: [(&str, &str); 13] = [
    ("title", t::FORM_TITLE),
    ("goals", t::FORM_GOALS),
    ("dos", t::FORM_DOS),
    ("donts", t::FORM_DONTS),
    ("hashtags", t::FORM_HASHTAGS),
    ("mentions", t::FORM_MENTIONS),
    ("niches", t::FORM_NICHES),
    ("platforms", t::FORM_PLATFORMS),
    ("start", t::FORM_START),
    ("end", t::FORM_END),
    ("budget", t::FORM_BUDGET),
    ("visibility", t::FORM_VISIBILITY),
    ("label", t::FORM_LABEL),
];

/// What is stored where something else was typed.
fn differences(typed: &Fields, stored: &Fields) -> Markup {
    let plain = |fields: &Fields, name: &str| {
        let mut all: Vec<String> = fields.all(name).iter().map(|value| value.replace("\r\n", "\n").trim().to_owned()).collect();
        all.sort_unstable();
        all.join(", ")
    };
    let differ = FIELDS.into_iter().filter(|(name, _)| plain(typed, name) != plain(stored, name));
    let rows: Vec<(&str, String)> = differ.map(|(name, label)| (label, plain(stored, name))).collect();
    html! {
        p { (t::STALE) }
        @if rows.is_empty() { p.quiet { (t::STALE_SAME) } }
        @else { dl.stored { @for (label, value) in rows { div { dt { (label) } dd dir="auto" { @if value.is_empty() { (t::STORED_EMPTY) } @else { (value) } } } } } }
    }
}

fn new_page(look: &Look, fields: &Fields, wrong: &Wrongs) -> Page {
    let content = html! {
        (form::summary(wrong))
        (parts::heading(t::NEW, Some(t::FORM_NEW_TOLD), None))
        form.form method="post" action="/campaigns/new" enctype="multipart/form-data" novalidate {
            (form::key())
            (questions(Form::new(fields, wrong), look, None))
            div.buttons { button.button.primary type="submit" { (t::FORM_SAVE_DRAFT) } a href="/campaigns" { (t::FORM_LEAVE) } }
        }
    };
    Page::new(t::NEW, content)
}

fn edit_page(look: &Look, campaign: &Campaign, fields: &Fields, wrong: &Wrongs, differs: Option<&Markup>) -> Page {
    let (title, path) = (t::edit_title(&campaign.title), format!("/campaigns/{}", campaign.id));
    let content = html! {
        @if let Some(differs) = differs { div.summary role="alert" tabindex="-1" data-focus { (differs) } } @else { (form::summary(wrong)) }
        (parts::heading(&title, None, None))
        @if campaign.state != CampaignState::Draft { (parts::notice(parts::Tone::Waiting, &html! { p { (t::FORM_VOIDS) } })) }
        form.form method="post" action={ (path) "/edit" } enctype="multipart/form-data" novalidate {
            (form::key())
            (form::hidden(VERSION, fields.get(VERSION)))
            (questions(Form::new(fields, wrong), look, campaign.picture))
            div.buttons { button.button.primary type="submit" { (t::FORM_SAVE) } a href=(path) { (t::FORM_LEAVE) } }
        }
    };
    Page::new(title, content)
}

fn questions(form: Form<'_>, look: &Look, now: Option<PictureId>) -> Markup {
    let niches: Vec<(&str, String)> = NICHES.iter().map(|niche| (*niche, capital(niche))).collect();
    let niches = niches.iter().map(|(value, name)| (*value, name.as_str())).collect();
    let platforms = SocialPlatform::ALL.iter().map(|platform| (platform.word(), words::platform(*platform))).collect();
    let seen = vec![("public", t::FORM_PUBLIC, t::FORM_PUBLIC_TOLD), ("private", t::FORM_PRIVATE, t::FORM_PRIVATE_TOLD)];
    html! {
        (form.line("title", t::FORM_TITLE).hint(t::FORM_TITLE_HINT).longest(120))
        section.group {
            h2 { (t::FORM_BRIEF) }
            (form.prose("goals", t::FORM_GOALS, 5).hint(t::FORM_GOALS_HINT))
            (form.prose("dos", t::FORM_DOS, 3).optional())
            (form.prose("donts", t::FORM_DONTS, 3).optional())
            div.pair {
                (form.line("hashtags", t::FORM_HASHTAGS).hint(t::FORM_WORDS_HINT).optional())
                (form.line("mentions", t::FORM_MENTIONS).hint(t::FORM_WORDS_HINT).optional())
            }
            (form.line("label", t::FORM_LABEL).hint(t::FORM_LABEL_HINT).size("short").longest(60))
        }
        (picture::fields(form, p::COVER, Shape::Cover, now))
        section.group {
            h2 { (t::FORM_FIT) }
            (form.boxes("niches", t::FORM_NICHES, niches).hint(t::FORM_NICHES_HINT))
            (form.boxes("platforms", t::FORM_PLATFORMS, platforms).hint(t::FORM_PLATFORMS_HINT).optional())
        }
        section.group {
            h2 { (t::FORM_TERMS) }
            div.pair { (form.day("start", t::FORM_START)) (form.day("end", t::FORM_END)) }
            (form.money("budget", t::FORM_BUDGET, look.currency.code()).hint(t::FORM_BUDGET_HINT))
            (form.radios("visibility", t::FORM_VISIBILITY, seen))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_listed_as_people_list_them() {
        for text in ["#tea, #spring", "tea,spring", "#tea #spring", " tea ;\nspring,, ", "#tea#spring"] {
            assert_eq!(listed(text, '#'), ["tea", "spring"], "{text}");
        }
        assert!(listed(" , ", '@').is_empty());
    }
}
