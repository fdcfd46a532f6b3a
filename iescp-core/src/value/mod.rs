//! Values that are parsed once and trusted afterwards: the same rules for pages, API, command line, jobs and embedders.
//!
//! [`Form`] gathers every wrong field before it refuses, so that people can mend all of them at once.
//!
//! **Not here**: rules that need the store (is this user name free?) or the clock; those stand in the operations.

mod contact;
mod deadline;
mod market;
mod money;
mod text;
pub(crate) mod words;

pub use contact::{Email, Username, WebUrl};
pub use deadline::{day_of, end_of, later, seconds_until_tomorrow};
pub use market::{Format, LANGUAGES, NICHES, SocialPlatform};
pub use money::{MAX_MONEY, Money};
pub use text::{Line, Prose, fold};

use crate::{Error, FieldError, Result};

/// Gathers what is wrong with the fields of one input.
///
/// Each method answers a value even when the field is wrong, so that parsing goes on; [`Form::finish`] then refuses, and
/// none of those values is ever used.
///
/// ```
/// use iescp_core::{Error, value::{Form, Line}};
///
/// let mut form = Form::default();
/// let _title: Line<80> = form.line("title", "   ");
/// let _about: Line<4> = form.line("about", "too long");
/// let Err(Error::Invalid(wrong)) = form.finish() else { panic!("both fields are wrong") };
/// assert_eq!(wrong.iter().map(|field| field.code).collect::<Vec<_>>(), ["required", "too_long"]);
/// ```
#[derive(Debug, Default)]
pub struct Form {
    wrong: Vec<FieldError>,
    prefix: String,
}

impl Form {
    /// Notes that a field is wrong.
    pub fn wrong(&mut self, field: &str, code: &'static str, detail: impl Into<String>) {
        self.wrong.push(FieldError::new(format!("{}{field}", self.prefix), code, detail));
    }

    /// Everything until the next call is inside this place, such as `channels/0/`; the empty text is the top.
    pub fn inside(&mut self, place: impl Into<String>) {
        self.prefix = place.into();
    }

    /// Takes a parsed value, or notes why it could not be parsed and goes on with an empty one.
    pub fn take<T: Default>(&mut self, field: &str, parsed: Result<T, Wrong>) -> T {
        parsed.unwrap_or_else(|wrong| {
            self.wrong(field, wrong.code, wrong.detail);
            T::default()
        })
    }

    /// A line of text that must be there.
    pub fn line<const MAX: usize>(&mut self, field: &str, text: &str) -> Line<MAX> {
        self.take(field, Line::parse(text))
    }

    /// A line of text that may be missing or blank.
    pub fn line_if<const MAX: usize>(&mut self, field: &str, text: Option<&str>) -> Option<Line<MAX>> {
        text.filter(|text| !text.trim().is_empty()).map(|text| self.take(field, Line::parse(text)))
    }

    /// Prose that may be empty.
    pub fn prose<const MAX: usize>(&mut self, field: &str, text: &str) -> Prose<MAX> {
        self.take(field, Prose::parse(text))
    }

    /// Prose that must say something.
    pub fn prose_said<const MAX: usize>(&mut self, field: &str, text: &str) -> Prose<MAX> {
        let prose = self.prose(field, text);
        if text.trim().is_empty() {
            self.wrong(field, "required", "Please write something here.");
        }
        prose
    }

    /// An amount of money of at least `least` minor units.
    pub fn money(&mut self, field: &str, amount: i64, least: i64) -> Money {
        if amount < least {
            self.wrong(field, "too_small", format!("The amount must be at least {least} in minor units."));
        } else if amount > MAX_MONEY {
            self.wrong(field, "too_large", format!("The amount must be at most {MAX_MONEY} in minor units."));
        }
        Money(amount.clamp(0, MAX_MONEY))
    }

    /// A list with a least and greatest length; what is beyond the greatest is not looked at.
    pub fn length<T>(&mut self, field: &str, list: &[T], least: usize, most: usize) {
        if list.len() < least {
            self.wrong(field, "too_few", format!("Please give at least {least}."));
        } else if list.len() > most {
            self.wrong(field, "too_many", format!("Please give at most {most}."));
        }
    }

    /// Refuses if anything was wrong.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every wrong field.
    pub fn finish(self) -> Result<()> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(self.wrong)) }
    }
}

/// Why a value could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// A stable word for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub detail: String,
}

impl Wrong {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

#[cfg(test)]
mod tests;
