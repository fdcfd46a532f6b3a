//! Charts, drawn: each says its figures in words as well.

use super::{
    face::Weight,
    ink::Ink,
    paper::{LEFT, Paper, WIDTH},
};

/// A column of a chart.
pub(crate) struct Bar {
    pub name: String,
    pub value: i64,
    pub shown: String,
}

/// Something that is made of parts.
pub(crate) struct Whole {
    pub name: String,
    pub shown: String,
    /// What it is of; the parts may be less.
    pub whole: i64,
    /// In the order of the legend.
    pub parts: [i64; 3],
}

/// How the parts of a whole are drawn.
const PARTS: [Ink; 3] = [Ink::GREEN, Ink::AMBER, Ink::PALE];

impl Paper {
    /// Columns beside each other, at most twelve.
    pub fn columns(&mut self, bars: &[Bar]) {
        const HIGH: f32 = 96.0;
        let bars = bars.get(bars.len().saturating_sub(12)..).unwrap_or_default();
        if bars.is_empty() || !self.room(HIGH + 46.0) {
            return;
        }
        let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
        let step = WIDTH / bars.len().max(6) as f32;
        let wide = (step * 0.56).min(40.0);
        let floor = self.y + 16.0 + HIGH;
        for (at, bar) in bars.iter().enumerate() {
            let middle = LEFT + (at as f32 + 0.5) * step;
            let high = share(bar.value, most) * HIGH;
            self.block(middle - wide / 2.0, floor - high.max(0.8), wide, high.max(0.8), Ink::GREEN);
            self.centred(middle, floor - high - 4.0, step, 7.0, Ink::TEXT, &bar.shown);
            self.centred(middle, floor + 12.0, step, 7.5, Ink::QUIET, &bar.name);
        }
        self.block(LEFT, floor, WIDTH, 0.8, Ink::RULE);
        self.y = floor + 26.0;
    }

    fn centred(&mut self, middle: f32, y: f32, most: f32, size: f32, ink: Ink, text: &str) {
        let face = self.faces.of(Weight::Regular);
        let natural = face.width(&face.known(text), size);
        let size = if natural > most - 2.0 { size * (most - 2.0) / natural } else { size };
        let wide = natural.min(most - 2.0);
        self.text(middle - wide / 2.0, y, size, Weight::Regular, ink, text);
    }

    /// Bars under each other, each of three parts, with a legend.
    pub fn wholes(&mut self, legend: [&str; 3], wholes: &[Whole]) {
        const NAME: f32 = 150.0;
        const SHOWN: f32 = 92.0;
        if !self.room(40.0) {
            return;
        }
        let mut x = LEFT;
        for (word, ink) in legend.into_iter().zip(PARTS) {
            self.block(x, self.y + 2.0, 8.0, 8.0, ink);
            self.text(x + 13.0, self.y + 9.5, 8.5, Weight::Regular, Ink::QUIET, word);
            x += 13.0 + self.faces.of(Weight::Regular).width(word, 8.5) + 18.0;
        }
        self.y += 20.0;
        let most = wholes.iter().map(|whole| whole.whole).max().unwrap_or(0).max(1);
        let space = WIDTH - NAME - SHOWN - 12.0;
        for whole in wholes {
            if !self.room(20.0) {
                return;
            }
            let name = self.faces.of(Weight::Regular).lines(&whole.name, 8.5, NAME - 8.0, 1).pop().unwrap_or_default();
            self.text(LEFT, self.y + 11.0, 8.5, Weight::Regular, Ink::TEXT, &name);
            let mut x = LEFT + NAME;
            self.block(x, self.y + 3.0, share(whole.whole, most) * space, 10.0, Ink::TINT);
            for (part, ink) in whole.parts.into_iter().zip(PARTS) {
                let wide = share(part, most) * space;
                self.block(x, self.y + 3.0, wide, 10.0, ink);
                x += wide;
            }
            self.text_to(LEFT + WIDTH, self.y + 11.0, 8.5, Weight::Bold, Ink::TEXT, &whole.shown);
            self.y += 18.0;
        }
        self.y += 8.0;
    }
}

/// A part of the most, from 0 to 1.
fn share(value: i64, most: i64) -> f32 {
    (value.max(0) as f64 / most.max(1) as f64).min(1.0) as f32
}
