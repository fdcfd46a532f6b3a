//! The two faces that everything is set in: DejaVu Sans, regular and bold. They have Latin, Greek and Cyrillic, and much more.

use super::NoPdf;
use krilla::text::Font;
use std::sync::LazyLock;
use ttf_parser::Face as Measured;

/// What stands for a letter that the faces do not have.
const UNKNOWN: char = '\u{fffd}';

/// A face: as it is drawn, and as it is measured.
pub(super) struct Face {
    pub font: Font,
    measured: Measured<'static>,
}

/// Regular or bold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Both faces.
pub(super) struct Faces {
    regular: Face,
    bold: Face,
}

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    let face = |data: &'static [u8]| Some(Face { font: Font::new(data.into(), 0)?, measured: Measured::parse(data, 0).ok()? });
    Some(Faces { regular: face(dejavu::sans::regular())?, bold: face(dejavu::sans::bold())? })
});

impl Faces {
    pub fn get() -> Result<&'static Self, NoPdf> {
        FACES.as_ref().ok_or_else(|| NoPdf("the faces cannot be read".to_owned()))
    }

    pub fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    /// How wide a text is.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let advance = |c| self.measured.glyph_index(c).and_then(|glyph| self.measured.glyph_hor_advance(glyph)).unwrap_or(0);
        let units: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
        units as f32 * size / f32::from(self.measured.units_per_em())
    }

    /// A text of letters that the face has, on one line, without what would turn about how it reads.
    pub fn known(&self, text: &str) -> String {
        let known = |c: char| match c {
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' => None,
            c if c.is_control() || c.is_whitespace() => Some(' '),
            c if self.measured.glyph_index(c).is_some() => Some(c),
            _ => Some(UNKNOWN),
        };
        let text: String = text.chars().filter_map(known).collect();
        // What is left reads better without holes, if anything is.
        let rest = text.replace(UNKNOWN, "");
        if rest.len() < text.len() && rest.contains(char::is_alphanumeric) {
            return rest.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        text
    }

    /// A text in lines of this width: so many at most, the last one with an ellipsis if there is more.
    pub fn lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let text = self.known(text);
        let mut lines: Vec<String> = vec![String::new()];
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            for piece in self.pieces(word, size, width) {
                let Some(line) = lines.last_mut() else { break };
                let joined = if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
                if self.width(&joined, size) <= width {
                    *line = joined;
                } else {
                    lines.push(piece);
                }
            }
            if lines.len() > most {
                break;
            }
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.cut(&format!("{last}…"), size, width);
            }
        }
        lines
    }

    /// A text that ends in an ellipsis, shorter until it fits.
    fn cut(&self, text: &str, size: f32, width: f32) -> String {
        let mut kept: Vec<char> = text.trim_end_matches('…').chars().collect();
        loop {
            let cut = format!("{}…", kept.iter().collect::<String>().trim_end());
            if kept.is_empty() || self.width(&cut, size) <= width {
                return cut;
            }
            kept.pop();
        }
    }

    /// A word as it is, or in pieces if it is wider than a line.
    fn pieces(&self, word: &str, size: f32, width: f32) -> Vec<String> {
        if self.width(word, size) <= width {
            return vec![word.to_owned()];
        }
        let mut pieces = vec![String::new()];
        for c in word.chars() {
            let Some(piece) = pieces.last_mut() else { break };
            let longer = format!("{piece}{c}");
            if piece.is_empty() || self.width(&longer, size) <= width {
                *piece = longer;
            } else {
                pieces.push(c.to_string());
            }
        }
        pieces
    }
}
