//! Text people write: one line of it, or several.

use super::Wrong;
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Deref};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// One line of text, 1 to `MAX` characters, trimmed, in Unicode's NFC, without control characters or characters that turn
/// the direction of what follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line<const MAX: usize>(String);

/// Text of 0 to `MAX` characters, trimmed, in NFC, whose only control character is the line feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Parses a line.
    ///
    /// # Errors
    /// `required` if it is blank, `too_long`, or `characters` if it has some that no line may have.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let line = clean(text, MAX, |_| false)?;
        if line.is_empty() {
            return Err(Wrong::new("required", "Please fill this in."));
        }
        Ok(Self(line))
    }
}

impl<const MAX: usize> Prose<MAX> {
    /// Parses prose; carriage returns before line feeds go.
    ///
    /// # Errors
    /// `too_long`, or `characters` if it has some that no text may have.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        clean(&text.replace("\r\n", "\n"), MAX, |c| c == '\n' || c == '\t').map(Self)
    }
}

fn clean(text: &str, most: usize, allowed: impl Fn(char) -> bool) -> Result<String, Wrong> {
    // A cheap bound first: normalising must not be work for the taking.
    if text.len() > 16 * most + 64 {
        return Err(too_long(most));
    }
    let text: String = text.trim().nfc().collect();
    if text.chars().count() > most {
        return Err(too_long(most));
    }
    if text
        .chars()
        .any(|c| !allowed(c) && (c.is_control() || turns_direction(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')))
    {
        return Err(Wrong::new("characters", "Please remove the control characters (line breaks, tabs or invisible marks)."));
    }
    Ok(text)
}

fn too_long(most: usize) -> Wrong {
    Wrong::new("too_long", format!("Please use at most {most} characters."))
}

/// The characters that embed, override or isolate a direction: they can make a text read as what it is not.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text as searches compare it: lower case, without accents.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
}

impl<const MAX: usize> Deref for Line<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Deref for Prose<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> fmt::Display for Prose<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
