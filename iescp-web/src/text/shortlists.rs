//! Shortlists.

use crate::text::plural;

pub const TITLE: &str = "Shortlists";
pub const TOLD: &str = "Creators you want to remember, with notes that only you read.";
pub const NAME: &str = "Name of a new list";
pub const MAKE: &str = "Make the list";
pub const MAKE_AND_ADD: &str = "Make the list and add";
pub const MADE: &str = "The list is there.";
pub const EMPTY: &str = "No shortlists yet";
pub const EMPTY_TOLD: &str =
    "Keep the creators you like together: one list for a season, a product, an idea. Make one below, or start by looking around.";
pub const FIND: &str = "Find creators";
pub const NONE_ON: &str = "Nobody is on this list yet";
pub const NONE_ON_TOLD: &str = "Look around and add the creators you like. Nobody learns that they are on a list of yours.";
pub const RENAME: &str = "Rename";
pub const NEW_NAME: &str = "New name";
pub const SAVE: &str = "Save";
pub const RENAMED: &str = "The list has a new name.";
pub const REMOVE: &str = "Delete the list";
pub const REMOVE_TOLD: &str = "The list and all its notes are gone for good. The creators themselves do not notice.";
pub const REMOVE_YES: &str = "Yes, delete it";
pub const KEEP: &str = "No, keep it";
pub const REMOVED: &str = "The list is gone.";
pub const NOTE: &str = "Your note";
pub const NOTE_HINT: &str = "Only you read it.";
pub const NOTED: &str = "Your note is saved.";
pub const ADD: &str = "Add";
pub const ADDED: &str = "Added to the list.";
pub const BACK: &str = "Back to the profile";
pub const ON_IT: &str = "On this list";
pub const DROP: &str = "Take off the list";
pub const DROPPED: &str = "Taken off the list.";
pub const UNDO: &str = "Undo";
pub const PUT_BACK: &str = "Back on the list.";
pub const GONE: &str = "This profile is no longer here";
pub const GONE_TOLD: &str = "The account was closed or is suspended.";
pub const INVITE: &str = "Invite";
pub const ADDED_ON: &str = "Added";
pub const YOUR_LISTS: &str = "Your lists";

pub fn people(number: u32) -> String {
    plural(i64::from(number), ("creator", "creators"))
}

pub fn add_title(name: &str) -> String {
    format!("Add {name} to a shortlist")
}

pub fn added(list: &str) -> String {
    format!("Added to “{list}”.")
}

pub fn remove_ask(name: &str) -> String {
    format!("Delete “{name}”?")
}

pub fn note_for(name: &str) -> String {
    format!("Your note on {name}")
}
