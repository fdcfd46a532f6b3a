//! Beginning a negotiation: an influencer applies to a campaign, or a sponsor invites somebody to one.

use super::offer_form;
use crate::pages::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::requests as t;
use crate::view::{Form, Icon, Page, parts, terms};
use iescp_core::account::{PublicInfluencer, Role, ViewInfluencer};
use iescp_core::campaign::{CampaignState, CampaignView, ListOwnCampaigns};
use iescp_core::id::{AccountId, CampaignId};
use iescp_core::request::{Apply, Invite, PrepareApplication, Prepared};
use iescp_core::{Error, FieldError, PageRequest};
use maud::{Markup, html};
use uuid::Uuid;

/// `GET /campaigns/{id}/apply`.
///
/// # Errors
/// If the campaign is not there for this influencer.
pub async fn application(visit: Visit) -> Answer {
    let me = visit.only(Role::Influencer)?;
    let prepared = visit.run(PrepareApplication { campaign: visit.id()? }).await?;
    if let Some(open) = prepared.open {
        return Ok(visit.go_saying(&format!("/requests/{open}"), t::ALREADY_OPEN));
    }
    let fields = offer_form::blank(&me.name, prepared.campaign.platforms.first().copied());
    Ok(visit.show(application_page(&visit, &prepared, &fields, &Wrongs::default())))
}

/// `POST /campaigns/{id}/apply`.
///
/// # Errors
/// If the campaign is not there for this influencer.
pub async fn apply(visit: Visit) -> Answer {
    visit.only(Role::Influencer)?;
    let campaign: CampaignId = visit.id()?;
    let wrong = match offer_form::rearranged(visit.sent()) {
        Some(fields) => {
            let prepared = visit.run(PrepareApplication { campaign }).await?;
            return Ok(visit.show(application_page(&visit, &prepared, &fields, &Wrongs::default())));
        }
        None => {
            let (offer, unread) = offer_form::read(&visit);
            match visit.run_once(Apply { campaign, offer }).await {
                Ok(view) => return Ok(visit.go_saying(&format!("/requests/{}", view.request.id), t::APPLY_DONE)),
                Err(Error::Taken(taken)) => Wrongs::sentence(taken.detail),
                Err(error) => Wrongs::of(error)?.and_unread(unread),
            }
        }
    };
    let prepared = visit.run(PrepareApplication { campaign }).await?;
    Ok(visit.show_wrong(application_page(&visit, &prepared, visit.sent(), &wrong), &wrong))
}

fn application_page(visit: &Visit, prepared: &Prepared, fields: &Fields, wrong: &Wrongs) -> Page {
    let (campaign, look) = (&prepared.campaign, visit.look());
    let title = t::apply_to(&campaign.title);
    let action = format!("/campaigns/{}/apply", campaign.id);
    let content = html! {
        (Form::new(fields, wrong).summary())
        (parts::heading(&title, Some(t::APPLY_TOLD), None))
        div.columns {
            (offer_form::markup(visit, &action, fields, wrong, &html! {}, t::APPLY_SEND))
            aside.stack {
                section.card.stack { h2 { (t::CAMPAIGN) } (terms::brief(campaign)) p { a href={ "/campaigns/" (campaign.id) } { (t::SHOW_CAMPAIGN) } } }
                @if let Some(me) = &prepared.influencer { section.card.stack { h2 { (t::OWN_RATES) } (terms::rates(look, me)) } }
            }
        }
    };
    Page::new(title, content)
}

/// What a sponsor chooses from: whom they invite, and their open campaigns.
struct Choice {
    influencer: PublicInfluencer,
    campaigns: Vec<CampaignView>,
}

async fn choice(visit: &Visit) -> Result<Choice, Refused> {
    visit.only(Role::Sponsor)?;
    let influencer = visit.run(ViewInfluencer { account: visit.id::<AccountId>()? }).await?;
    let page = PageRequest::new(PageRequest::MOST, None);
    let campaigns = visit.run(ListOwnCampaigns { state: Some(CampaignState::Active), page }).await?;
    Ok(Choice { influencer, campaigns: campaigns.items })
}

/// `GET /influencers/{id}/invite?campaign=…`.
///
/// # Errors
/// If there is no such influencer.
pub async fn invitation(visit: Visit) -> Answer {
    let choice = choice(&visit).await?;
    let chosen = visit.query().text("campaign");
    let only = choice.campaigns.first().filter(|_| choice.campaigns.len() == 1).map(|only| only.campaign.id.to_string());
    let platform = choice.influencer.primary_channel.as_ref().map(|channel| channel.platform);
    let fields = offer_form::blank(&visit.me()?.name, platform);
    let fields = fields.with("campaign", if chosen.is_empty() { only.unwrap_or_default() } else { chosen });
    Ok(visit.show(invitation_page(&visit, &choice, &fields, &Wrongs::default())))
}

/// `POST /influencers/{id}/invite`.
///
/// # Errors
/// If there is no such influencer.
pub async fn invite(visit: Visit) -> Answer {
    visit.only(Role::Sponsor)?;
    let influencer: AccountId = visit.id()?;
    if let Some(fields) = offer_form::rearranged(visit.sent()) {
        return Ok(visit.show(invitation_page(&visit, &choice(&visit).await?, &fields, &Wrongs::default())));
    }
    let (offer, mut unread) = offer_form::read(&visit);
    let campaign = visit.sent().given("campaign").and_then(|id| Uuid::try_parse(id).ok()).map(CampaignId);
    let wrong = match campaign {
        Some(campaign) => match visit.run_once(Invite { campaign, influencer, offer }).await {
            Ok(view) => return Ok(visit.go_saying(&format!("/requests/{}", view.request.id), t::INVITE_DONE)),
            Err(error) => Wrongs::of(error)?.and_unread(unread),
        },
        None => {
            unread.insert(0, FieldError::new("campaign", "required", t::CHOOSE_CAMPAIGN));
            Wrongs::unread(unread)
        }
    };
    Ok(visit.show_wrong(invitation_page(&visit, &choice(&visit).await?, visit.sent(), &wrong), &wrong))
}

fn invitation_page(visit: &Visit, choice: &Choice, fields: &Fields, wrong: &Wrongs) -> Page {
    let title = t::invite(&choice.influencer.display_name);
    if choice.campaigns.is_empty() {
        let content = html! {
            (Form::new(fields, wrong).summary())
            (parts::heading(&title, None, None))
            (parts::empty(Icon::Campaign, t::NO_OPEN, t::NO_OPEN_TOLD, Some(("/campaigns/new", t::NEW_CAMPAIGN))))
        };
        return Page::new(title, content);
    }
    let action = format!("/influencers/{}/invite", choice.influencer.id);
    let content = html! {
        (Form::new(fields, wrong).summary())
        (parts::heading(&title, Some(t::INVITE_TOLD), None))
        div.columns {
            (offer_form::markup(visit, &action, fields, wrong, &campaigns(visit, choice, Form::new(fields, wrong)), t::INVITE_SEND))
            aside.stack { section.card.stack {
                h2 { (t::RATES) }
                (rates(visit, &choice.influencer))
                p { a href={ "/influencers/" (choice.influencer.id) } { (t::SHOW_PROFILE) } }
            } }
        }
    };
    Page::new(title, content)
}

/// The sponsor's open campaigns, each with what is left of its money.
fn campaigns(visit: &Visit, choice: &Choice, form: Form<'_>) -> Markup {
    let said: Vec<(String, String)> = choice
        .campaigns
        .iter()
        .map(|view| {
            let left = view.money.map(|money| format!("{}: {}", t::LEFT, visit.look().amount(money.available)));
            (view.campaign.id.to_string(), left.unwrap_or_default())
        })
        .collect();
    let options = choice.campaigns.iter().zip(&said);
    let options = options.map(|(view, (id, left))| (id.as_str(), &*view.campaign.title, left.as_str())).collect();
    html! { (form.radios("campaign", t::INVITE_TO, options)) }
}

fn rates(visit: &Visit, influencer: &PublicInfluencer) -> Markup {
    html! {
        @if influencer.rate_card.is_empty() { p.quiet { (t::NO_RATES) } }
        dl.pairs {
            @for (format, price) in &influencer.rate_card { div { dt { (crate::text::words::format(*format).0) } dd { (visit.look().money(*price)) } } }
            div { dt { (t::REACH) } dd { (visit.look().short(influencer.reach)) } }
        }
    }
}
