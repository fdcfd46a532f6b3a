//! What people are called, what they speak and where they live.
//!
//! Not here: companies (`companies.rs`).

use super::dice::Dice;

/// A name as it is written, and in the letters of user names.
pub(super) type Name = (&'static str, &'static str);

/// People who might share a neighbourhood.
struct Culture {
    given: &'static [Name],
    family: &'static [Name],
    places: &'static [&'static str],
    languages: &'static [&'static str],
    /// Whether the family's name stands first.
    family_first: bool,
}

const CULTURES: &[Culture] = &[
    Culture {
        given: &[
            ("Amara", "amara"),
            ("Chidi", "chidi"),
            ("Ngozi", "ngozi"),
            ("Emeka", "emeka"),
            ("Zainab", "zainab"),
            ("Tunde", "tunde"),
            ("Folake", "folake"),
            ("Ifeanyi", "ifeanyi"),
        ],
        family: &[
            ("Okafor", "okafor"),
            ("Adeyemi", "adeyemi"),
            ("Balogun", "balogun"),
            ("Eze", "eze"),
            ("Danjuma", "danjuma"),
            ("Nwosu", "nwosu"),
            ("Bello", "bello"),
        ],
        places: &["Lagos", "Abuja", "Ibadan", "Port Harcourt"],
        languages: &["en", "yo", "ig", "ha"],
        family_first: false,
    },
    Culture {
        given: &[
            ("Lukas", "lukas"),
            ("Jörg", "joerg"),
            ("Anneliese", "anneliese"),
            ("Mia", "mia"),
            ("Käthe", "kaethe"),
            ("Emre", "emre"),
            ("Hannah", "hannah"),
            ("Moritz", "moritz"),
        ],
        family: &[
            ("Schröder", "schroeder"),
            ("Weiß", "weiss"),
            ("Yılmaz", "yilmaz"),
            ("Krüger", "krueger"),
            ("Vogt", "vogt"),
            ("Brandt", "brandt"),
            ("Lindner", "lindner"),
        ],
        places: &["Berlin", "Hamburg", "Köln", "Leipzig", "Wien"],
        languages: &["de", "en", "tr"],
        family_first: false,
    },
    Culture {
        given: &[
            ("思雨", "siyu"),
            ("伟", "wei"),
            ("晓明", "xiaoming"),
            ("丽", "li"),
            ("子涵", "zihan"),
            ("浩然", "haoran"),
            ("婷婷", "tingting"),
            ("嘉怡", "jiayi"),
        ],
        family: &[("陈", "chen"), ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("黄", "huang"), ("林", "lin")],
        places: &["Shanghai", "Chengdu", "Singapore", "Taipei"],
        languages: &["zh", "en"],
        family_first: true,
    },
    Culture {
        given: &[
            ("Priya", "priya"),
            ("Arjun", "arjun"),
            ("Ananya", "ananya"),
            ("Rohan", "rohan"),
            ("Meera", "meera"),
            ("Kabir", "kabir"),
            ("Lakshmi", "lakshmi"),
            ("Vikram", "vikram"),
        ],
        family: &[
            ("Sharma", "sharma"),
            ("Iyer", "iyer"),
            ("Nair", "nair"),
            ("Banerjee", "banerjee"),
            ("Patel", "patel"),
            ("Reddy", "reddy"),
            ("Kaur", "kaur"),
        ],
        places: &["Mumbai", "Bengaluru", "Kolkata", "Chennai", "Delhi"],
        languages: &["en", "hi", "ta", "bn"],
        family_first: false,
    },
    Culture {
        given: &[
            ("Lucía", "lucia"),
            ("Mateo", "mateo"),
            ("Valentina", "valentina"),
            ("Íñigo", "inigo"),
            ("Camila", "camila"),
            ("Joaquín", "joaquin"),
            ("Ximena", "ximena"),
            ("Andrés", "andres"),
        ],
        family: &[
            ("García", "garcia"),
            ("Muñoz", "munoz"),
            ("Ibáñez", "ibanez"),
            ("Rojas", "rojas"),
            ("Quispe", "quispe"),
            ("Fernández", "fernandez"),
            ("Castillo", "castillo"),
        ],
        places: &["Madrid", "Bogotá", "Ciudad de México", "Lima", "Buenos Aires"],
        languages: &["es", "en"],
        family_first: false,
    },
    Culture {
        given: &[
            ("João", "joao"),
            ("Beatriz", "beatriz"),
            ("Thiago", "thiago"),
            ("Inês", "ines"),
            ("Larissa", "larissa"),
            ("Caetano", "caetano"),
            ("Yasmin", "yasmin"),
            ("Duarte", "duarte"),
        ],
        family: &[
            ("Silva", "silva"),
            ("Gonçalves", "goncalves"),
            ("Araújo", "araujo"),
            ("Moreira", "moreira"),
            ("Conceição", "conceicao"),
            ("Teixeira", "teixeira"),
            ("Prado", "prado"),
        ],
        places: &["São Paulo", "Lisboa", "Recife", "Porto"],
        languages: &["pt", "en"],
        family_first: false,
    },
    Culture {
        given: &[
            ("ليلى", "layla"),
            ("عمر", "omar"),
            ("نور", "nour"),
            ("يوسف", "youssef"),
            ("هدى", "huda"),
            ("كريم", "karim"),
            ("سلمى", "salma"),
            ("طارق", "tariq"),
        ],
        family: &[
            ("حداد", "haddad"),
            ("المصري", "almasri"),
            ("خليل", "khalil"),
            ("منصور", "mansour"),
            ("بن علي", "benali"),
            ("نجار", "najjar"),
            ("شريف", "sharif"),
        ],
        places: &["Cairo", "Beirut", "Dubai", "Casablanca"],
        languages: &["ar", "fr", "en"],
        family_first: false,
    },
    Culture {
        given: &[
            ("Yuki", "yuki"),
            ("Haruto", "haruto"),
            ("Sakura", "sakura"),
            ("Ren", "ren"),
            ("Aoi", "aoi"),
            ("Kaito", "kaito"),
            ("Mei", "mei"),
            ("Sōta", "sota"),
        ],
        family: &[
            ("Tanaka", "tanaka"),
            ("Satō", "sato"),
            ("Kobayashi", "kobayashi"),
            ("Nakamura", "nakamura"),
            ("Fujimoto", "fujimoto"),
            ("Ōno", "ono"),
            ("Hayashi", "hayashi"),
        ],
        places: &["Tokyo", "Osaka", "Kyoto", "Fukuoka"],
        languages: &["ja", "en"],
        family_first: true,
    },
    Culture {
        given: &[
            ("Léa", "lea"),
            ("Théo", "theo"),
            ("Aïcha", "aicha"),
            ("Mathilde", "mathilde"),
            ("Bastien", "bastien"),
            ("Fatou", "fatou"),
            ("Noé", "noe"),
            ("Océane", "oceane"),
        ],
        family: &[
            ("Lefèvre", "lefevre"),
            ("Diallo", "diallo"),
            ("Moreau", "moreau"),
            ("Traoré", "traore"),
            ("Girard", "girard"),
            ("N’Diaye", "ndiaye"),
            ("Chevalier", "chevalier"),
        ],
        places: &["Paris", "Lyon", "Dakar", "Montréal", "Bruxelles"],
        languages: &["fr", "en"],
        family_first: false,
    },
    Culture {
        given: &[
            ("Oksana", "oksana"),
            ("Andrij", "andrij"),
            ("Zofia", "zofia"),
            ("Wojciech", "wojciech"),
            ("Katarína", "katarina"),
            ("Jiří", "jiri"),
            ("Milica", "milica"),
            ("Dmytro", "dmytro"),
        ],
        family: &[
            ("Kovalenko", "kovalenko"),
            ("Wiśniewska", "wisniewska"),
            ("Dvořák", "dvorak"),
            ("Petrović", "petrovic"),
            ("Nowak", "nowak"),
            ("Horváth", "horvath"),
            ("Shevchenko", "shevchenko"),
        ],
        places: &["Kyiv", "Warszawa", "Praha", "Beograd", "Budapest"],
        languages: &["uk", "pl", "cs", "sr", "en"],
        family_first: false,
    },
    Culture {
        given: &[
            ("Aroha", "aroha"),
            ("Liam", "liam"),
            ("Tāne", "tane"),
            ("Charlotte", "charlotte"),
            ("Saoirse", "saoirse"),
            ("DeShawn", "deshawn"),
            ("Maya", "maya"),
            ("Oliver", "oliver"),
        ],
        family: &[
            ("O’Sullivan", "osullivan"),
            ("Ngata", "ngata"),
            ("Washington", "washington"),
            ("Campbell", "campbell"),
            ("Begay", "begay"),
            ("Fitzgerald", "fitzgerald"),
            ("Walker", "walker"),
        ],
        places: &["Auckland", "Dublin", "Chicago", "Toronto", "Glasgow", "Atlanta"],
        languages: &["en", "ga"],
        family_first: false,
    },
    Culture {
        given: &[
            ("Minh", "minh"),
            ("Thảo", "thao"),
            ("Siti", "siti"),
            ("Budi", "budi"),
            ("Maria", "maria"),
            ("Jun", "jun"),
            ("Ploy", "ploy"),
            ("Nattapong", "nattapong"),
        ],
        family: &[
            ("Nguyễn", "nguyen"),
            ("Trần", "tran"),
            ("Wijaya", "wijaya"),
            ("Santoso", "santoso"),
            ("Reyes", "reyes"),
            ("Srisai", "srisai"),
            ("Lim", "lim"),
        ],
        places: &["Hà Nội", "Jakarta", "Manila", "Bangkok", "Kuala Lumpur"],
        languages: &["vi", "id", "fil", "th", "en"],
        family_first: false,
    },
];

/// Somebody's name, and where they live.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub name: String,
    /// The same in the letters of user names, with a dot between.
    pub slug: String,
    pub place: &'static str,
    pub languages: Vec<&'static str>,
}

/// Makes up a person.
pub(super) fn person(dice: &mut Dice) -> Identity {
    let nobody = ("Alex", "alex");
    let Some(culture) = dice.pick(CULTURES) else {
        return Identity { name: nobody.0.into(), slug: nobody.1.into(), place: "", languages: vec!["en"] };
    };
    let given = dice.pick(culture.given).copied().unwrap_or(nobody);
    let family = dice.pick(culture.family).copied().unwrap_or(nobody);
    let name = match (culture.family_first, family.0.is_ascii() || given.0.is_ascii()) {
        (true, false) => format!("{}{}", family.0, given.0),
        (true, true) => format!("{} {}", family.0, given.0),
        (false, _) => format!("{} {}", given.0, family.0),
    };
    let number = dice.between(1, 2);
    let mut languages: Vec<&'static str> = culture.languages.iter().take(1).copied().collect();
    languages.extend(dice.some(culture.languages.get(1..).unwrap_or_default(), number - 1));
    Identity { name, slug: format!("{}.{}", given.1, family.1), place: dice.word(culture.places), languages }
}
