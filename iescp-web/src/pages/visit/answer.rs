//! How a visit is answered: a page or a fragment of it, another address, a refusal.
//!
//! Not here: how pages look (`view`), which headers htmx reads (`htmx`).

use super::{Visit, add_cookie, is_local};
use crate::htmx::{self, Part};
use crate::pages::cookie::{self, Name};
use crate::pages::{Answer, Refused, Wrongs, escaped, sign_in};
use crate::problem::Problem;
use crate::view::{Frame, Page, layout, trouble};
use jiff::SignedDuration;
use maud::Markup;
use poem::Response;
use poem::http::{HeaderValue, Method, StatusCode, header};

/// How long a sentence waits for the next page.
const SAID: SignedDuration = SignedDuration::from_mins(1);

impl Visit {
    /// A page.
    #[must_use]
    pub fn show(&self, page: Page) -> Response {
        self.show_with(StatusCode::OK, page)
    }

    /// A page with what is wrong on it; its status is theirs.
    #[must_use]
    pub fn show_wrong(&self, page: Page, wrong: &Wrongs) -> Response {
        let page = if wrong.is_empty() { page } else { page.wrong() };
        self.show_with(wrong.status(), page)
    }

    fn show_with(&self, status: StatusCode, page: Page) -> Response {
        let frame = self.frame();
        let markup: Markup = match self.0.part {
            Part::Whole => layout::whole(&frame, &page),
            Part::View | Part::Piece => layout::view(&frame, &page),
        };
        let mut answer = Response::builder().status(status).content_type("text/html; charset=utf-8").body(markup.into_string());
        if self.0.method == Method::POST || (self.0.part == Part::Piece && status != StatusCode::OK) {
            htmx::stay(&mut answer);
        }
        if self.0.said.is_some() {
            add_cookie(&mut answer, &cookie::forget(&self.0.house, Name::Said));
        }
        if self.person().is_some() || page.is_private() {
            answer.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
        }
        if page.is_private() {
            answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        htmx::vary(&mut answer);
        answer
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            site: &self.0.house.settings.installation.site_name,
            public_url: &self.0.house.public_url,
            path: &self.0.path,
            me: self.person(),
            look: &self.0.look,
            since: self.0.since,
            said: self.0.said.as_deref(),
            theme: self.0.theme.as_deref(),
        }
    }

    /// Sends the person to another page of ours.
    #[must_use]
    pub fn go(&self, path: &str) -> Response {
        let mut answer = Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, path).finish();
        if self.0.part == Part::Piece {
            answer.set_status(StatusCode::OK);
            answer.headers_mut().remove(header::LOCATION);
            htmx::leave(&mut answer, path);
        }
        answer
    }

    /// The same; the next page begins with a sentence.
    #[must_use]
    pub fn go_saying(&self, path: &str, said: &str) -> Response {
        let mut answer = self.go(path);
        add_cookie(&mut answer, &cookie::keep(&self.0.house, Name::Said, said, SAID));
        answer
    }

    /// Where a form wanted to go on, if that is a path of ours; else somewhere else.
    #[must_use]
    pub fn next_or<'a>(&'a self, otherwise: &'a str) -> &'a str {
        let wanted = self.0.sent.given("next").or_else(|| self.0.query.given("next"));
        wanted.filter(|path| is_local(path)).unwrap_or(otherwise)
    }

    /// The page in place of the one that could not be shown.
    ///
    /// # Errors
    /// Never.
    pub fn refuse(&self, refused: Refused) -> Answer {
        match refused {
            Refused::SignIn if self.0.method == Method::POST => Ok(sign_in::again(self)),
            Refused::SignIn => {
                let query = self.0.query.query();
                let here = if query.is_empty() { self.0.path.clone() } else { format!("{}?{query}", self.0.path) };
                Ok(self.go(&format!("/sign-in?next={}", escaped(&here))))
            }
            Refused::Problem(problem) => Ok(self.trouble(&problem)),
        }
    }

    fn trouble(&self, problem: &Problem) -> Response {
        let status = problem.status();
        if status.is_server_error() {
            let why = problem.internal.as_deref().unwrap_or(&problem.detail);
            tracing::error!(request_id = %self.0.request_id, code = %problem.code, why = ?why, "failed");
        }
        let mut answer = self.show_with(status, trouble(problem, &self.0.request_id.to_string()));
        if let Some(seconds) = problem.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}
