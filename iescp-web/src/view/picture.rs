//! Pictures, with room kept for them before they are there; and the fields by which they come.

use super::form::Form;
use super::parts;
use crate::pages::picture::{ADDRESS, FILE, REMOVE};
use crate::pictures::{Shape, path};
use crate::text::pictures as t;
use iescp_core::campaign::Campaign;
use iescp_core::id::PictureId;
use iescp_core::picture::Size;
use maud::{Markup, html};
use uuid::Uuid;

fn image(picture: PictureId, shape: Shape, size: Size, described: &str, lazy: bool) -> Markup {
    let [small, large] = shape.sizes();
    let (width, height) = if size == Size::Small { small } else { large };
    html! {
        img src=(path(picture, size)) alt=(described) width=(width) height=(height) loading=[lazy.then_some("lazy")] decoding="async";
    }
}

/// Somebody's face beside their name: their picture, or their initials.
#[must_use]
pub fn face(name: &str, picture: Option<PictureId>) -> Markup {
    match picture {
        Some(picture) => html! { span.avatar aria-hidden="true" { (image(picture, Shape::Portrait, Size::Small, "", true)) } },
        None => parts::avatar(name),
    }
}

/// Somebody's face at the head of their own page.
#[must_use]
pub fn large_face(name: &str, picture: Option<PictureId>) -> Markup {
    html! {
        div.large-face {
            @match picture {
                Some(picture) => { span.avatar { (image(picture, Shape::Portrait, Size::Small, &t::portrait_of(name), false)) } }
                None => { (parts::avatar(name)) }
            }
        }
    }
}

/// A campaign's picture on a card, where its name is beside it; a pattern in a colour of its own while there is none.
#[must_use]
pub fn cover(campaign: &Campaign) -> Markup {
    let hue = Uuid::from(campaign.id).as_bytes().last().map_or(0, |byte| byte % 6);
    html! {
        @match campaign.picture {
            Some(picture) => { div.cover aria-hidden="true" { (image(picture, Shape::Cover, Size::Small, "", true)) } }
            None => { div.cover.drawn.{ "hue-" (hue) } aria-hidden="true" {} }
        }
    }
}

/// A campaign's picture on its own page.
#[must_use]
pub fn banner(title: &str, picture: Option<PictureId>) -> Markup {
    html! {
        @if let Some(picture) = picture {
            div.cover.banner { (image(picture, Shape::Cover, Size::Large, &t::cover_of(title), false)) }
        }
    }
}

/// What proves a submission.
#[must_use]
pub fn proofs(pictures: &[PictureId]) -> Markup {
    html! {
        @if !pictures.is_empty() {
            ul.proofs {
                @for (number, picture) in (1..).zip(pictures) {
                    li { a href=(path(*picture, Size::Large)) hx-boost="false" { (image(*picture, Shape::Proof, Size::Small, &t::proof(number), true)) } }
                }
            }
        }
    }
}

/// The fields for one picture: a file, an address, and taking away the one that is there.
#[must_use]
pub fn fields(form: Form<'_>, title: &str, shape: Shape, now: Option<PictureId>) -> Markup {
    let hint = if shape == Shape::Cover { t::COVER_HINT } else { t::PORTRAIT_HINT };
    html! {
        fieldset.group.picture-fields {
            legend { (title) }
            @if let Some(picture) = now { div.now.{ @if shape == Shape::Cover { "wide" } @else { "square" } } { (image(picture, shape, Size::Small, "", false)) } }
            (form.file(FILE, if now.is_some() { t::FILE_OTHER } else { t::FILE }).hint(hint).optional())
            (form.url(ADDRESS, t::ADDRESS).hint(t::ADDRESS_HINT).optional().autocomplete("off"))
            @if now.is_some() { (form.tick(REMOVE, t::REMOVE)) }
        }
    }
}
