//! Ending the mails about a topic.

pub const TITLE: &str = "End these mails";
pub const STOP: &str = "End these mails";
pub const STOPPED: &str = "These mails have ended";
pub const ALREADY: &str = "These mails have ended already";
pub const CHOOSE: &str = "Choose what comes by e-mail";
pub const GO_ON: &str = "What concerns you stays in your notifications. You can switch the mails on again in your settings.";

pub fn ask(topic: &str) -> String {
    format!("You get mails about “{topic}”. Should they end? Other mails go on, and so do your notifications here.")
}

pub fn stopped(topic: &str) -> String {
    format!("You get no more mails about “{topic}”.")
}
