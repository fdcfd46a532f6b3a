//! What the market speaks of: platforms, formats, niches, languages.

use super::Wrong;
use serde::{Deserialize, Serialize};

/// Declares a closed set of words that are stored and spoken alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($what:literal) { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is known by.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Parses the word, in any case.
            ///
            /// # Errors
            /// `unknown` if it is none of them.
            pub fn parse(word: &str) -> Result<Self, Wrong> {
                let word = word.trim().to_ascii_lowercase();
                Self::ALL.iter().find(|one| one.word() == word).copied().ok_or_else(|| {
                    let all: Vec<&str> = Self::ALL.iter().map(|one| one.word()).collect();
                    Wrong::new("unknown", format!("Please choose a {} among: {}.", $what, all.join(", ")))
                })
            }
        }
    };
}

words! {
    /// Where an influencer publishes.
    #[derive(Default)]
    SocialPlatform ("platform") {
        /// Instagram.
        #[default]
        Instagram = "instagram",
        /// TikTok.
        Tiktok = "tiktok",
        /// YouTube.
        Youtube = "youtube",
        /// X, formerly Twitter.
        X = "x",
        /// Facebook.
        Facebook = "facebook",
        /// Twitch.
        Twitch = "twitch",
        /// LinkedIn.
        Linkedin = "linkedin",
        /// Pinterest.
        Pinterest = "pinterest",
        /// Snapchat.
        Snapchat = "snapchat",
        /// Threads.
        Threads = "threads",
        /// A podcast.
        Podcast = "podcast",
        /// A blog.
        Blog = "blog",
        /// A newsletter.
        Newsletter = "newsletter",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What form an advertisement takes.
    #[derive(Default)]
    Format ("format") {
        /// A post.
        #[default]
        Post = "post",
        /// A reel.
        Reel = "reel",
        /// A story.
        Story = "story",
        /// A video.
        Video = "video",
        /// A short video.
        Short = "short",
        /// A live broadcast.
        Live = "live",
        /// An article.
        Article = "article",
        /// Anything else.
        Other = "other",
    }
}

/// The niches every installation starts with; an installation can add more.
pub const NICHES: &[&str] = &[
    "animals",
    "art",
    "automotive",
    "beauty",
    "books",
    "business",
    "comedy",
    "cooking",
    "crafts",
    "dance",
    "design",
    "education",
    "environment",
    "family",
    "fashion",
    "film",
    "finance",
    "fitness",
    "food",
    "gaming",
    "gardening",
    "health",
    "history",
    "home",
    "lifestyle",
    "music",
    "nature",
    "outdoors",
    "parenting",
    "pets",
    "photography",
    "politics",
    "science",
    "software",
    "sports",
    "sustainability",
    "technology",
    "travel",
    "vegan",
    "wellness",
];

/// The languages somebody can publish in, by their codes of ISO 639-1.
pub const LANGUAGES: &[&str] = &[
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi",
    "fil", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id", "ig", "is", "it", "ja", "ka", "kk", "km", "kn",
    "ko", "ku", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "no", "pa", "pl", "ps",
    "pt", "ro", "ru", "rw", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "uz", "vi",
    "xh", "yo", "zh", "zu",
];
