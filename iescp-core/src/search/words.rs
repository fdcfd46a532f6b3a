//! Takes text apart into words that compare well: without case, accents and punctuation.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How many words of one document are indexed; the rest of its text is not found.
pub(super) const MAX_DOCUMENT_WORDS: usize = 400;
/// How many words of a query count; the others filter nothing.
pub(super) const MAX_QUERY_WORDS: usize = 8;
/// How many letters of a word count.
const MAX_LETTERS: usize = 32;
/// How many characters of a text are looked at.
const MAX_CHARACTERS: usize = 20_000;

/// The words of a document's text, in order, repetitions included.
pub(super) fn of_document(text: &str, word: impl FnMut(&str)) {
    split(text, true, word);
}

/// The words of a query, each once.
pub(super) fn of_query(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    split(text, false, |word| {
        if words.len() < MAX_QUERY_WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    });
    words
}

fn split(text: &str, loose_end: bool, word: impl FnMut(&str)) {
    let mut splitter = Splitter { word, current: String::new(), letters: 0, after_unspaced: false, loose_end };
    if text.is_ascii() {
        text.bytes().take(MAX_CHARACTERS).for_each(|byte| splitter.take(char::from(byte.to_ascii_lowercase())));
    } else {
        text.nfkd().take(MAX_CHARACTERS).filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).for_each(
            |letter| match plain(letter) {
                Some(letters) => letters.chars().for_each(|letter| splitter.take(letter)),
                None => splitter.take(letter),
            },
        );
    }
    splitter.end();
}

/// Gathers letters into words.
///
/// Chinese and Japanese put no spaces between words: each two neighbouring characters count as one word, and in a document (`loose_end`)
/// the last character alone too, so that every run of characters inside a text is found.
struct Splitter<W> {
    word: W,
    current: String,
    /// How many letters `current` has to offer; none when it only holds the first half of a pair.
    letters: usize,
    after_unspaced: bool,
    loose_end: bool,
}

impl<W: FnMut(&str)> Splitter<W> {
    fn take(&mut self, letter: char) {
        let unspaced = is_unspaced(letter);
        if self.after_unspaced && unspaced {
            self.current.push(letter);
            self.letters = 2;
            self.end();
            self.current.push(letter);
            self.letters = usize::from(self.loose_end);
        } else {
            if unspaced || self.after_unspaced || !letter.is_alphanumeric() {
                self.end();
            }
            self.gather(letter);
        }
        self.after_unspaced = unspaced;
    }

    fn gather(&mut self, letter: char) {
        if self.letters < MAX_LETTERS && letter.is_alphanumeric() {
            self.current.push(letter);
            self.letters += 1;
        }
    }

    fn end(&mut self) {
        if self.letters > 0 {
            (self.word)(&self.current);
        }
        self.current.clear();
        self.letters = 0;
    }
}

/// Letters that carry their accent inside, as most people type them.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// Whether a letter belongs to a script without spaces between words: Han, Hiragana, Katakana.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        of_document(text, |word| words.push(word.to_owned()));
        words
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        assert_eq!(document("Ångström's CAFÉ-crème, ﬁne!"), ["angstrom", "s", "cafe", "creme", "fine"]);
        assert_eq!(document("Łódź Straße Ærø"), ["lodz", "strasse", "aero"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(document("旅行家 in 東京"), ["旅行", "行家", "家", "in", "東京", "京"]);
        assert_eq!(of_query("旅行家"), ["旅行", "行家"]);
        assert_eq!(of_query("旅"), ["旅"]);
        assert_eq!(document("a旅b"), ["a", "旅", "b"]);
    }

    #[test]
    fn emoji_separate_words_and_are_none() {
        assert_eq!(document("hello👩‍👩‍👧world 🎉"), ["hello", "world"]);
        assert!(of_query("🎉 …").is_empty());
    }

    #[test]
    fn words_written_from_right_to_left_stay_whole() {
        assert_eq!(document("مُدَوِّنة سفر"), ["مدونة", "سفر"]);
        assert_eq!(document("שָׁלוֹם"), ["שלום"]);
    }

    #[test]
    fn long_words_and_long_queries_are_cut() {
        assert_eq!(document(&"x".repeat(500)), ["x".repeat(MAX_LETTERS)]);
        assert_eq!(of_query("a b c d e f g h i j a").len(), MAX_QUERY_WORDS);
    }
}
