//! A document while it is set: parts follow each other down the page, and go on over it.

use super::{
    MOST_PAGES, NoPdf,
    face::{Faces, Weight},
    ink::{self, Ink, Mark, PAGE},
};

/// Where the text stands.
pub(super) const LEFT: f32 = 54.0;
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * LEFT;
const TOP: f32 = 84.0;
const BOTTOM: f32 = PAGE.1 - 66.0;

/// What stands at a document's head, and small on each of its pages.
pub(crate) struct Title {
    /// Who made it: the platform's name.
    pub site: String,
    /// What it is.
    pub what: String,
    /// Of whom.
    pub whose: String,
    /// Of when.
    pub when: String,
    /// What stands at the foot of each page, beside its number.
    pub foot: String,
}

/// A figure with a word.
pub(crate) struct Figure {
    pub label: String,
    pub value: String,
    /// What it is to be compared with.
    pub note: Option<String>,
}

/// A document.
pub(crate) struct Paper {
    pub(super) faces: &'static Faces,
    title: Title,
    pages: Vec<Vec<Mark>>,
    /// How far down the page the next part begins.
    pub(super) y: f32,
    full: bool,
}

impl Paper {
    pub fn new(title: Title) -> Result<Self, NoPdf> {
        let mut paper = Self { faces: Faces::get()?, title, pages: vec![Vec::new()], y: 0.0, full: false };
        paper.masthead();
        Ok(paper)
    }

    fn masthead(&mut self) {
        self.mark(Mark::Emblem { x: LEFT - 2.0, y: 44.0, size: 26.0 });
        let Title { site, what, whose, when, .. } = &self.title;
        let (site, what, under) = (site.clone(), what.clone(), format!("{whose}  ·  {when}"));
        self.text(LEFT + 30.0, 61.5, 12.0, Weight::Bold, Ink::DEEP, &site);
        self.y = 108.0;
        for line in self.faces.of(Weight::Bold).lines(&what, 24.0, WIDTH, 2) {
            self.text(LEFT, self.y, 24.0, Weight::Bold, Ink::TEXT, &line);
            self.y += 29.0;
        }
        for line in self.faces.of(Weight::Regular).lines(&under, 11.0, WIDTH, 2) {
            self.text(LEFT, self.y - 6.0, 11.0, Weight::Regular, Ink::QUIET, &line);
            self.y += 15.0;
        }
        self.block(LEFT, self.y, WIDTH, 1.5, Ink::GREEN);
        self.y += 22.0;
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut().filter(|_| !self.full) {
            page.push(mark);
        }
    }

    /// A line of text, its letters standing on `y`; whatever it is given, it draws known letters on one line.
    pub(super) fn text(&mut self, x: f32, y: f32, size: f32, weight: Weight, ink: Ink, text: &str) {
        let text = self.faces.of(weight).known(text);
        if !text.trim().is_empty() {
            self.mark(Mark::Text { x, y, size, weight, ink, text });
        }
    }

    /// The same, ending at `x`.
    pub(super) fn text_to(&mut self, x: f32, y: f32, size: f32, weight: Weight, ink: Ink, text: &str) {
        let text = self.faces.of(weight).known(text);
        let wide = self.faces.of(weight).width(&text, size);
        self.text(x - wide, y, size, weight, ink, &text);
    }

    pub(super) fn block(&mut self, x: f32, y: f32, wide: f32, high: f32, ink: Ink) {
        if wide > 0.05 {
            self.mark(Mark::Block { x, y, wide, high, ink });
        }
    }

    /// Begins another page unless so much is left on this one: whether there is room now.
    pub(super) fn room(&mut self, high: f32) -> bool {
        if self.y + high > BOTTOM && !self.full {
            if self.pages.len() == MOST_PAGES {
                let y = BOTTOM + 12.0;
                self.text(
                    LEFT,
                    y,
                    8.5,
                    Weight::Bold,
                    Ink::TEXT,
                    "This document has as many pages as one may have; the rest was left out.",
                );
                self.full = true;
            } else {
                self.pages.push(Vec::new());
                self.y = TOP;
            }
        }
        !self.full
    }

    /// A heading, with room for something under it.
    pub fn heading(&mut self, text: &str) {
        self.y += 10.0;
        self.room(110.0);
        for line in self.faces.of(Weight::Bold).lines(text, 14.0, WIDTH, 2) {
            self.text(LEFT, self.y + 11.0, 14.0, Weight::Bold, Ink::DEEP, &line);
            self.y += 18.0;
        }
        self.y += 6.0;
    }

    /// A paragraph.
    pub fn prose(&mut self, text: &str) {
        self.paragraph(text, 10.0, Ink::TEXT);
    }

    /// A paragraph of what is good to know.
    pub fn note(&mut self, text: &str) {
        self.paragraph(text, 8.0, Ink::QUIET);
    }

    fn paragraph(&mut self, text: &str, size: f32, ink: Ink) {
        let step = size * 1.45;
        for line in self.faces.of(Weight::Regular).lines(text, size, WIDTH, 60) {
            if !self.room(step) {
                return;
            }
            self.text(LEFT, self.y + size, size, Weight::Regular, ink, &line);
            self.y += step;
        }
        self.y += size * 0.5;
    }

    /// Figures, three beside each other.
    pub fn figures(&mut self, figures: &[Figure]) {
        const BESIDE: usize = 3;
        const GAP: f32 = 10.0;
        let wide = (WIDTH - GAP * (BESIDE as f32 - 1.0)) / BESIDE as f32;
        let noted = figures.iter().any(|figure| figure.note.is_some());
        let high = if noted { 66.0 } else { 52.0 };
        for row in figures.chunks(BESIDE) {
            if !self.room(high) {
                return;
            }
            for (at, figure) in row.iter().enumerate() {
                let x = LEFT + at as f32 * (wide + GAP);
                self.block(x, self.y, wide, high, Ink::TINT);
                self.block(x, self.y, 2.5, high, Ink::GREEN);
                self.fitted(x + 12.0, self.y + 17.0, wide - 20.0, 8.5, Weight::Regular, Ink::QUIET, &figure.label);
                self.fitted(x + 12.0, self.y + 39.0, wide - 20.0, 16.0, Weight::Bold, Ink::TEXT, &figure.value);
                if let Some(note) = &figure.note {
                    self.fitted(x + 12.0, self.y + 55.0, wide - 20.0, 8.0, Weight::Regular, Ink::QUIET, note);
                }
            }
            self.y += high + GAP;
        }
        self.y += 4.0;
    }

    /// A line of text that is set smaller, down to two thirds, and then cut, if it is too wide.
    #[allow(clippy::too_many_arguments, reason = "where, how large, how, what")]
    fn fitted(&mut self, x: f32, y: f32, wide: f32, size: f32, weight: Weight, ink: Ink, text: &str) {
        let face = self.faces.of(weight);
        let natural = face.width(&face.known(text), size);
        let size = if natural > wide { (size * wide / natural).max(size * 0.66) } else { size };
        if let Some(line) = face.lines(text, size, wide + 0.5, 1).first() {
            self.text(x, y, size, weight, ink, line);
        }
    }

    /// Ends it: the bytes of the document.
    pub fn finish(mut self) -> Result<Vec<u8>, NoPdf> {
        let count = self.pages.len();
        let faces = self.faces;
        let head = format!("{}  ·  {}  ·  {}", self.title.what, self.title.whose, self.title.when);
        let mut pages = std::mem::take(&mut self.pages);
        for (at, page) in pages.iter_mut().enumerate() {
            let mut put = |x: f32, y: f32, size: f32, to_the_right: bool, text: &str| {
                let face = faces.of(Weight::Regular);
                let text = face.lines(text, size, WIDTH - 90.0, 1).pop().unwrap_or_default();
                let x = if to_the_right { x - face.width(&text, size) } else { x };
                page.push(Mark::Text { x, y, size, weight: Weight::Regular, ink: Ink::QUIET, text });
            };
            put(LEFT, PAGE.1 - 34.0, 8.0, false, &self.title.foot);
            put(LEFT + WIDTH, PAGE.1 - 34.0, 8.0, true, &format!("Page {} of {count}", at + 1));
            if at > 0 {
                put(LEFT + 20.0, 50.0, 8.5, false, &head);
                page.push(Mark::Emblem { x: LEFT - 2.0, y: 39.0, size: 16.0 });
                page.push(Mark::Block { x: LEFT, y: 61.0, wide: WIDTH, high: 0.6, ink: Ink::RULE });
            }
            page.push(Mark::Block { x: LEFT, y: PAGE.1 - 48.0, wide: WIDTH, high: 0.6, ink: Ink::RULE });
        }
        ink::draw(&self.title.what, &self.title.site, pages)
    }
}
