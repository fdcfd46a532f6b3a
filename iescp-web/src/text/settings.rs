//! One's own settings.

pub const TABS: &str = "Settings";
pub const PROFILE: &str = "Profile";
pub const SECURITY: &str = "Security";
pub const SESSIONS: &str = "Sessions";
pub const TOKENS: &str = "API tokens";
pub const NOTICES: &str = "E-mails and chat";
pub const BLOCKS: &str = "Blocked accounts";
pub const DATA: &str = "Your data";
pub const CLOSE: &str = "Close account";
pub const BLOCKS_TAB: &str = "Blocked";
pub const CLOSE_TAB: &str = "Close";
pub const SAVE: &str = "Save";
pub const SAVED: &str = "Saved.";

pub const PROFILE_TOLD: &str = "This is what others see of you.";
pub const SEE_PROFILE: &str = "See it as others do";
pub const ADMIN_TOLD: &str = "Admins have no public profile.";
pub const DISPLAY_NAME: &str = "Name";
pub const DISPLAY_NAME_HINT: &str = "As sponsors know you.";
pub const BIO: &str = "About you";
pub const BIO_HINT: &str = "What you publish, for whom, and what sponsors can expect.";
pub const LOCATION: &str = "Where you live or work";
pub const LANGUAGES: &str = "Languages you publish in";
pub const NICHES: &str = "What you publish about";
pub const NICHES_HINT: &str = "One to five. Sponsors search by them.";
pub const CHANNELS: &str = "Channels";
pub const CHANNELS_TOLD: &str = "Where you publish. Sponsors find you by your channels and their followers.";
pub const PLATFORM: &str = "Platform";
pub const HANDLE: &str = "Name there";
pub const URL: &str = "Address";
pub const FOLLOWERS: &str = "Followers";
pub const ENGAGEMENT: &str = "Engagement in per cent";
pub const ADD_CHANNEL: &str = "Add another channel";
pub const REMOVE_CHANNEL: &str = "Remove this channel";
pub const RATES: &str = "What you usually ask";
pub const RATES_TOLD: &str = "For one piece. Leave empty what you do not offer; every offer is still negotiated.";
pub const COMPANY: &str = "Company or name";
pub const COMPANY_HINT: &str = "If this or the website changes, an admin has to check the company anew.";
pub const INDUSTRY: &str = "Industry";
pub const WEBSITE: &str = "Website";
pub const DESCRIPTION: &str = "About the company";
pub const DESCRIPTION_HINT: &str = "What you make, for whom, and what it is like to work with you.";
pub const INCOMPLETE: &str =
    "Sponsors look for people by topic and by channel: choose what you publish about, and add the channel you publish on.";

pub const USERNAME: &str = "User name";
pub const ROLE: &str = "Role";
pub const MEMBER_SINCE: &str = "Here since";
pub const EMAIL: &str = "E-mail address";
pub const PROVEN: &str = "Proven";
pub const UNPROVEN: &str = "Not proven";
pub const UNPROVEN_TOLD: &str =
    "Open the link that we sent there. Until then no other mails go to this address, and you cannot reset your password.";
pub const RESEND: &str = "Send the link again";
pub const RESENT: &str = "A new link is on its way. The one before it no longer works.";
pub const CHANGE_EMAIL: &str = "Change the address";
pub const NEW_EMAIL: &str = "New e-mail address";
pub const NEW_EMAIL_HINT: &str = "We send a link there. The old address stays until you open it.";
pub const EMAIL_ASKED: &str = "Look into the mail of the new address: the link there makes it yours.";
pub const PASSWORD: &str = "Password";
pub const CURRENT_PASSWORD: &str = "Present password";
pub const CHANGE_PASSWORD: &str = "Change the password";
pub const PASSWORD_TOLD: &str = "All other devices are signed out when you change it.";
pub const PASSWORD_CHANGED: &str = "Your password is changed, and all other devices are signed out.";

pub const FACTOR: &str = "Second factor";
pub const FACTOR_OFF: &str =
    "With a second factor nobody signs in with your password alone: an authenticator on your phone shows a code that changes.";
pub const FACTOR_ON: &str = "Signing in asks for a code of your authenticator.";
pub const ENROL: &str = "Set up a second factor";
pub const ENROL_TOLD: &str = "Scan the picture with your authenticator, or type the key. Then give us the code it shows.";
pub const ENROL_AGAIN: &str = "Give us the code that your authenticator shows now, or start again.";
pub const QR: &str = "The key of your second factor as a picture to scan";
pub const KEY: &str = "Key";
pub const OPEN_AUTHENTICATOR: &str = "Open in an authenticator on this device";
pub const CODE: &str = "Code";
pub const CODE_HINT: &str = "Six digits.";
pub const CONFIRM: &str = "Turn it on";
pub const START_AGAIN: &str = "Start again";
pub const RECOVERY: &str = "Your recovery codes";
pub const RECOVERY_TOLD: &str = "The second factor is on. Each of these codes works once in its place, if your phone is lost. Print or write them down now: they are shown this once.";
pub const RECOVERY_DONE: &str = "I have kept them";
pub const PRINT: &str = "Print";
pub const DISABLE: &str = "Turn it off";
pub const DISABLE_HINT: &str = "A code that it shows now, or a recovery code.";
pub const DISABLED: &str = "The second factor is off.";

pub const AGAIN: &str = "Is it you?";
pub const AGAIN_TOLD: &str = "This needs your password once more. Then it goes on.";
pub const GO_ON: &str = "Go on";

pub const SESSIONS_TOLD: &str = "Where you are signed in. End what you do not know, and change your password then.";
pub const THIS_SESSION: &str = "This device";
pub const PROGRAM: &str = "A program";
pub const UNKNOWN_CLIENT: &str = "Unknown client";
pub const END: &str = "End";
pub const END_OTHERS: &str = "End all others";
pub const ENDED: &str = "That session is over.";
pub const SEEN: &str = "last seen";
pub const SIGNED_IN: &str = "signed in";

pub const TOKENS_TOLD: &str = "For your own programs. A token acts as you, except for what needs your password.";
pub const NO_TOKENS: &str = "No tokens yet";
pub const NO_TOKENS_TOLD: &str =
    "With a token a program of yours can use the API: read your figures, answer requests, send results.";
pub const MAKE_TOKEN: &str = "Make a token";
pub const TOKEN_NAME: &str = "Name";
pub const TOKEN_NAME_HINT: &str = "What it is for, so that you know it again.";
pub const SCOPE: &str = "What it may do";
pub const READ: &str = "Only look";
pub const READ_TOLD: &str = "It can read what you can read.";
pub const WRITE: &str = "Act for you";
pub const WRITE_TOLD: &str = "Also offers, messages and work.";
pub const LASTS: &str = "Lasts";
pub const LASTS_DAYS: [(&str, &str); 4] = [("7", "a week"), ("30", "30 days"), ("90", "90 days"), ("365", "a year")];
pub const TOKEN_MADE: &str = "Your token";
pub const TOKEN_MADE_TOLD: &str =
    "Copy it now: it is shown this once. It goes into the header Authorization, behind the word Bearer.";
pub const TOKEN_KEPT: &str = "I have copied it";
pub const REVOKE: &str = "Revoke";
pub const REVOKE_ALL: &str = "Revoke all";
pub const REVOKED: &str = "Revoked: it is worth nothing from now on.";
pub const NEVER_USED: &str = "never used";
pub const USED: &str = "last used";
pub const UNTIL: &str = "until";

pub const NOTICES_TOLD: &str = "Everything that concerns you is in your notifications. Choose what also comes by e-mail.";
pub const BY_MAIL: &str = "By e-mail";
pub const ALWAYS: &str = "Always on: they keep your account safe.";

pub const CHAT: &str = "In your chat";
pub const CHAT_TOLD: &str = "The same can also be told in a chat of yours, such as a Google Chat space. Make an incoming webhook there and give its address here.";
pub const CHAT_ADDRESS: &str = "Address of the webhook";
pub const CHAT_NEW_ADDRESS: &str = "Another address";
pub const CHAT_ADDRESS_HINT: &str =
    "It begins with https://. Whoever knows it can write into your chat, so it is shown to nobody from now on, not even to you.";
pub const CHAT_ON: &str = "Also tell it in my chat";
pub const CHAT_SERVER: &str = "Chat at";
pub const CHAT_GIVEN: &str = "Address given";
pub const CHAT_STATE: &str = "State";
pub const CHAT_IS_ON: &str = "On";
pub const CHAT_IS_OFF: &str = "Off";
pub const CHAT_TEST: &str = "Send a test message";
pub const CHAT_TESTED: &str = "Your chat took the message.";
pub const CHAT_REMOVE: &str = "Forget the address";
pub const CHAT_REMOVED: &str = "Your chat is forgotten.";

pub const DATA_TOLD: &str = "Everything we hold about you, as one archive: each part as JSON and as a spreadsheet.";
pub const DATA_HOLDS: &str = "What is in it";
pub const DATA_HOLDS_LIST: [&str; 4] = [
    "Your account, profile, choices, sessions and tokens.",
    "Campaigns, requests, offers, agreements, work, reviews and disputes that you are a party to.",
    "Messages you wrote and got, and your notifications.",
    "Every movement of your money, and what the audit trail says you did, from where.",
];
pub const DATA_NOT: &str = "What is not";
pub const DATA_NOT_LIST: [&str; 3] = [
    "Passwords, codes and keys: we hold only what they are checked by.",
    "What others have not published yet.",
    "Pictures: you see them on your pages.",
];
pub const DATA_MAKE: &str = "Make the archive";

pub const BLOCKS_TOLD: &str = "No messages, invitations or applications between you and these accounts.";
pub const NO_BLOCKS: &str = "You have blocked nobody";
pub const NO_BLOCKS_TOLD: &str = "If somebody does not leave you alone, block them from your messages with them.";
pub const UNBLOCK: &str = "Unblock";
pub const UNBLOCKED: &str = "Unblocked.";
pub const SINCE: &str = "since";

pub const CLOSE_TOLD: &str = "This cannot be undone.";
pub const CLOSE_GOES: &str = "What goes";
pub const CLOSE_GOES_LIST: [&str; 5] = [
    "Your password, second factor, sessions and tokens.",
    "Your name, your profile and your picture: others see “Closed account”.",
    "Your user name and e-mail address: others can use them again.",
    "Your notifications, lists, blocks, files and reports, and your place on other people's lists.",
    "From where you signed in and acted.",
];
pub const CLOSE_STAYS: &str = "What stays";
pub const CLOSE_STAYS_LIST: [&str; 4] = [
    "Agreements, with the names that were typed under them: they are contracts of two.",
    "Messages and reviews you wrote, for those who got them.",
    "Campaigns, requests and work, for the other side of each.",
    "The record of payments and the audit trail.",
];
pub const CLOSE_DATA_FIRST: &str = "Take your data with you first";
pub const CLOSE_IN_THE_WAY: &str = "This stands in the way";
pub const CONFIRM_CLOSE: &str = "Close my account for good";
pub const WRONG_NAME: &str = "This is not your user name.";
pub const CLOSED: &str = "Your account is closed. Farewell.";

pub fn channel(number: usize) -> String {
    format!("Channel {number}")
}

pub fn type_name(username: &str) -> String {
    format!("Type your user name, {username}, to confirm")
}

pub fn new_email_waits(email: &str) -> String {
    format!("{email} replaces it once the link sent there is opened.")
}

pub fn recovery_left(number: i64) -> String {
    format!("{} left.", super::plural(number, ("recovery code is", "recovery codes are")))
}

pub fn chat_trouble(on: bool, times: i64) -> String {
    let times = super::plural(times, ("message", "messages"));
    match on {
        true => format!("Your chat did not take the last {times}. We go on trying."),
        false => format!(
            "Your chat did not take the last {times}, so nothing is sent there any more. Switch it on again once that is mended."
        ),
    }
}

pub fn others_ended(number: i64) -> String {
    if number == 0 {
        "There were no others.".to_owned()
    } else {
        format!("{} ended.", super::plural(number, ("session", "sessions")))
    }
}
