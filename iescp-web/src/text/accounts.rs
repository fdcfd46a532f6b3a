//! Registering, signing in, passwords, the first admin.

pub const SIGN_IN: &str = "Sign in";
pub const LOGIN: &str = "User name or e-mail address";
pub const PASSWORD: &str = "Password";
pub const REMEMBER: &str = "Keep me signed in on this device";
pub const CODE: &str = "Code of your second factor";
pub const CODE_HINT: &str = "Six digits from your authenticator, or one of your recovery codes.";
pub const FORGOT: &str = "I forgot my password";
pub const NEW_HERE: &str = "New here?";
pub const KNOWN_HERE: &str = "Have an account already?";
pub const NOT_TOGETHER: &str = "This user name and password do not belong together, or the account cannot sign in.";
pub const AGAIN: &str = "Your session has ended. Sign in again: what you were sending is kept.";
pub const KEPT_TITLE: &str = "Welcome back";
pub const KEPT: &str = "What you were sending when your session ended is still here. Send it now, or leave it.";
pub const SEND_KEPT: &str = "Send it now";
pub const LEAVE_KEPT: &str = "Leave it";
pub const SIGNED_OUT: &str = "You have signed out.";
pub const SIGN_OUT: &str = "Sign out";
pub const SIGN_OUT_ASK: &str = "Do you want to sign out on this device?";

pub const REGISTER: &str = "Create your account";
pub const ROLE: &str = "What brings you here?";
pub const AS_INFLUENCER: &str = "I create";
pub const AS_INFLUENCER_TOLD: &str = "You publish for an audience and work with sponsors. You can start at once.";
pub const AS_SPONSOR: &str = "I sponsor";
pub const AS_SPONSOR_TOLD: &str =
    "You run campaigns. An admin looks at new sponsors first; meanwhile you can prepare everything.";
pub const USERNAME: &str = "User name";
pub const USERNAME_HINT: &str = "3 to 32 letters, digits, dots, dashes or underscores.";
pub const EMAIL: &str = "E-mail address";
pub const EMAIL_HINT: &str = "We send you a link to prove that it is yours.";
pub const DISPLAY_NAME: &str = "The name that sponsors see";
pub const COMPANY: &str = "The name of your company";
pub const NEW_PASSWORD: &str = "New password";
pub const SEND_REGISTER: &str = "Create the account";
pub const REGISTERED: &str = "Welcome! Your account is there. We have sent you a link to prove your e-mail address.";

pub const FORGOTTEN: &str = "Forgot your password?";
pub const FORGOTTEN_TOLD: &str = "Tell us your e-mail address. If an account has it, a link for a new password is on its way.";
pub const SEND_LINK: &str = "Send me a link";
pub const LINK_SENT: &str = "Look into your mail";
pub const LINK_SENT_TOLD: &str =
    "If an account has this address, a link for a new password is on its way. It works once, within an hour.";
pub const RESET: &str = "Choose a new password";
pub const SEND_RESET: &str = "Save the password";
pub const RESET_DONE: &str = "Your password is changed, and all other devices are signed out. Sign in with the new one.";
pub const LINK_OVER: &str = "This link has been used or is too old. Ask for another one.";
pub const VERIFY: &str = "Prove your e-mail address";
pub const VERIFY_TOLD: &str = "One more click, so that no machine that only follows links does it for you.";
pub const SEND_VERIFY: &str = "Yes, this address is mine";
pub const VERIFIED: &str = "Thank you: your e-mail address is proven.";

pub const SET_UP_TOLD: &str =
    "Make the first admin. The link that brought you here works once, within an hour of the server's start.";
pub const SEND_SET_UP: &str = "Make the admin";
pub const SET_UP_LINK: &str =
    "This link opens nothing any more. Start the server again for a new one, or use “iescp-web admin create”.";
pub const SET_UP_DONE: &str = "You are the first admin. Sign in, and the platform is yours.";

pub fn set_up(site: &str) -> String {
    format!("Set up {site}")
}

pub fn password_hint(shortest: usize) -> String {
    format!("At least {shortest} characters. Several unrelated words make a good one.")
}
