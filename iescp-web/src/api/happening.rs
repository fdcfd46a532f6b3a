//! What happened, in the words of the API: for live events and the audit trail alike.

use iescp_core::policy::Action;
use poem_openapi::Object;
use uuid::Uuid;

/// Something that is spoken of.
#[derive(Object, Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    /// The kind of thing, such as `campaign`.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
}

impl From<iescp_core::event::Thing> for Thing {
    fn from(thing: iescp_core::event::Thing) -> Self {
        Self { kind: thing.kind, id: thing.id }
    }
}

/// The word for what was done: `accept_offer`.
pub(super) fn word_of(action: Action) -> String {
    action.name().char_indices().fold(String::new(), |mut word, (at, letter)| {
        if at > 0 && letter.is_ascii_uppercase() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
        word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_told_in_lower_case_words() {
        assert_eq!(word_of(Action::AcceptOffer), "accept_offer");
        assert_eq!(word_of(Action::Register), "register");
        for action in Action::ALL {
            assert!(word_of(*action).bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        }
    }
}
