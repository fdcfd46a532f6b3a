//! What is drawn on a page, and the drawing of it.

use super::{
    MOST_BYTES, NoPdf,
    face::{Faces, Weight},
};
use krilla::{
    Document,
    color::rgb,
    geom::{Path, PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::TextDirection,
};

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink(u8, u8, u8);

impl Ink {
    pub const TEXT: Self = Self(0x1d, 0x29, 0x25);
    pub const QUIET: Self = Self(0x5b, 0x6a, 0x64);
    pub const DEEP: Self = Self(0x0f, 0x4c, 0x3a);
    pub const GREEN: Self = Self(0x1c, 0x7a, 0x5c);
    pub const AMBER: Self = Self(0xf2, 0xa6, 0x5a);
    pub const PALE: Self = Self(0xc9, 0xd8, 0xd1);
    pub const RULE: Self = Self(0xd9, 0xe2, 0xde);
    pub const TINT: Self = Self(0xf1, 0xf6, 0xf3);
}

/// Something on a page. Places are in points from the page's upper left corner.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A line of text, by where its letters stand.
    Text { x: f32, y: f32, size: f32, weight: Weight, ink: Ink, text: String },
    /// A filled box.
    Block { x: f32, y: f32, wide: f32, high: f32, ink: Ink },
    /// The platform's mark: two who overlap.
    Emblem { x: f32, y: f32, size: f32 },
}

/// The size of a page.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);

/// Draws the pages.
pub(super) fn draw(title: &str, made_by: &str, pages: Vec<Vec<Mark>>) -> Result<Vec<u8>, NoPdf> {
    let faces = Faces::get()?;
    let mut document = Document::new();
    let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| NoPdf("pages have no size".to_owned()))?;
    for marks in pages {
        let mut page = document.start_page_with(settings.clone());
        let mut surface = page.surface();
        for mark in marks {
            put(&mut surface, faces, mark);
        }
        surface.finish();
        page.finish();
    }
    let about = Metadata::new().title(title.to_owned()).creator(made_by.to_owned()).language("en".to_owned());
    document.set_metadata(about);
    let bytes = document.finish().map_err(|error| NoPdf(format!("{error:?}")))?;
    if bytes.len() > MOST_BYTES {
        return Err(NoPdf("it is too large".to_owned()));
    }
    Ok(bytes)
}

fn put(surface: &mut Surface<'_>, faces: &Faces, mark: Mark) {
    match mark {
        Mark::Text { x, y, size, weight, ink, text } => {
            fill(surface, ink);
            let font = faces.of(weight).font.clone();
            surface.draw_text(Point::from_xy(x, y), font, size, &text, false, TextDirection::Auto);
        }
        Mark::Block { x, y, wide, high, ink } => {
            fill(surface, ink);
            if let Some(path) = block(x, y, wide, high) {
                surface.draw_path(&path);
            }
        }
        Mark::Emblem { x, y, size } => emblem(surface, x, y, size),
    }
}

fn fill(surface: &mut Surface<'_>, Ink(red, green, blue): Ink) {
    let paint = rgb::Color::new(red, green, blue).into();
    surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, ..Fill::default() }));
}

fn block(x: f32, y: f32, wide: f32, high: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, wide, high)?);
    path.finish()
}

fn emblem(surface: &mut Surface<'_>, x: f32, y: f32, size: f32) {
    let unit = size / 28.0;
    let circle = |cx: f32| {
        // A quarter of a circle is a curve whose handles are this far out.
        let (cx, cy, r) = (x + cx * unit, y + 14.0 * unit, 8.5 * unit);
        let k = 0.552_284_8 * r;
        let mut path = PathBuilder::new();
        path.move_to(cx + r, cy);
        path.cubic_to(cx + r, cy + k, cx + k, cy + r, cx, cy + r);
        path.cubic_to(cx - k, cy + r, cx - r, cy + k, cx - r, cy);
        path.cubic_to(cx - r, cy - k, cx - k, cy - r, cx, cy - r);
        path.cubic_to(cx + k, cy - r, cx + r, cy - k, cx + r, cy);
        path.close();
        path.finish()
    };
    let lens = || {
        // Where both circles are: their crossings lie half way between the centres.
        let (mx, top, bottom, bulge) = (x + 14.0 * unit, y + 6.5 * unit, y + 21.5 * unit, 6.0 * unit);
        let mut path = PathBuilder::new();
        path.move_to(mx, top);
        path.cubic_to(mx + bulge, top + 4.0 * unit, mx + bulge, bottom - 4.0 * unit, mx, bottom);
        path.cubic_to(mx - bulge, bottom - 4.0 * unit, mx - bulge, top + 4.0 * unit, mx, top);
        path.close();
        path.finish()
    };
    for (path, ink) in [(circle(10.0), Ink::GREEN), (circle(18.0), Ink::AMBER), (lens(), Ink::DEEP)] {
        if let Some(path) = path {
            fill(surface, ink);
            surface.draw_path(&path);
        }
    }
}
