//! Closed sets of words: declared once, with the word each is stored and spoken by, and for some the sentence it says.
//!
//! **Not here**: what a set means (where it is declared).

/// Declares a closed set of words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is stored and spoken by.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one known by a word.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().find(|one| one.word() == word).copied()
            }
        }
    };
}

/// Declares a closed set of words that each say a sentence.
macro_rules! sentences {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $text:literal;)+ }) => {
        $crate::value::words::words! { $(#[$doc])* $name { $($(#[$vdoc])* $variant = $word),+ } }

        impl $name {
            /// What it says.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

pub(crate) use {sentences, words};
