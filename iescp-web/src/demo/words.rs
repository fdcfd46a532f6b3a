//! What people write: of themselves, in briefs, in negotiations and afterwards.

use super::dice::Dice;

pub(super) fn bio(dice: &mut Dice, niches: &[&str], place: &str) -> String {
    let niche = niches.first().copied().unwrap_or("life");
    let (first, second) = (
        dice.word(&[
            "I write and film about",
            "Small films about",
            "Honest, slow reviews of all things",
            "Eight years of",
            "Every week something new on",
            "A kitchen-table show about",
        ]),
        dice.word(&[
            "No scripts, no filters.",
            "I only show what I would buy myself.",
            "Two children, one dog, many opinions.",
            "Formerly an engineer, now this.",
            "I answer every comment before noon.",
            "Ask me for my media kit.",
        ]),
    );
    format!("{first} {niche} from {place}. {second}")
}

pub(super) fn about_company(dice: &mut Dice, name: &str, good: &str) -> String {
    let (first, second) = (
        dice.word(&[
            "is a family business since 1987",
            "was founded by two friends in a garage",
            "belongs to the people who work there",
            "began as a market stall",
        ]),
        dice.word(&[
            "We would rather work with few people for long.",
            "We pay on time, always.",
            "Tell us what you really think of it.",
            "We like briefs that fit on one page.",
        ]),
    );
    format!("{name} {first} and is best known for its {good}. {second}")
}

pub(super) fn title(dice: &mut Dice, good: &str) -> String {
    let pattern = dice.word(&[
        "Launch of our new {}",
        "Thirty days with the {}",
        "Behind the {}",
        "The {}, tested",
        "Spring with the {}",
        "Back to school: {}",
        "First look: {}",
        "Why we made a {}",
    ]);
    pattern.replace("{}", good)
}

pub(super) struct Brief {
    pub goals: String,
    pub dos: &'static str,
    pub donts: &'static str,
}

pub(super) fn brief(dice: &mut Dice, company: &str, good: &str) -> Brief {
    let goals = dice.word(&[
        "People who have never heard of {company} should see the {good} in daily use and know where to try it.",
        "We want honest first impressions of our {good}: what it is good for, and what it is not.",
        "Bring visitors to our page about the {good}; we count visits, not praise.",
        "Show how the {good} is made and who makes it.",
    ]);
    Brief {
        goals: goals.replace("{company}", company).replace("{good}", good),
        dos: dice.word(&[
            "Show it in use, in daylight. Say what you think in your own words.",
            "Mention the two-year warranty. Link the page we send you.",
            "Film the unboxing in one take.",
        ]),
        donts: dice.word(&[
            "No comparisons with named competitors. No claims about health.",
            "No music that we cannot license.",
            "Please no staged surprise.",
        ]),
    }
}

pub(super) fn pitch(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "I have used your things for years and would film a week with it.",
        "My audience asks for exactly this. Two pieces, one month apart?",
        "I would start with a story and follow up with a longer piece.",
        "Happy to send figures of a similar piece from last autumn.",
    ])
}

pub(super) fn invitation(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "We like how you explain things and would love to have you with us.",
        "Your last series was the reason we wrote this brief.",
        "Would you try it for two weeks and then decide?",
        "We have followed you for a while; this fits.",
    ])
}

pub(super) fn counter(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "Closer to this, please; the edit takes two days.",
        "With usage rights for three months I could agree to this.",
        "Our budget ends here, but we can be flexible on the date.",
        "Let us meet in the middle.",
    ])
}

pub(super) fn no(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "Not the right time for us, but thank you.",
        "We have found somebody for this already.",
        "This is too far from what I usually do.",
        "I cannot make the date.",
    ])
}

pub(super) fn chat(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "Thank you! One question: is the label wanted in the picture or is the text enough?",
        "The parcel has arrived, everything is in one piece.",
        "Could we move the date by two days? The weather is against us.",
        "Here is a first cut: what do you think of the beginning?",
        "Looks wonderful. The link in the description is the old one, though.",
        "I will be travelling until Thursday and answer after that.",
        "May we show it in our shop window, too?",
        "Perfect, thank you for being so quick! 🙌",
    ])
}

pub(super) fn changes(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "The label is only visible for a second; please leave it on longer.",
        "Please swap the link, it leads to the old page.",
        "The name of the product is missing in the text.",
    ])
}

pub(super) fn stepping_down(dice: &mut Dice) -> &'static str {
    dice.word(&["I am ill and will not make it in time. I am sorry.", "My plans have changed, and I would rather say so now."])
}

pub(super) fn dispute(dice: &mut Dice, by_sponsor: bool) -> &'static str {
    if by_sponsor {
        dice.word(&[
            "The piece went offline after two hours.",
            "What was delivered is not what we agreed on: one piece is missing.",
        ])
    } else {
        dice.word(&["The product never arrived, and nobody answers.", "They ask for a third piece that was never agreed."])
    }
}

pub(super) fn ruling(dice: &mut Dice) -> &'static str {
    dice.word(&[
        "Half of the work is there and good; the share follows that.",
        "The agreement names two pieces and one was delivered.",
        "Both sides answered late; the piece is online as agreed.",
    ])
}

pub(super) fn review(dice: &mut Dice, rating: i64, of_sponsor: bool) -> &'static str {
    match (rating, of_sponsor) {
        (4.., true) => dice.word(&[
            "A clear brief, quick answers, paid the same day.",
            "Knew what they wanted and left me room.",
            "Again, any time.",
        ]),
        (4.., false) => dice.word(&[
            "On time, kind, and better than we had hoped.",
            "Our visitors doubled that week.",
            "A pleasure from the first message on.",
        ]),
        (3, _) => dice.word(&["Good in the end, but it took many messages.", "Fine. No surprises in either direction."]),
        (_, true) => dice.word(&["Wanted more than was agreed.", "Long silences, then everything at once."]),
        (_, false) => dice.word(&["Late twice, and not as discussed.", "We expected more care."]),
    }
}

pub(super) fn abuse(dice: &mut Dice) -> (&'static str, &'static str) {
    dice.pick(&[
        ("spam", "Sends the same text to everybody."),
        ("fraud", "Asks for payment outside of the platform."),
        ("impersonation", "These are somebody else's pictures."),
        ("harassment", "Keeps writing after I said no, and rudely."),
        ("other", "The numbers of followers cannot be right."),
    ])
    .copied()
    .unwrap_or(("other", "Please have a look at this."))
}
