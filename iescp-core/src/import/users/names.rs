//! User names: as they were where that can be, and unlike each other without regard to case.

use super::super::{
    Planner,
    cell::{Changes, quoted, text},
    ids::RowName,
    source::Fielded,
};
use crate::value::{Username, fold};

/// The longest user name.
const LONGEST: usize = 32;
/// How many endings are tried in order before one is taken that nobody else can have.
const ENDINGS: u32 = 50;

impl Planner<'_> {
    /// The user name of a row: its own, with what no user name has replaced, and with a number behind it if somebody has it.
    pub(super) fn username(&mut self, changes: &mut Changes, row: &Fielded<'_>, name: &RowName) -> Username {
        let cell = row.get("username");
        let said = text(cell).or_else(|| text(row.get("email"))).unwrap_or_default();
        let said = said.split('@').find(|part| !part.trim().is_empty()).unwrap_or_default().trim().to_owned();
        let wanted = spelled(&said).unwrap_or_else(|| format!("user-{}", name.legacy.unsigned_abs()));
        let username = self.free(&wanted, name);
        if text(cell).as_deref().map(str::trim) != Some(&*username) {
            changes.note(format!("user name {} became “{username}”", quoted(cell)));
        }
        self.usernames.insert(username.folded());
        username
    }

    fn free(&self, wanted: &str, name: &RowName) -> Username {
        let taken = |username: &Username| {
            let folded = username.folded();
            self.present.usernames.contains(&folded) || self.usernames.contains(&folded)
        };
        let with = |ending: &str| {
            let begin: String = wanted.chars().take(LONGEST - ending.len().min(LONGEST - 3)).collect();
            Username::parse(&format!("{begin}{ending}")).ok()
        };
        let endings = std::iter::once(String::new()).chain((2..ENDINGS).map(|number| format!("-{number}")));
        let last = [format!("-{}", name.legacy.unsigned_abs()), format!("-v2-{}", name.legacy.unsigned_abs())];
        let mut spellings = endings.chain(last).filter_map(|ending| with(&ending));
        spellings.find(|username| !taken(username)).unwrap_or_default()
    }
}

/// A name with nothing but what user names have; nothing if nothing is left.
fn spelled(said: &str) -> Option<String> {
    let mut spelled = String::new();
    for c in fold(said).chars().zip(said.chars().map(Some).chain(std::iter::repeat(None))).map(|(folded, own)| {
        // As it was typed, where that can be.
        own.filter(|own| own.is_ascii_alphanumeric() && own.eq_ignore_ascii_case(&folded)).unwrap_or(folded)
    }) {
        match c {
            c if c.is_ascii_alphanumeric() || "._-".contains(c) => spelled.push(c),
            _ if spelled.ends_with(['.', '_', '-']) => {}
            _ => spelled.push('.'),
        }
    }
    let trimmed = spelled.trim_matches(['.', '_', '-']);
    let short: String = trimmed.chars().take(LONGEST).collect();
    match short.len() {
        0 => None,
        1 | 2 => Some(format!("{short}-user")),
        _ => Some(short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_keeps_what_it_can() {
        for (said, name) in [
            ("lena_k", Some("lena_k")),
            ("Lena K.", Some("Lena.K")),
            ("Émile Zola", Some("emile.Zola")),
            ("李", None),
            ("al", Some("al-user")),
            ("<script>", Some("script")),
            ("", None),
            ("___", None),
        ] {
            assert_eq!(spelled(said).as_deref(), name, "{said}");
        }
        let long = spelled(&"x".repeat(300)).unwrap();
        assert_eq!(long.len(), LONGEST);
        assert!(Username::parse(&long).is_ok());
    }
}
