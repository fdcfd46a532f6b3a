//! Error pages.

pub const UNREADABLE_FORM: &str = "This form cannot be read.";
pub const SIGN_IN_FIRST: &str = "Please sign in first.";
pub const NOT_THERE: &str = "There is nothing here";
pub const NOT_THERE_TOLD: &str = "The address may be mistyped, or it leads to something that only others may see. What you were looking for may be one of these:";
pub const NOT_YOURS: &str = "This is not yours to do";
pub const NOT_NOW: &str = "This cannot be done now";
pub const TOO_OFTEN: &str = "One moment, please";
pub const OUR_FAULT: &str = "Something went wrong on our side";
pub const OUR_FAULT_TOLD: &str = "Nothing you did was wrong, and nothing was changed unless you were told so. Please try again in a moment; if it happens again, tell the people who run this platform the number below.";
pub const AWAY: &str = "We are back in a moment";
pub const REQUEST: &str = "Request";
pub const TRY_AGAIN: &str = "Try again";
pub const START: &str = "Start page";
