//! Asks for the password once more, where what somebody wants to do needs it (S-18), and then does it.
//!
//! The form that was sent is kept on the page that asks, and comes back together with the password.

use super::super::cookie;
use super::super::visit::add_cookie;
use super::super::{Answer, Fields, Refused, Visit, Wrongs};
use crate::text::{accounts, settings as t};
use crate::view::{Form, Page, form, parts};
use futures_util::future::BoxFuture;
use iescp_core::account::ViewOwnAccount;
use iescp_core::session::{Renewed, reauthenticate};
use iescp_core::{Error, Secret};
use maud::html;
use poem::Response;
use std::sync::Arc;

const PASSWORD: &str = "again.password";
const CODE: &str = "again.code";
/// Fields that are never kept.
const NEVER_KEPT: [&str; 6] = [PASSWORD, CODE, "current_password", "new_password", "code", "token"];

/// An action that may need the password once more.
pub fn sensitive<F, A>(act: F) -> impl Fn(Visit) -> BoxFuture<'static, Answer> + Send + Sync + 'static
where
    F: Fn(Visit) -> A + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    let act = Arc::new(act);
    move |visit| {
        let act = Arc::clone(&act);
        Box::pin(async move {
            let renewed = match prove(&visit).await {
                Ok(renewed) => renewed,
                Err(error) => {
                    let wrong = Wrongs::of(error)?.renamed("password", PASSWORD).renamed("code", CODE);
                    return ask(&visit, &wrong).await;
                }
            };
            let done = act(visit.with_sent(visit.sent().clone().without(&[PASSWORD, CODE]))).await;
            let mut answer = match done {
                Err(Refused::Problem(problem)) if problem.code == "reauthenticate" => ask(&visit, &Wrongs::default()).await?,
                Err(refused) => visit.refuse(refused)?,
                Ok(answer) => answer,
            };
            if let Some(Renewed { secret, expires_at, remembered }) = renewed {
                add_cookie(&mut answer, &cookie::session(visit.house(), &secret, expires_at, remembered));
            }
            Ok(answer)
        })
    }
}

/// Proves who asks, if the form brings what for.
async fn prove(visit: &Visit) -> Result<Option<Renewed>, Error> {
    let sent = visit.sent();
    if visit.person().is_none() || !sent.has(PASSWORD) {
        return Ok(None);
    }
    let code = sent.given(CODE).map(|code| Secret::from(code.to_owned()));
    reauthenticate(&visit.house().platform, visit.actor(), &sent.text(PASSWORD).into(), code.as_ref()).await
}

async fn ask(visit: &Visit, wrong: &Wrongs) -> Result<Response, Refused> {
    let has_factor = visit.run(ViewOwnAccount).await?.second_factor;
    let nothing = Fields::default();
    let asked = Form::new(&nothing, wrong);
    let content = html! {
        (asked.summary())
        (parts::heading(t::AGAIN, Some(t::AGAIN_TOLD), None))
        form.form method="post" action=(visit.path()) novalidate {
            @for (name, value) in visit.sent().iter().filter(|(name, _)| !NEVER_KEPT.contains(name)) { (form::hidden(name, value)) }
            (asked.password(PASSWORD, accounts::PASSWORD).autocomplete("current-password"))
            @if has_factor { (asked.line(CODE, accounts::CODE).hint(accounts::CODE_HINT).autocomplete("one-time-code").size("short")) }
            div.buttons { button.button.primary type="submit" { (t::GO_ON) } }
        }
    };
    Ok(visit.show_wrong(Page::new(t::AGAIN, content).bare(), wrong))
}
