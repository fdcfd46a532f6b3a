//! `/admin/campaigns`: all of them, or those that are flagged.

use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use super::{named, names, only};
use crate::text::admin as t;
use crate::view::{Form, Icon, Page, form, parts};
use iescp_core::campaign::{CampaignView, FlagCampaign, ListAllCampaigns, UnflagCampaign, Visibility};
use iescp_core::id::CampaignId;
use maud::{Markup, html};

const PATH: &str = "/admin/campaigns";

/// `GET /admin/campaigns?flagged=yes`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn list(visit: Visit) -> Answer {
    Ok(visit.show(page(&visit, &Fields::default(), &Wrongs::default()).await?))
}

/// `POST /admin/campaigns/{id}/flag`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn flag(visit: Visit) -> Answer {
    only(&visit)?;
    let campaign: CampaignId = visit.id()?;
    let field = format!("reason-{campaign}");
    match visit.run_once(FlagCampaign { campaign, reason: visit.sent().text(&field) }).await {
        Ok(_) => Ok(visit.go_saying(PATH, t::CAMPAIGN_FLAGGED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?.renamed("reason", &field);
            Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong).await?, &wrong))
        }
    }
}

/// `POST /admin/campaigns/{id}/unflag`.
///
/// # Errors
/// Not found, for all but admins.
pub async fn unflag(visit: Visit) -> Answer {
    only(&visit)?;
    match visit.run_once(UnflagCampaign { campaign: visit.id()? }).await {
        Ok(_) => Ok(visit.go_saying(PATH, t::CAMPAIGN_UNFLAGGED)),
        Err(error) => {
            let wrong = Wrongs::of(error)?;
            Ok(visit.show_wrong(page(&visit, visit.sent(), &wrong).await?, &wrong))
        }
    }
}

async fn page(visit: &Visit, fields: &Fields, wrong: &Wrongs) -> Result<Page, Refused> {
    only(visit)?;
    let flagged = visit.query().ticked("flagged");
    let campaigns = visit.run(ListAllCampaigns { flagged, page: visit.page_of(25) }).await?;
    let sponsors = names(visit, campaigns.items.iter().map(|view| view.campaign.sponsor.0).collect()).await?;
    let asked = Form::new(fields, wrong);
    let content = html! {
        (asked.summary())
        (parts::heading(t::CAMPAIGNS, Some(t::CAMPAIGNS_TOLD), None))
        nav.tabs aria-label=(t::CAMPAIGNS) {
            a href=(PATH) aria-current=[(!flagged).then_some("page")] { (t::ALL) }
            a href={ (PATH) "?flagged=yes" } aria-current=[flagged.then_some("page")] { (t::ONLY_FLAGGED) }
        }
        @if campaigns.items.is_empty() {
            @if flagged { (parts::empty(Icon::Flag, t::NONE_FLAGGED, t::NONE_FLAGGED_TOLD, None)) }
            @else { (parts::empty(Icon::Campaign, t::NO_CAMPAIGNS, t::NO_CAMPAIGNS_TOLD, None)) }
        } @else {
            ul.rows { @for view in &campaigns.items { (row(visit, view, &named(&sponsors, view.campaign.sponsor.0), asked)) } }
        }
        (parts::pager(PATH, visit.query(), campaigns.next.as_deref()))
    };
    Ok(Page::new(t::CAMPAIGNS, content))
}

fn row(visit: &Visit, view: &CampaignView, sponsor: &str, asked: Form<'_>) -> Markup {
    let (campaign, look) = (&view.campaign, visit.look());
    let field = format!("reason-{}", campaign.id);
    html! {
        li {
            div.grow {
                h2 { a href={ "/campaigns/" (campaign.id) } dir="auto" { (campaign.title) } }
                p.quiet.small { span dir="auto" { (sponsor) } " · " (look.money(campaign.budget)) " · " (look.ago(campaign.created_at)) }
                @if let Some(reason) = &campaign.flagged { p.small dir="auto" { (reason) } }
            }
            @if campaign.visibility == Visibility::Private { (parts::badge(parts::Tone::Calm, t::PRIVATE)) }
            @if campaign.flagged.is_some() { (parts::badge(parts::Tone::Bad, t::FLAG_SIGN)) }
            (parts::campaign_state(campaign.state))
            div.above {
                @if campaign.flagged.is_some() { (parts::action(&format!("{PATH}/{}/unflag", campaign.id), t::UNFLAG_CAMPAIGN, "slim")) }
                @else {
                    details.menu open[asked.wrong.at(&field).is_some()] {
                        summary.button.slim { (t::FLAG_CAMPAIGN) }
                        form.card method="post" action={ (PATH) "/" (campaign.id) "/flag" } novalidate {
                            (form::key())
                            (asked.prose(field.clone(), t::FLAG_CAMPAIGN_WHY, 3).longest(1000))
                            button.button.danger.slim type="submit" { (t::FLAG_CAMPAIGN) }
                        }
                    }
                }
            }
        }
    }
}
