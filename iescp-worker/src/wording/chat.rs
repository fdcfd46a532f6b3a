//! A letter as a message in a chat: its subject, its sentences, one link of ours.
//!
//! Chats make links, mentions and markup of what they read. So whatever is not ours is written so that it stays text: `<` and `>`
//! are replaced, and an invisible character parts what would be an address or a mention.
//!
//! **Not here**: how it travels (`crate::chat`).

use super::{Draft, House, News, notice};
use iescp_core::{outbox::Told, report::Reminder};

/// No message is longer, in characters: chats take about four thousand bytes.
const LONGEST: usize = 1200;

/// No more of what somebody said, in characters.
const LONGEST_SAID: usize = 400;

/// Stands where an address or a mention would be read; it is not seen, and no line is broken at it.
const APART: char = '\u{2060}';

/// A notification as a message; none for what has no words.
pub(crate) fn message(house: House<'_>, told: &Told) -> Option<String> {
    notice(&News::new(house, told)).map(|draft| set(house, &draft))
}

/// A daily reminder as a message.
pub(crate) fn reminder(house: House<'_>, reminder: &Reminder) -> String {
    set(house, &super::reminder::draft(house, reminder))
}

/// What a chat is told to try it.
#[must_use]
pub fn trial(site: &str) -> String {
    plain(&format!("This is a test from {site}: your notifications can be told here."))
}

fn set(house: House<'_>, draft: &Draft) -> String {
    let mut lines = vec![format!("*{}*", plain(&draft.subject).replace('*', "∗"))];
    lines.extend(draft.before.iter().map(|said| plain(&capital(said))));
    lines.extend(draft.facts.iter().map(|(label, fact)| plain(&format!("{label}: {fact}"))));
    if let Some((who, said)) = &draft.said {
        lines.push(plain(who));
        lines.extend(cut(said, LONGEST_SAID).lines().map(|line| format!("> {}", plain(line))));
    }
    lines.extend(draft.after.iter().map(|said| plain(said)));
    let text = cut(&lines.join("\n"), LONGEST);
    match &draft.action {
        Some((label, url)) => format!("{text}\n{label}: {url}"),
        None => format!("{text}\n{}", house.page("/notifications")),
    }
}

/// In a letter these sentences follow a greeting.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// A text of which a chat makes nothing but text.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut before = ' ';
    for c in crate::mail::one_line(text).chars() {
        // An address (`example.com`, `https://…`), or a mention (`@all`).
        if (c.is_alphanumeric() && matches!(before, '.' | '@')) || (c == '/' && before == ':') {
            plain.push(APART);
        }
        plain.push(match c {
            '<' => '‹',
            '>' => '›',
            '`' => '´',
            c => c,
        });
        before = c;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_makes_no_link_no_mention_and_no_line_of_its_own() {
        let nasty = "Ada <users/all> <https://evil.example|here> https://evil.example evil.example @all\r\n*Closed*";
        let plain = plain(nasty);
        for made in ["<", ">", "://", "evil.example", "@all", "\n", "\r"] {
            assert!(!plain.contains(made), "{made}: {plain}");
        }
        let seen: String = plain.chars().filter(|c| *c != APART).collect();
        assert_eq!(seen, "Ada ‹users/all› ‹https://evil.example|here› https://evil.example evil.example @all  *Closed*");
    }

    #[test]
    fn a_long_text_is_cut_and_keeps_its_end_to_press() {
        assert_eq!(cut(&"x".repeat(2000), 3), "xxx…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
