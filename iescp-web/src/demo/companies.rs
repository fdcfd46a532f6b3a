//! What companies are called, what they deal in, and to whom.

use super::dice::Dice;
use super::names::Name;

/// A trade: its industry, what its companies sell, and to whom.
pub(super) struct Trade {
    pub industry: &'static str,
    pub niches: &'static [&'static str],
    pub goods: &'static [&'static str],
    seconds: &'static [&'static str],
}

const TRADES: &[Trade] = &[
    Trade {
        industry: "Outdoor equipment",
        niches: &["outdoors", "travel", "nature", "sports"],
        goods: &["two-person tent", "trail running shoe", "45-litre rucksack", "down jacket"],
        seconds: &["Outdoor", "Alpine", "Trailworks"],
    },
    Trade {
        industry: "Food and drink",
        niches: &["food", "cooking", "vegan", "family"],
        goods: &["oat drink", "hot sauce", "single-estate coffee", "lentil pasta"],
        seconds: &["Foods", "Kitchen", "Roasters"],
    },
    Trade {
        industry: "Cosmetics",
        niches: &["beauty", "wellness", "lifestyle", "fashion"],
        goods: &["mineral sunscreen", "night serum", "solid shampoo", "tinted balm"],
        seconds: &["Skin", "Botanics", "Cosmetics"],
    },
    Trade {
        industry: "Software",
        niches: &["technology", "software", "business", "education"],
        goods: &["note-taking app", "password manager", "invoicing tool", "language course"],
        seconds: &["Labs", "Software", "Systems"],
    },
    Trade {
        industry: "Games",
        niches: &["gaming", "comedy", "technology", "art"],
        goods: &["co-op puzzle game", "city builder", "mechanical keyboard", "retro handheld"],
        seconds: &["Games", "Interactive", "Play"],
    },
    Trade {
        industry: "Fashion",
        niches: &["fashion", "lifestyle", "design", "sustainability"],
        goods: &["linen collection", "recycled trainers", "rain coat", "repair service"],
        seconds: &["Atelier", "Studio", "Textiles"],
    },
    Trade {
        industry: "Home and garden",
        niches: &["home", "gardening", "crafts", "design"],
        goods: &["balcony planter", "cordless drill", "modular shelf", "beeswax candle"],
        seconds: &["Living", "Home", "Workshop"],
    },
    Trade {
        industry: "Fitness",
        niches: &["fitness", "health", "sports", "wellness"],
        goods: &["kettlebell set", "yoga mat", "training plan", "running belt"],
        seconds: &["Athletics", "Fit", "Movement"],
    },
    Trade {
        industry: "Pets",
        niches: &["pets", "animals", "family", "lifestyle"],
        goods: &["grain-free dog food", "cat tree", "bird feeder", "travel crate"],
        seconds: &["Pets", "Paws", "Companions"],
    },
    Trade {
        industry: "Books and learning",
        niches: &["books", "education", "science", "history"],
        goods: &["illustrated atlas", "debut novel", "chemistry kit", "audiobook membership"],
        seconds: &["Press", "Editions", "Learning"],
    },
    Trade {
        industry: "Travel",
        niches: &["travel", "photography", "food", "nature"],
        goods: &["night train pass", "island ferry ticket", "cabin week", "city walking tour"],
        seconds: &["Travel", "Journeys", "Rail"],
    },
    Trade {
        industry: "Finance",
        niches: &["finance", "business", "education", "lifestyle"],
        goods: &["savings account", "household budget app", "index fund", "first-home guide"],
        seconds: &["Bank", "Savings", "Capital"],
    },
];

const FIRSTS: &[Name] = &[
    ("Nordlys", "nordlys"),
    ("Kestrel", "kestrel"),
    ("Baobab", "baobab"),
    ("Lumière", "lumiere"),
    ("Akira", "akira"),
    ("Ventura", "ventura"),
    ("Saffron", "saffron"),
    ("Polder", "polder"),
    ("Quetzal", "quetzal"),
    ("Harbour", "harbour"),
    ("Mistral", "mistral"),
    ("Kauri", "kauri"),
    ("Zephyr", "zephyr"),
    ("Olive & Oak", "oliveandoak"),
    ("Río Claro", "rioclaro"),
    ("Sahel", "sahel"),
    ("Morgenrot", "morgenrot"),
    ("Twelve Bells", "twelvebells"),
    ("Juniper", "juniper"),
    ("Monsoon", "monsoon"),
    ("Ćma", "cma"),
    ("Paper Crane", "papercrane"),
    ("Sisu", "sisu"),
    ("Cobalt", "cobalt"),
];

/// A company.
#[derive(Clone, Debug)]
pub(super) struct Company {
    pub name: String,
    pub slug: String,
    trade: usize,
}

impl Company {
    /// What it deals in.
    pub(super) fn trade(&self) -> &'static Trade {
        static SOMETHING: Trade = Trade { industry: "Other", niches: &["lifestyle"], goods: &["product"], seconds: &["Company"] };
        TRADES.get(self.trade).unwrap_or(&SOMETHING)
    }
}

/// Makes up a company.
pub(super) fn company(dice: &mut Dice) -> Company {
    let trade = usize::try_from(dice.between(0, TRADES.len() as i64 - 1)).unwrap_or(0);
    let first = dice.pick(FIRSTS).copied().unwrap_or(("Harbour", "harbour"));
    let made = Company { name: String::new(), slug: String::new(), trade };
    let second = dice.word(made.trade().seconds);
    Company { name: format!("{} {second}", first.0), slug: format!("{}-{}", first.1, second.to_lowercase()), ..made }
}
