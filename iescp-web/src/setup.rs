//! The first pages: what stands at `/`, and `/setup`, where whoever holds the one-time link makes the first admin (S-06).
//!
//! Plain HTML that works without JavaScript. Once there is an admin, `/setup` does not exist.
//!
//! Not here: everything that people do once they have an account.

mod page;
#[cfg(test)]
mod tests;

use crate::app::House;
use crate::identity;
use crate::problem::{Problem, kinds};
use iescp_core::account::{AdminInput, SetUp, ViewSetUp};
use iescp_core::{Actor, Error, FieldError, Secret};
use page::{Filled, Page};
use poem::http::{StatusCode, header};
use poem::web::Form;
use poem::{FromRequest, Request, RequestBody, Response, Result};
use serde::Deserialize;
use std::sync::Arc;

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    token: Secret,
    username: String,
    email: String,
    password: Secret,
}

/// `/`: what this is.
///
/// # Errors
/// When the store fails.
pub async fn landing(house: Arc<House>, _: Request) -> Result<Response> {
    let set_up = is_set_up(&house).await?;
    Ok(answer(StatusCode::OK, &page::landing(&house.settings.site_name, set_up)))
}

/// `GET /setup?token=…`: the form.
///
/// # Errors
/// Not found once there is an admin, or without a token.
pub async fn form(house: Arc<House>, request: Request) -> Result<Response> {
    let token = token_of(&request);
    if token.is_empty() || is_set_up(&house).await? {
        return Err(Problem::from(Error::NotFound).into());
    }
    let filled = Filled { token, ..Filled::default() };
    Ok(answer(StatusCode::OK, &page::form(&house.settings.site_name, &filled, &[])))
}

/// `POST /setup`: makes the first admin.
///
/// # Errors
/// What is not about a field: a request from elsewhere, a form that cannot be read, a failing store.
pub async fn sent(house: Arc<House>, mut request: Request) -> Result<Response> {
    require_same_origin(&house, &request)?;
    let actor = Actor::visitor().from(identity::origin(&request));
    let mut body = RequestBody::new(request.take_body());
    let read = Form::<Sent>::from_request(&request, &mut body).await;
    let Form(sent) = read.map_err(|_| Problem::new(&kinds::MALFORMED, "This form cannot be read."))?;
    let input = AdminInput { username: sent.username.clone(), email: sent.email.clone(), password: sent.password };
    match house.platform.run(&actor, SetUp::new(sent.token.clone(), input)).await {
        Ok(made) => Ok(answer(StatusCode::OK, &page::done(&house.settings.site_name, &made.username))),
        Err(Error::Invalid(wrong)) => Ok(refuse(&house, &sent.token, sent.username, sent.email, &wrong)),
        Err(Error::Taken(wrong)) => Ok(refuse(&house, &sent.token, sent.username, sent.email, &[wrong])),
        Err(other) => Err(Problem::from(other).into()),
    }
}

/// The form again, with what is wrong at its fields. The password is not sent back.
fn refuse(house: &House, token: &Secret, username: String, email: String, wrong: &[FieldError]) -> Response {
    let filled = Filled { token: token.reveal().to_owned(), username, email };
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page::form(&house.settings.site_name, &filled, wrong))
}

async fn is_set_up(house: &House) -> Result<bool> {
    Ok(house.platform.run(&Actor::visitor(), ViewSetUp).await.map_err(Problem::from)?)
}

fn token_of(request: &Request) -> String {
    #[derive(Deserialize)]
    struct Query {
        #[serde(default)]
        token: String,
    }
    request.params::<Query>().map(|query| query.token).unwrap_or_default()
}

/// Refuses forms that other sites send (S-22). A page with `no-referrer` names its origin `null`; then, and where a browser or
/// program says nothing, the token in the form must do, which no other site knows.
fn require_same_origin(house: &House, request: &Request) -> Result<(), Problem> {
    let ours = match (request.header("sec-fetch-site"), request.header(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, None | Some("null")) => true,
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == house.public_url || (host.is_some() && host == request.header(header::HOST))
        }
    };
    if ours { Ok(()) } else { Err(Problem::new(&kinds::FORBIDDEN, "This form came from another site.")) }
}

fn answer(status: StatusCode, page: &Page) -> Response {
    Response::builder()
        .status(status)
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-store")
        .content_type("text/html; charset=utf-8")
        .body(page.0.clone())
}
