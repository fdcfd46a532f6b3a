//! What the market speaks of: platforms, formats, niches, languages.

use super::{Wrong, words::words};

/// Declares a closed set of words that people choose from.
macro_rules! chosen {
    ($(#[$doc:meta])* $name:ident ($what:literal) { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        words! { $(#[$doc])* $name { $($(#[$vdoc])* $variant = $word),+ } }

        impl $name {
            /// Parses the word, in any case.
            ///
            /// # Errors
            /// `unknown` if it is none of them.
            pub fn parse(word: &str) -> Result<Self, Wrong> {
                Self::named(&word.trim().to_ascii_lowercase()).ok_or_else(|| {
                    let all: Vec<&str> = Self::ALL.iter().map(|one| one.word()).collect();
                    Wrong::new("unknown", format!("Please choose a {} among: {}.", $what, all.join(", ")))
                })
            }
        }
    };
}

chosen! {
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

chosen! {
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
