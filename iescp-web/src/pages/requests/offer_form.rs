//! The form of an offer: from what was typed to an operation's input, from an offer to what is filled in.

use crate::pages::{Fields, Reading, Visit, Wrongs};
use crate::text::{forms, requests as t, words};
use crate::view::Form;
use crate::view::form::{hidden, key};
use iescp_core::FieldError;
use iescp_core::account::Role;
use iescp_core::request::{DeliverableInput, Offer, OfferInput};
use iescp_core::value::{Format, SocialPlatform, later};
use jiff::SignedDuration;
use maud::{Markup, html};

/// Most pieces of work that an offer has.
const MOST: usize = 20;

fn at(row: usize, field: &str) -> String {
    format!("deliverables/{row}/{field}")
}

/// How many pieces of work the form shows.
fn rows(fields: &Fields) -> usize {
    (0..MOST).take_while(|row| fields.has(&at(*row, "format"))).count().max(1)
}

/// What was typed, as the operations take it, and what could not be read of it.
pub fn read(visit: &Visit) -> (OfferInput, Vec<FieldError>) {
    let (fields, mut reading) = (visit.sent(), Reading::default());
    let amount = reading.money(fields, "amount", visit.look().currency);
    let deliverables = (0..rows(fields)).map(|row| DeliverableInput {
        format: fields.text(&at(row, "format")),
        platform: fields.text(&at(row, "platform")),
        count: reading.number(fields, &at(row, "count")),
        due: fields.given(&at(row, "due")).map(str::to_owned),
    });
    let deliverables = deliverables.collect();
    let stands = fields.given("expires_at").map(|days| match days.parse::<i64>() {
        Ok(days) if (1..=30).contains(&days) => later(visit.look().now, SignedDuration::from_hours(24 * days)).to_string(),
        _ => days.to_owned(),
    });
    let input = OfferInput {
        amount,
        deliverables,
        due: fields.text("due"),
        usage_rights: fields.text("usage_rights"),
        note: fields.text("note"),
        is_final: fields.ticked("is_final"),
        signed: fields.given("signed").map(str::to_owned),
        expires_at: stands,
    };
    (input, reading.wrong)
}

/// The form with one piece of work more or less, if a button for that was pressed.
pub fn rearranged(fields: &Fields) -> Option<Fields> {
    let (count, most) = (rows(fields), MOST);
    let gone = fields.given("remove").and_then(|row| row.parse::<usize>().ok()).filter(|row| *row < count && count > 1);
    if gone.is_none() && !fields.has("more") && !fields.has("remove") {
        return None;
    }
    let other = fields.iter().filter(|(name, _)| !name.starts_with("deliverables/") && !["more", "remove"].contains(name));
    let mut made = other.fold(Fields::default(), |made, (name, value)| made.and(name, value));
    let kept: Vec<usize> = (0..count).filter(|row| Some(*row) != gone).collect();
    for (row, from) in kept.iter().enumerate() {
        for field in ["format", "platform", "count", "due"] {
            made = made.and(&at(row, field), fields.get(&at(*from, field)));
        }
    }
    if fields.has("more") && kept.len() < most {
        made = piece(made, kept.len(), "", "", "1", "").with("added", kept.len().to_string());
    }
    Some(made)
}

fn piece(fields: Fields, row: usize, format: &str, platform: &str, count: &str, due: &str) -> Fields {
    [("format", format), ("platform", platform), ("count", count), ("due", due)]
        .into_iter()
        .fold(fields, |fields, (field, value)| fields.with(&at(row, field), value))
}

/// An empty form, with one piece of work.
pub fn blank(name: &str, platform: Option<SocialPlatform>) -> Fields {
    let fields = Fields::default().with("signed", name).with("expires_at", "7");
    piece(fields, 0, "", platform.map_or("", SocialPlatform::word), "1", "")
}

/// A form filled in as an offer has it.
pub fn of(visit: &Visit, offer: &Offer, name: &str) -> Fields {
    let fields = Fields::default()
        .with("amount", visit.look().typed(offer.amount))
        .with("due", offer.due.to_string())
        .with("usage_rights", &*offer.usage_rights)
        .with("signed", name)
        .with("expires_at", "7");
    offer.deliverables.iter().enumerate().fold(fields, |fields, (row, work)| {
        let due = if work.due == offer.due { String::new() } else { work.due.to_string() };
        piece(fields, row, work.format.word(), work.platform.word(), &work.count.to_string(), &due)
    })
}

/// What somebody fills in to make an offer.
pub fn markup(visit: &Visit, action: &str, fields: &Fields, wrong: &Wrongs, above: &Markup, send: &str) -> Markup {
    let form = Form::new(fields, wrong);
    let currency = visit.look().currency.code();
    let count = rows(fields);
    let amount = if visit.role() == Some(Role::Influencer) { t::F_AMOUNT_YOU } else { t::F_AMOUNT };
    html! {
        form.form.offer-form method="post" action=(action) novalidate {
            // The first button is the one that Enter presses.
            button.hidden type="submit" tabindex="-1" aria-hidden="true" { (send) }
            (key())
            (above)
            div.pair {
                (form.money("amount", amount, currency).hint(t::F_AMOUNT_HINT))
                (form.day("due", t::F_DUE).hint(t::F_DUE_HINT))
            }
            h2 #f-deliverables { (t::F_WORK) }
            @for row in 0..count { (one_piece(form, row, count)) }
            @if count < MOST { p.more-work { button.button.slim type="submit" name="more" value="yes" { (t::F_MORE) } } }
            (form.prose("usage_rights", t::F_RIGHTS, 3).optional().hint(t::F_RIGHTS_HINT))
            (form.prose("note", t::F_NOTE, 3).optional())
            div.pair {
                (form.choice("expires_at", t::F_EXPIRES, t::STANDS.to_vec()).size("day"))
                (form.line("signed", t::F_SIGNED).hint(t::F_SIGNED_HINT).autocomplete("name"))
            }
            (form.tick("is_final", t::F_FINAL))
            div.buttons { button.button.primary type="submit" { (send) } }
        }
    }
}

fn one_piece(form: Form<'_>, row: usize, count: usize) -> Markup {
    let formats: Vec<(&str, &str)> = Format::ALL.iter().map(|format| (format.word(), words::format(*format).0)).collect();
    let platforms: Vec<(&str, &str)> = SocialPlatform::ALL.iter().map(|one| (one.word(), words::platform(*one))).collect();
    let choose = [("", forms::CHOOSE)];
    let added = form.fields.get("added") == row.to_string();
    html! {
        fieldset.group.piece tabindex=[added.then_some("-1")] data-focus[added] {
            legend { (t::piece(row + 1)) }
            div.quad {
                (form.number(at(row, "count"), t::F_COUNT))
                (form.choice(at(row, "format"), t::F_FORMAT, [&choose[..], &formats].concat()))
                (form.choice(at(row, "platform"), t::F_PLATFORM, [&choose[..], &platforms].concat()))
                (form.day(at(row, "due"), t::F_OWN_DUE).optional())
            }
            @if count > 1 { p.less-work { button.link type="submit" name="remove" value=(row) { (t::F_REMOVE) span.hidden { " " (row + 1) } } } }
        }
    }
}

/// The number of the offer that a form answers.
pub fn naming(offer: u64) -> Markup {
    hidden("offer", &offer.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Fields {
        piece(piece(Fields::default().with("note", "Hi"), 0, "reel", "tiktok", "1", ""), 1, "post", "x", "2", "2026-12-01")
    }

    #[test]
    fn a_piece_of_work_can_be_added_and_removed_without_losing_the_others() {
        assert_eq!(rearranged(&two()), None);
        let three = rearranged(&two().with("more", "yes")).unwrap();
        assert_eq!((rows(&three), three.get("deliverables/1/format"), three.get("note")), (3, "post", "Hi"));
        let one = rearranged(&two().with("remove", "0")).unwrap();
        assert_eq!((rows(&one), one.get("deliverables/0/format"), one.get("deliverables/0/due")), (1, "post", "2026-12-01"));
        assert_eq!(rows(&rearranged(&one.with("remove", "0")).unwrap()), 1, "the last piece stays");
        assert_eq!(rows(&rearranged(&two().with("remove", "nonsense")).unwrap()), 2);
    }
}
