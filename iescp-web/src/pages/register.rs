//! Registering, as an influencer or a sponsor; whoever has registered is signed in.

use super::cookie;
use super::visit::add_cookie;
use super::{Answer, Fields, Visit, Wrongs};
use crate::text::accounts as t;
use crate::view::{Form, Page};
use iescp_core::account::{Register, RegisterInput, SHORTEST};
use iescp_core::session::{SignInInput, sign_in};
use maud::html;

/// `GET /register?role=…`.
///
/// # Errors
/// Never.
pub async fn form(visit: Visit) -> Answer {
    if visit.person().is_some() {
        return Ok(visit.go("/dashboard"));
    }
    Ok(visit.show(page(visit.query(), &Wrongs::default())))
}

/// `POST /register`.
///
/// # Errors
/// A failing store.
pub async fn send(visit: Visit) -> Answer {
    let sent = visit.sent();
    let text = |name: &str| sent.given(name).map(str::to_owned);
    let input = RegisterInput {
        role: sent.text("role"),
        username: sent.text("username"),
        email: sent.text("email"),
        password: sent.text("password").into(),
        display_name: text("display_name").filter(|_| sent.get("role") == "influencer"),
        company: text("display_name").filter(|_| sent.get("role") == "sponsor"),
    };
    let sign = SignInInput { login: input.username.clone(), password: input.password.clone(), ..SignInInput::default() };
    if let Err(error) = visit.run(Register::new(input)).await {
        let wrong = Wrongs::of(error)?.renamed("company", "display_name");
        return Ok(visit.show_wrong(page(sent, &wrong), &wrong));
    }
    let signed_in = sign_in(&visit.house().platform, visit.actor(), &sign).await?;
    let mut answer = visit.go_saying("/dashboard", t::REGISTERED);
    add_cookie(&mut answer, &cookie::session(visit.house(), &signed_in.secret, signed_in.expires_at, false));
    Ok(answer)
}

fn page(fields: &Fields, wrong: &Wrongs) -> Page {
    let form = Form::new(fields, wrong);
    let roles = vec![("influencer", t::AS_INFLUENCER, t::AS_INFLUENCER_TOLD), ("sponsor", t::AS_SPONSOR, t::AS_SPONSOR_TOLD)];
    let password_hint = t::password_hint(SHORTEST);
    let content = html! {
        (form.summary())
        h1 { (t::REGISTER) }
        form.form method="post" action="/register" novalidate {
            (form.radios("role", t::ROLE, roles))
            (form.line("display_name", t::DISPLAY_NAME).autocomplete("organization"))
            (form.line("username", t::USERNAME).hint(t::USERNAME_HINT).autocomplete("username"))
            (form.email("email", t::EMAIL).hint(t::EMAIL_HINT).autocomplete("email"))
            (form.password("password", t::PASSWORD).hint(&password_hint).autocomplete("new-password"))
            div.buttons { button.button.primary type="submit" { (t::SEND_REGISTER) } }
        }
        p.aside { (t::KNOWN_HERE) " " a href="/sign-in" { (t::SIGN_IN) } }
    };
    Page::new(t::REGISTER, content).bare()
}
