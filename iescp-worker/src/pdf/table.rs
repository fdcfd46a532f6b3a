//! A table: its head stands on each page that it reaches, numbers end under each other.

use super::{
    face::Weight,
    ink::Ink,
    paper::{LEFT, Paper, WIDTH},
};

const SIZE: f32 = 8.5;
const STEP: f32 = 11.0;
const PAD: f32 = 5.0;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub name: &'static str,
    /// Its share of the width; all shares together are the whole.
    pub share: f32,
    /// Whether what stands in it ends at its right: numbers do.
    pub number: bool,
}

impl Column {
    pub const fn text(name: &'static str, share: f32) -> Self {
        Self { name, share, number: false }
    }

    pub const fn number(name: &'static str, share: f32) -> Self {
        Self { name, share, number: true }
    }
}

impl Paper {
    /// Rows under their columns, and what they add up to.
    pub fn table(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>, total: Option<Vec<String>>) {
        self.table_head(columns);
        for row in rows {
            if !self.table_row(columns, &row, Weight::Regular) {
                return;
            }
        }
        if let Some(total) = total {
            self.table_row(columns, &total, Weight::Bold);
        }
        self.y += 12.0;
    }

    fn table_head(&mut self, columns: &[Column]) {
        let lines = self.cells(columns, &columns.iter().map(|column| column.name.to_owned()).collect::<Vec<_>>(), Weight::Bold);
        let high = tallest(&lines) * STEP + 2.0 * PAD;
        if self.room(high + 40.0) {
            self.block(LEFT, self.y, WIDTH, high, Ink::TINT);
            self.put_cells(columns, &lines, Weight::Bold, Ink::DEEP);
            self.y += high;
        }
    }

    fn table_row(&mut self, columns: &[Column], row: &[String], weight: Weight) -> bool {
        let lines = self.cells(columns, row, weight);
        let high = tallest(&lines) * STEP + 2.0 * PAD;
        let before = self.y;
        if !self.room(high) {
            return false;
        }
        if self.y < before {
            self.table_head(columns);
        }
        self.put_cells(columns, &lines, weight, Ink::TEXT);
        self.y += high;
        self.block(LEFT, self.y - 0.6, WIDTH, 0.6, Ink::RULE);
        true
    }

    /// The lines of each cell.
    fn cells(&self, columns: &[Column], row: &[String], weight: Weight) -> Vec<Vec<String>> {
        let face = self.faces.of(weight);
        let lines = |(column, text): (&Column, &String)| face.lines(text, SIZE, column.share * WIDTH - 2.0 * PAD, 3);
        columns.iter().zip(row).map(lines).collect()
    }

    fn put_cells(&mut self, columns: &[Column], cells: &[Vec<String>], weight: Weight, ink: Ink) {
        let mut x = LEFT;
        for (column, lines) in columns.iter().zip(cells) {
            let wide = column.share * WIDTH;
            for (at, line) in lines.iter().enumerate() {
                let y = self.y + PAD + SIZE - 0.5 + at as f32 * STEP;
                if column.number {
                    self.text_to(x + wide - PAD, y, SIZE, weight, ink, line);
                } else {
                    self.text(x + PAD, y, SIZE, weight, ink, line);
                }
            }
            x += wide;
        }
    }
}

fn tallest(cells: &[Vec<String>]) -> f32 {
    cells.iter().map(Vec::len).max().unwrap_or(1) as f32
}
