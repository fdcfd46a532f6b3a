//! What things are about, and where they are published, in the words of the managed lists.
//!
//! **Not here**: the lists themselves (`value`).

use super::cell::Changes;
use crate::value::{NICHES, SocialPlatform};

/// The most niches of a profile or a campaign.
const AT_MOST: usize = 5;

/// Other words for niches of the list.
const ALSO: &[(&str, &str)] = &[
    ("tech", "technology"),
    ("technologies", "technology"),
    ("gadgets", "technology"),
    ("electronics", "technology"),
    ("it", "technology"),
    ("programming", "software"),
    ("coding", "software"),
    ("sport", "sports"),
    ("cricket", "sports"),
    ("football", "sports"),
    ("gym", "fitness"),
    ("yoga", "fitness"),
    ("game", "gaming"),
    ("games", "gaming"),
    ("esports", "gaming"),
    ("makeup", "beauty"),
    ("cosmetics", "beauty"),
    ("skincare", "beauty"),
    ("clothing", "fashion"),
    ("clothes", "fashion"),
    ("style", "fashion"),
    ("foods", "food"),
    ("foodie", "food"),
    ("cooking & baking", "cooking"),
    ("recipes", "cooking"),
    ("tourism", "travel"),
    ("travelling", "travel"),
    ("traveling", "travel"),
    ("adventure", "outdoors"),
    ("movies", "film"),
    ("movie", "film"),
    ("films", "film"),
    ("entertainment", "film"),
    ("songs", "music"),
    ("humor", "comedy"),
    ("humour", "comedy"),
    ("memes", "comedy"),
    ("photo", "photography"),
    ("money", "finance"),
    ("investing", "finance"),
    ("crypto", "finance"),
    ("banking", "finance"),
    ("marketing", "business"),
    ("startup", "business"),
    ("startups", "business"),
    ("learning", "education"),
    ("edtech", "education"),
    ("healthcare", "health"),
    ("medical", "health"),
    ("cars", "automotive"),
    ("auto", "automotive"),
    ("automobile", "automotive"),
    ("automobiles", "automotive"),
    ("vehicles", "automotive"),
    ("diy", "crafts"),
    ("pet", "pets"),
    ("animal", "animals"),
    ("book", "books"),
    ("literature", "books"),
    ("family & parenting", "parenting"),
    ("kids", "parenting"),
    ("arts", "art"),
    ("dancing", "dance"),
    ("interior", "home"),
    ("decor", "home"),
    ("climate", "environment"),
    ("life style", "lifestyle"),
    ("life", "lifestyle"),
];

/// Languages by their English names.
pub(super) const LANGUAGE_NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("german", "de"),
    ("french", "fr"),
    ("spanish", "es"),
    ("italian", "it"),
    ("portuguese", "pt"),
    ("dutch", "nl"),
    ("polish", "pl"),
    ("russian", "ru"),
    ("ukrainian", "uk"),
    ("turkish", "tr"),
    ("arabic", "ar"),
    ("hindi", "hi"),
    ("bengali", "bn"),
    ("tamil", "ta"),
    ("telugu", "te"),
    ("marathi", "mr"),
    ("gujarati", "gu"),
    ("kannada", "kn"),
    ("malayalam", "ml"),
    ("punjabi", "pa"),
    ("urdu", "ur"),
    ("chinese", "zh"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("vietnamese", "vi"),
    ("thai", "th"),
    ("indonesian", "id"),
    ("swedish", "sv"),
    ("danish", "da"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("persian", "fa"),
    ("czech", "cs"),
];

/// Where somebody publishes, by other names.
const PLATFORMS: &[(&str, SocialPlatform)] = &[
    ("insta", SocialPlatform::Instagram),
    ("ig", SocialPlatform::Instagram),
    ("yt", SocialPlatform::Youtube),
    ("you tube", SocialPlatform::Youtube),
    ("tik tok", SocialPlatform::Tiktok),
    ("twitter", SocialPlatform::X),
    ("x (twitter)", SocialPlatform::X),
    ("twitter/x", SocialPlatform::X),
    ("fb", SocialPlatform::Facebook),
    ("meta", SocialPlatform::Facebook),
    ("linked in", SocialPlatform::Linkedin),
    ("snap", SocialPlatform::Snapchat),
    ("website", SocialPlatform::Blog),
    ("blogger", SocialPlatform::Blog),
];

/// The niches of the list that a text names, and the words that are none.
pub(super) fn of(said: &str) -> (Vec<String>, Vec<String>) {
    let (mut niches, mut left): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let lower = said.to_lowercase();
    let whole = lower.trim();
    let words: Vec<&str> = if known(whole).is_some() {
        vec![whole]
    } else {
        lower.split([',', ';', '/', '|', '&', '+', '\n']).flat_map(|part| part.split(" and ")).collect()
    };
    for word in words.into_iter().map(str::trim).filter(|word| !word.is_empty()) {
        match known(word) {
            Some(niche) if niches.iter().any(|one| one == niche) => {}
            Some(niche) if niches.len() < AT_MOST => niches.push(niche.to_owned()),
            _ => left.push(word.chars().take(60).collect()),
        }
    }
    left.truncate(10);
    (niches, left)
}

fn known(word: &str) -> Option<&'static str> {
    let also = ALSO.iter().find(|(other, _)| *other == word).map(|(_, niche)| *niche);
    NICHES.iter().find(|niche| **niche == word).copied().or(also)
}

/// The platforms that a text names, each once; what is none counts as `other`.
pub(super) fn channels(changes: &mut Changes, said: &str) -> Vec<SocialPlatform> {
    let mut platforms = Vec::new();
    let lower = said.trim().to_lowercase();
    let words: Vec<&str> =
        if platform(&lower).is_some() { vec![&lower] } else { lower.split([',', ';', '/', '|', '&', '+']).collect() };
    for word in words.into_iter().map(str::trim).filter(|word| !word.is_empty()).take(8) {
        let platform = platform(word).unwrap_or_else(|| {
            let short: String = word.chars().take(60).collect();
            changes.note(format!("platform “{short}” stands under “other”"));
            SocialPlatform::Other
        });
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    platforms
}

fn platform(word: &str) -> Option<SocialPlatform> {
    SocialPlatform::parse(word).ok().or_else(|| PLATFORMS.iter().find(|(other, _)| *other == word).map(|(_, platform)| *platform))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn niches_are_found_by_their_names_and_what_is_none_is_left() {
        let words = |said: &str| {
            let (niches, left) = of(said);
            (niches.join(" "), left.join(" "))
        };
        assert_eq!(words("Fashion"), ("fashion".into(), String::new()));
        assert_eq!(words("Tech & Gaming, beauty"), ("technology gaming beauty".into(), String::new()));
        assert_eq!(words("Food and Knitting"), ("food".into(), "knitting".into()));
        assert_eq!(words("<b>"), (String::new(), "<b>".into()));
        assert!(ALSO.iter().all(|(_, niche)| NICHES.contains(niche)));
        assert!(LANGUAGE_NAMES.iter().all(|(_, code)| crate::value::LANGUAGES.contains(code)));
    }

    #[test]
    fn platforms_are_found_by_their_names() {
        let mut changes = Changes::default();
        let words = |changes: &mut Changes, said: &str| {
            channels(changes, said).iter().map(|one| one.word()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(&mut changes, "Twitter/X"), "x");
        assert_eq!(words(&mut changes, "Insta, YT"), "instagram youtube");
        assert!(changes.0.is_empty());
        assert_eq!(words(&mut changes, "Myspace"), "other");
        assert_eq!(changes.0.len(), 1);
    }
}
