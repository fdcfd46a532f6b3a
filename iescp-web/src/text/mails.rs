//! The mails that an installation keeps because it has no server for them.

use iescp_worker::Destination;

pub const TITLE: &str = "Mails";
pub const NONE: &str = "No mail was written yet";
pub const NONE_TOLD: &str = "What concerns people is written to them by mail, too: it appears here the moment it is.";
pub const ON_THEIR_WAY: &str = "Mails are on their way";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const AT: &str = "Written";
pub const AS_TEXT: &str = "As plain text";
pub const AS_SET: &str = "The mail, as it looks";
pub const LINKS: &str = "Where it leads";
pub const VEILED: &str =
    "What opens the account of whom it was written to is left out here: nobody acts for others, administrators neither.";
pub const UNNAMED: &str = "(without a subject)";

/// What is said above the list.
pub fn told(mails: &Destination) -> &'static str {
    match mails {
        Destination::Folder(_) => {
            "No mail server is set, so nobody gets these: they are written into the folder “mail” in the store's directory."
        }
        Destination::Shared(_) => "No mail server is set, so nobody gets these: the latest thousand are kept in the database.",
        Destination::Memory(_) => "No mail server is set, so nobody gets these: they are kept until the platform stops.",
        Destination::Server(_) | Destination::Elsewhere => "What people are written.",
    }
}

/// Where mails go that are not kept.
pub fn gone(mails: &Destination) -> String {
    match mails {
        Destination::Server(server) => {
            format!(
                "They leave by {server}, and are not kept here. What could not be sent waits in the queue and is tried again."
            )
        }
        _ => "Another process sends them, if one does; this one only serves pages.".to_owned(),
    }
}

/// How many of them are shown.
pub fn shown(shown: usize, kept: usize) -> String {
    if shown < kept { format!("The latest {shown} of {kept}.") } else { String::new() }
}
