//! The pages: one file a noun, each over the same operations as the API.
//!
//! A page is a function from a [`Visit`] to an answer. What it cannot show it refuses; the refusal becomes a page here, once.
//! Forms are POSTs that lead to another page when they succeed, and to the same form with what is wrong when they do not.
//!
//! Not here: how things look (`view`), what is said (`text`).

mod admin;
mod campaigns;
mod collaborations;
mod cookie;
mod dashboard;
mod earnings;
mod exports;
mod fields;
mod foresight;
mod influencers;
mod landing;
mod live;
mod look;
mod messages;
mod notifications;
mod password;
pub mod picture;
mod profiles;
mod refused;
mod register;
mod report;
mod reports;
mod requests;
mod same_origin;
mod settings;
mod setup;
mod shortlists;
mod sign_in;
mod style_guide;
mod unsubscribe;
mod visit;
pub mod well_known;
mod wrongs;

pub use cookie::Name as Cookie;
pub use fields::{Fields, Reading, escaped};
pub use refused::Refused;
pub use same_origin::{is_open_to_all, require_same_origin};
pub use visit::{KEY, Visit, add_cookie};
pub use wrongs::Wrongs;

use crate::app::House;
use crate::problem::Problem;
use crate::routes::Routes;
use iescp_core::Error;
use poem::endpoint::make;
use poem::http::Method;
use poem::{Endpoint, IntoResponse, Request, Response, RouteMethod};
use std::sync::Arc;

/// What a page answers.
pub type Answer = Result<Response, Refused>;

/// Every page, by its path.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/", page(landing::show))
        .at("/register", BOTH, both(register::form, register::send))
        .at("/sign-in", BOTH, both(sign_in::form, sign_in::send))
        .at("/sign-out", BOTH, both(sign_in::leave, sign_in::sign_out))
        .at("/setup", BOTH, both(setup::form, setup::send))
        .at("/password/forgot", BOTH, both(password::forgot, password::send_link))
        .at("/password/reset", BOTH, both(password::reset, password::set))
        .at("/verify-email", BOTH, both(password::verify, password::prove))
        .at("/unsubscribe/:id", BOTH, both(unsubscribe::ask, unsubscribe::stop))
        .at("/look", BOTH, act(look::set))
        .get("/dashboard", page(dashboard::show))
        .get("/style-guide", page(style_guide::show))
        .get("/live", live::stream());
    supervision(own_affairs(deals(market(routes))))
}

/// Finding each other: campaigns, profiles, shortlists.
fn market(routes: Routes) -> Routes {
    routes
        .get("/campaigns", page(campaigns::list))
        .at("/campaigns/new", BOTH, both(campaigns::new, campaigns::draft))
        .get("/campaigns/:id", page(campaigns::show))
        .at("/campaigns/:id/edit", BOTH, both(campaigns::edit, campaigns::save))
        .at("/campaigns/:id/fund", BOTH, both(campaigns::fund, campaigns::pay))
        .at("/campaigns/:id/publish", BOTH, act(campaigns::publish))
        .at("/campaigns/:id/pause", BOTH, act(campaigns::pause))
        .at("/campaigns/:id/resume", BOTH, act(campaigns::resume))
        .at("/campaigns/:id/complete", BOTH, both(campaigns::give_up, campaigns::complete))
        .at("/campaigns/:id/cancel", BOTH, both(campaigns::give_up, campaigns::cancel))
        .at("/campaigns/:id/remove", BOTH, both(campaigns::remove, campaigns::removed))
        .at("/campaigns/:id/flag", BOTH, both(campaigns::flag, campaigns::flagged))
        .at("/campaigns/:id/unflag", BOTH, act(campaigns::unflag))
        .get("/influencers", page(influencers::list))
        .get("/influencers/:id", page(profiles::influencer))
        .get("/sponsors/:id", page(profiles::sponsor))
        .at("/shortlists", BOTH, both(shortlists::all, shortlists::make))
        .get("/shortlists/:id", page(shortlists::show))
        .at("/shortlists/:id/add", BOTH, act(shortlists::add))
        .at("/shortlists/:id/note", BOTH, act(shortlists::note))
        .at("/shortlists/:id/drop", BOTH, act(shortlists::drop))
        .at("/shortlists/:id/rename", BOTH, act(shortlists::rename))
        .at("/shortlists/:id/remove", BOTH, both(shortlists::ask_remove, shortlists::remove))
}

/// Negotiating, working, money.
fn deals(routes: Routes) -> Routes {
    use collaborations as work;
    let deed = |path: &str| format!("/collaborations/:id/{path}");
    routes
        .get("/requests", page(requests::list))
        .at("/campaigns/:id/apply", BOTH, both(requests::application, requests::apply))
        .at("/influencers/:id/invite", BOTH, both(requests::invitation, requests::invite))
        .get("/requests/:id", page(requests::show))
        .at("/requests/:id/accept", BOTH, both(requests::check, requests::accept))
        .at("/requests/:id/counter", BOTH, both(requests::reply, requests::counter))
        .at("/requests/:id/amend", BOTH, both(requests::edit, requests::amend))
        .at("/requests/:id/confirm", BOTH, act(requests::confirm))
        .at("/requests/:id/reject", BOTH, both(requests::decline, requests::reject))
        .at("/requests/:id/withdraw", BOTH, both(requests::withdrawal, requests::withdraw))
        .get("/collaborations", page(work::list))
        .get("/collaborations/:id", page(work::show))
        .get(&deed("agreement"), page(work::agreement))
        .at(&deed("submit"), BOTH, both(work::ask, work::submit))
        .at(&deed("approve"), BOTH, both(work::ask, work::approve))
        .at(&deed("request-changes"), BOTH, both(work::ask, work::request_changes))
        .at(&deed("step-down"), BOTH, both(work::ask, work::step_down))
        .at(&deed("cancel"), BOTH, both(work::ask, work::cancel))
        .at(&deed("propose-split"), BOTH, both(work::ask, work::propose_split))
        .at(&deed("accept-split"), BOTH, both(work::ask, work::accept_split))
        .at(&deed("withdraw-split"), BOTH, act(work::withdraw_split))
        .at(&deed("dispute"), BOTH, both(work::ask, work::dispute))
        .at(&deed("withdraw-dispute"), BOTH, act(work::withdraw_dispute))
        .at(&deed("results"), BOTH, both(work::ask, work::report))
        .at(&deed("review"), BOTH, both(work::ask, work::review))
        .get("/earnings", page(earnings::show))
        .at("/earnings/withdraw", BOTH, both(earnings::withdrawal, earnings::withdraw))
        .at("/exports", BOTH, both(exports::show, exports::ask))
        .get("/exports/:id/file", exports::file())
        .get("/reports", page(reports::list))
        .get("/reports/:id", page(reports::show))
        .get("/reports/:id/document", page(reports::document))
}

/// One's own affairs, and talk.
fn own_affairs(routes: Routes) -> Routes {
    use settings::sensitive;
    routes
        .at("/dashboard/apply-again", BOTH, act(dashboard::apply_again))
        .at("/settings", BOTH, both(settings::profile, settings::save_profile))
        .get("/settings/security", page(settings::security))
        .at("/settings/security/email", BOTH, act(sensitive(settings::change_email)))
        .at("/settings/security/verification", BOTH, act(settings::send_link))
        .at("/settings/security/password", BOTH, act(settings::change_password))
        .at("/settings/security/totp", BOTH, act(sensitive(settings::enrol_factor)))
        .at("/settings/security/totp/confirm", BOTH, act(sensitive(settings::confirm_factor)))
        .at("/settings/security/totp/disable", BOTH, act(sensitive(settings::disable_factor)))
        .get("/settings/sessions", page(settings::sessions))
        .at("/settings/sessions/end-others", BOTH, act(sensitive(settings::end_others)))
        .at("/settings/sessions/:id/end", BOTH, act(sensitive(settings::end_session)))
        .at("/settings/tokens", BOTH, both(settings::tokens, sensitive(settings::make_token)))
        .at("/settings/tokens/revoke-all", BOTH, act(settings::revoke_tokens))
        .at("/settings/tokens/:id/revoke", BOTH, act(settings::revoke_token))
        .at("/settings/notifications", BOTH, both(settings::notices, settings::set_notices))
        .at("/settings/notifications/chat", BOTH, act(sensitive(settings::set_chat)))
        .at("/settings/notifications/chat/test", BOTH, act(settings::test_chat))
        .at("/settings/notifications/chat/remove", BOTH, act(settings::remove_chat))
        .get("/settings/blocks", page(settings::blocks))
        .at("/settings/blocks/:id/unblock", BOTH, act(settings::unblock))
        .get("/settings/data", page(settings::data))
        .at("/settings/close", BOTH, both(settings::closing, sensitive(settings::close)))
        .get("/messages", page(messages::list))
        .at("/messages/:id", BOTH, both(messages::show, messages::send))
        .at("/messages/:id/read", BOTH, act(messages::read))
        .at("/messages/:id/block", BOTH, act(messages::block))
        .at("/messages/:id/unblock", BOTH, act(messages::unblock))
        .get("/notifications", page(notifications::show))
        .at("/notifications/read", BOTH, act(notifications::read))
        .at("/notifications/:id/open", BOTH, act(notifications::open))
        .at("/report", BOTH, both(report::form, report::send))
}

/// What only admins have.
fn supervision(routes: Routes) -> Routes {
    routes
        .get("/admin", page(admin::queue))
        .get("/admin/accounts", page(admin::accounts))
        .get("/admin/accounts/:id", page(admin::account))
        .at("/admin/accounts/:id/approve", BOTH, act(admin::approve))
        .at("/admin/accounts/:id/reject", BOTH, act(admin::reject))
        .at("/admin/accounts/:id/flag", BOTH, act(admin::flag))
        .at("/admin/accounts/:id/unflag", BOTH, act(admin::unflag))
        .at("/admin/accounts/:id/verify", BOTH, act(admin::verify))
        .at("/admin/accounts/:id/unverify", BOTH, act(admin::unverify))
        .at("/admin/accounts/:id/review", BOTH, act(admin::review))
        .at("/admin/accounts/:id/end-sessions", BOTH, act(admin::end_sessions))
        .at("/admin/accounts/:id/password-reset", BOTH, act(admin::reset))
        .get("/admin/campaigns", page(admin::campaigns))
        .at("/admin/campaigns/:id/flag", BOTH, act(admin::flag_campaign))
        .at("/admin/campaigns/:id/unflag", BOTH, act(admin::unflag_campaign))
        .get("/admin/abuse-reports", page(admin::abuse_reports))
        .at("/admin/abuse-reports/:id/resolve", BOTH, act(admin::resolve))
        .get("/admin/disputes", page(admin::disputes))
        .get("/admin/disputes/:id", page(admin::dispute))
        .at("/admin/disputes/:id/rule", BOTH, act(admin::rule))
        .get("/admin/audit", page(admin::audit))
        .get("/admin/jobs", page(admin::jobs))
        .at("/admin/jobs/:id/retry", BOTH, act(admin::retry_job))
        .at("/admin/jobs/:id/discard", BOTH, act(admin::discard_job))
        .get("/admin/mails", page(admin::mails))
        .get("/admin/mails/:id", page(admin::mail))
        .get("/admin/mails/:id/html", page(admin::mail_html))
}

const BOTH: &[Method] = &[Method::GET, Method::POST];

fn both<F, G, A, B>(get: F, post: G) -> RouteMethod
where
    F: Fn(Visit) -> A + Send + Sync + 'static,
    G: Fn(Visit) -> B + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
    B: Future<Output = Answer> + Send + 'static,
{
    RouteMethod::new().get(page(get)).post(page(post))
}

/// A form that has no page of its own: whoever reads its address gets the page it belongs to, a segment up.
#[must_use]
pub fn act<F, A>(answer: F) -> RouteMethod
where
    F: Fn(Visit) -> A + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    RouteMethod::new().get(page(up)).post(page(answer))
}

async fn up(visit: Visit) -> Answer {
    let mut above = visit.path();
    while let Some((shorter, _)) = above.rsplit_once('/') {
        above = shorter;
        if visit.house().table.find(above).is_some_and(|place| place.knows(&Method::GET)) {
            break;
        }
    }
    Ok(visit.go(if above.is_empty() { "/" } else { above }))
}

/// Answers for addresses where there is nothing.
///
/// # Errors
/// Those of whatever stands at the address.
pub async fn nowhere<E: Endpoint>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    if House::of(&request)?.table.find(request.uri().path()).is_some() {
        return next.call(request).await.map(IntoResponse::into_response);
    }
    page(|_| async { Err(Error::NotFound.into()) }).call(request).await
}

/// A page as an endpoint.
pub fn page<F, A>(answer: F) -> impl Endpoint<Output = Response>
where
    F: Fn(Visit) -> A + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    let answer = Arc::new(answer);
    make(move |request: Request| {
        let answer = Arc::clone(&answer);
        async move {
            let house = House::of(&request)?;
            let visit = match Visit::of(house, request).await {
                Ok(visit) => visit,
                Err(Refused::Problem(problem)) => return Err(poem::Error::from(*problem)),
                Err(Refused::SignIn) => return Err(Problem::from(Error::SignedOut("Please sign in.")).into()),
            };
            let done = answer(visit.clone()).await;
            done.or_else(|refused| visit.refuse(refused)).map_err(|_| Problem::internal("a refusal was refused").into())
        }
    })
}
