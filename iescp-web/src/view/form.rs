//! Forms: a label above, a hint below it, what is wrong beside the field and again in a summary at the top.
//!
//! After GOV.UK's design system (patterns "Validation" and components "Error summary", "Text input"). A field's name is the
//! operation's field path (`deliverables/0/count`), so that what the core refuses finds its place by itself.

use super::icon::{Icon, icon};
use crate::pages::{Fields, KEY, Wrongs};
use crate::text::forms as t;
use maud::{Markup, Render, html};
use uuid::Uuid;

/// What a browser offers to choose from; what comes is looked at anew.
const PICTURES: &str = "image/jpeg,image/png,image/webp,image/gif";

/// A form's values, as they were typed, and what is wrong with them.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    /// As typed, or as stored.
    pub fields: &'a Fields,
    /// What is wrong.
    pub wrong: &'a Wrongs,
}

/// What kind of field.
enum Kind<'a> {
    Line(&'static str),
    Password,
    File { several: bool },
    Prose(u8),
    Choice(Vec<(&'a str, &'a str)>),
    Money(&'a str),
    Radios(Vec<(&'a str, &'a str, &'a str)>),
    Boxes(Vec<(&'a str, &'a str)>),
    Tick,
}

/// A field, being described. It renders itself.
pub struct Field<'a> {
    form: Form<'a>,
    name: String,
    label: &'a str,
    kind: Kind<'a>,
    hint: Option<&'a str>,
    autocomplete: Option<&'static str>,
    optional: bool,
    longest: Option<usize>,
    size: &'static str,
}

impl<'a> Form<'a> {
    /// Over values and what is wrong with them.
    #[must_use]
    pub const fn new(fields: &'a Fields, wrong: &'a Wrongs) -> Self {
        Self { fields, wrong }
    }

    fn field(self, name: impl Into<String>, label: &'a str, kind: Kind<'a>) -> Field<'a> {
        Field {
            form: self,
            name: name.into(),
            label,
            kind,
            hint: None,
            autocomplete: None,
            optional: false,
            longest: None,
            size: "",
        }
    }

    /// One line of text.
    #[must_use]
    pub fn line(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Line("text"))
    }

    /// An e-mail address.
    #[must_use]
    pub fn email(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Line("email"))
    }

    /// The address of a page.
    #[must_use]
    pub fn url(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Line("url"))
    }

    /// A day.
    #[must_use]
    pub fn day(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Line("date")).size("day")
    }

    /// A whole number.
    #[must_use]
    pub fn number(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Line("number")).size("short")
    }

    /// A password. It is never sent back.
    #[must_use]
    pub fn password(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Password)
    }

    /// A picture from the person's device. Browsers never fill it in again.
    #[must_use]
    pub fn file(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::File { several: false })
    }

    /// Several pictures from the person's device.
    #[must_use]
    pub fn files(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::File { several: true })
    }

    /// Several lines of text.
    #[must_use]
    pub fn prose(self, name: impl Into<String>, label: &'a str, rows: u8) -> Field<'a> {
        self.field(name, label, Kind::Prose(rows))
    }

    /// An amount of money in this currency.
    #[must_use]
    pub fn money(self, name: impl Into<String>, label: &'a str, currency: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Money(currency)).size("short")
    }

    /// One of several, in a list: values and names.
    #[must_use]
    pub fn choice(self, name: impl Into<String>, label: &'a str, options: Vec<(&'a str, &'a str)>) -> Field<'a> {
        self.field(name, label, Kind::Choice(options))
    }

    /// One of a few, all in sight: values, names, explanations.
    #[must_use]
    pub fn radios(self, name: impl Into<String>, label: &'a str, options: Vec<(&'a str, &'a str, &'a str)>) -> Field<'a> {
        self.field(name, label, Kind::Radios(options))
    }

    /// Any of several: values and names.
    #[must_use]
    pub fn boxes(self, name: impl Into<String>, label: &'a str, options: Vec<(&'a str, &'a str)>) -> Field<'a> {
        self.field(name, label, Kind::Boxes(options))
    }

    /// Yes or no.
    #[must_use]
    pub fn tick(self, name: impl Into<String>, label: &'a str) -> Field<'a> {
        self.field(name, label, Kind::Tick)
    }

    /// Everything that is wrong, each with a link to its field; nothing if nothing is.
    #[must_use]
    pub fn summary(self) -> Markup {
        summary(self.wrong)
    }
}

/// Everything that is wrong, each with a link to its field; nothing if nothing is.
#[must_use]
pub fn summary(wrong: &Wrongs) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div.summary role="alert" aria-labelledby="summary-title" tabindex="-1" data-focus {
                h2 #summary-title { (icon(Icon::Alert)) (t::SUMMARY) }
                @if let Some(said) = &wrong.said { p { (said) } }
                @if !wrong.fields.is_empty() {
                    ul { @for field in &wrong.fields { li { a href={ "#" (id_of(&field.field)) } { (field.detail) } } } }
                }
            }
        }
    }
}

/// The hidden field that makes a form sent twice be done once; new at each rendering.
#[must_use]
pub fn key() -> Markup {
    html! { input type="hidden" name=(KEY) value=(Uuid::now_v7()); }
}

/// A hidden value.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A field's id in the page.
fn id_of(name: &str) -> String {
    format!("f-{}", name.replace(['/', '.', ' '], "-"))
}

impl<'a> Field<'a> {
    /// What helps to fill it in.
    #[must_use]
    pub const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What a browser may fill in (HTML's autofill tokens).
    #[must_use]
    pub const fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// It may be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// As many characters as it takes.
    #[must_use]
    pub const fn longest(mut self, characters: usize) -> Self {
        self.longest = Some(characters);
        self
    }

    /// How wide it is: a class.
    #[must_use]
    pub const fn size(mut self, class: &'static str) -> Self {
        self.size = class;
        self
    }

    fn value(&self) -> &str {
        self.form.fields.get(&self.name)
    }

    fn label_text(&self) -> Markup {
        html! { (self.label) @if self.optional { " " span.optional { (t::OPTIONAL) } } }
    }

    fn control(&self, id: &str, described: Option<&str>, wrong: bool) -> Markup {
        let invalid = wrong.then_some("true");
        let spelled = matches!(self.kind, Kind::Prose(_));
        match &self.kind {
            Kind::Line(kind) => {
                // A number is typed as text: what is no number is then kept and answered with a sentence.
                let (kind, mode) = if *kind == "number" { ("text", Some("numeric")) } else { (*kind, None) };
                html! {
                    input id=(id) name=(self.name) type=(kind) inputmode=[mode] value=(self.value()) class=[class(self.size)] maxlength=[self.longest]
                        autocomplete=[self.autocomplete] aria-describedby=[described] aria-invalid=[invalid];
                }
            }
            Kind::Password => html! {
                span.password {
                    input id=(id) name=(self.name) type="password" autocomplete=[self.autocomplete] aria-describedby=[described]
                        aria-invalid=[invalid] spellcheck="false" autocapitalize="none";
                    button.quiet type="button" data-reveal=(id) { (t::SHOW_PASSWORD) }
                }
            },
            Kind::File { several } => html! {
                input id=(id) name=(self.name) type="file" accept=(PICTURES) multiple[*several] aria-describedby=[described] aria-invalid=[invalid];
            },
            Kind::Prose(rows) => html! {
                textarea id=(id) name=(self.name) rows=(rows) maxlength=[self.longest] aria-describedby=[described] aria-invalid=[invalid]
                    spellcheck=(spelled) { "\n" (self.value()) }
            },
            Kind::Money(currency) => html! {
                span.money-field {
                    span.currency aria-hidden="true" { (currency) }
                    input id=(id) name=(self.name) type="text" inputmode="decimal" value=(self.value()) autocomplete="off" class=[class(self.size)]
                        aria-describedby=[described] aria-invalid=[invalid];
                }
            },
            Kind::Choice(options) => html! {
                select id=(id) name=(self.name) class=[class(self.size)] aria-describedby=[described] aria-invalid=[invalid] {
                    @for (value, name) in options { option value=(value) selected[*value == self.value()] { (name) } }
                }
            },
            Kind::Radios(options) => html! {
                @for (at, (value, name, told)) in options.iter().enumerate() {
                    @let one = if at == 0 { id.to_owned() } else { format!("{id}-{value}") };
                    label.option for=(one) {
                        input id=(one) type="radio" name=(self.name) value=(value) checked[*value == self.value()];
                        span { (name) @if !told.is_empty() { small { (told) } } }
                    }
                }
            },
            Kind::Boxes(options) => {
                let chosen = self.form.fields.all(&self.name);
                html! {
                    div.boxes {
                        @for (at, (value, name)) in options.iter().enumerate() {
                            @let one = if at == 0 { id.to_owned() } else { format!("{id}-{value}") };
                            label.box for=(one) {
                                input id=(one) type="checkbox" name=(self.name) value=(value) checked[chosen.iter().any(|one| one == value)];
                                span { (name) }
                            }
                        }
                    }
                }
            }
            Kind::Tick => html! {
                label.option for=(id) {
                    input id=(id) type="checkbox" name=(self.name) value="yes" checked[self.form.fields.ticked(&self.name)]
                        aria-describedby=[described] aria-invalid=[invalid];
                    span { (self.label) }
                }
            },
        }
    }
}

fn class(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = id_of(&self.name);
        let wrong = self.form.wrong.at(&self.name);
        let (hint_id, wrong_id) = (format!("{id}-hint"), format!("{id}-wrong"));
        let described = [self.hint.map(|_| hint_id.as_str()), wrong.as_ref().map(|_| wrong_id.as_str())];
        let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let described = Some(described.as_str()).filter(|ids| !ids.is_empty());
        let about = html! {
            @if let Some(hint) = self.hint { p.hint id=(hint_id) { (hint) } }
            @if let Some(wrong) = &wrong { p.wrong id=(wrong_id) { (icon(Icon::Alert)) (wrong) } }
        };
        let control = self.control(&id, described, wrong.is_some());
        match self.kind {
            Kind::Radios(_) | Kind::Boxes(_) => html! {
                fieldset.field.is-wrong[wrong.is_some()] aria-describedby=[described] { legend { (self.label_text()) } (about) (control) }
            },
            Kind::Tick => html! { div.field.is-wrong[wrong.is_some()] { (about) (control) } },
            _ => html! { div.field.is-wrong[wrong.is_some()] { label for=(id) { (self.label_text()) } (about) (control) } },
        }
    }
}
