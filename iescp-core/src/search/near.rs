//! Finds what a mistyped word may have meant.

use std::{collections::BTreeMap, ops::Bound, sync::Arc};

/// Words in order, with whatever belongs to them.
pub(super) type Sorted = BTreeMap<Arc<str>, u32>;

/// How many different letters are tried in one place.
const MAX_LETTERS: usize = 64;

/// The entries from a word on.
pub(super) fn from<'a>(sorted: &'a Sorted, word: &str) -> impl Iterator<Item = (&'a Arc<str>, &'a u32)> + use<'a> {
    sorted.range::<str, _>((Bound::Included(word), Bound::Unbounded))
}

/// The beginnings of known words that are one slip away from what was typed: one letter missing, too many, wrong, or swapped with the next.
///
/// Goes through the places where the slip may be, for as long as known words begin with all before it, and asks the sorted words which
/// letters come next there. `lookups` bounds how often it asks.
pub(super) fn beginnings(typed: &[char], sorted: &Sorted, lookups: &mut usize) -> Vec<String> {
    let mut search = Search { sorted, lookups, found: Vec::new() };
    let mut before = String::new();
    for (at, letter) in typed.iter().enumerate() {
        let rest: String = typed.iter().skip(at).collect();
        let after: String = typed.iter().skip(at + 1).collect();
        search.offer(format!("{before}{after}"));
        if let Some(next) = typed.get(at + 1) {
            let swapped: String = typed.iter().skip(at + 2).collect();
            search.offer(format!("{before}{next}{letter}{swapped}"));
        }
        for other in search.letters_after(&before) {
            search.offer(format!("{before}{other}{after}"));
            search.offer(format!("{before}{other}{rest}"));
        }
        before.push(*letter);
        if !search.known(&before) {
            break;
        }
    }
    search.found.sort_unstable();
    search.found.dedup();
    search.found
}

struct Search<'a> {
    sorted: &'a Sorted,
    lookups: &'a mut usize,
    found: Vec<String>,
}

impl<'a> Search<'a> {
    /// Whether a known word begins so; never, once the look-ups are used up.
    fn known(&mut self, beginning: &str) -> bool {
        self.first_from(beginning).is_some_and(|word| word.starts_with(beginning))
    }

    fn offer(&mut self, beginning: String) {
        if self.known(&beginning) {
            self.found.push(beginning);
        }
    }

    /// The letters that come next in known words that begin so.
    fn letters_after(&mut self, beginning: &str) -> Vec<char> {
        let mut letters = Vec::new();
        let mut seek = beginning.to_owned();
        while letters.len() < MAX_LETTERS {
            let Some(rest) = self.first_from(&seek).and_then(|word| word.strip_prefix(beginning)) else { break };
            let Some(letter) = rest.chars().next() else {
                seek = format!("{beginning}\0");
                continue;
            };
            letters.push(letter);
            let Some(next) = (letter..=char::MAX).nth(1) else { break };
            seek = format!("{beginning}{next}");
        }
        letters
    }

    fn first_from(&mut self, word: &str) -> Option<&'a str> {
        *self.lookups = self.lookups.checked_sub(1)?;
        from(self.sorted, word).next().map(|(word, _)| &**word)
    }
}
