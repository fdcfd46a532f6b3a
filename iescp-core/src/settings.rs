//! What an installation decides for itself. Shipped values are those of [`Settings::default`].

use crate::{
    Result,
    value::{day_of, end_of},
};
use iso_currency::Currency;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Where campaign money comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Funding {
    /// Sponsors pay in through a gateway; only money paid in can be promised.
    Gateway,
    /// Budgets are planned figures and the money moves elsewhere (V2's way).
    Planned,
}

/// An installation's settings. Rates may be loosened for tests; rules stay.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the platform calls itself.
    pub site_name: String,
    /// The one currency of the installation.
    pub currency: Currency,
    /// Where campaign money comes from.
    pub funding: Funding,
    /// The zone that days and months are counted in.
    pub time_zone: TimeZone,
    /// How the work of hashing passwords is bounded, and how hard it is.
    pub passwords: Passwords,
    /// How long sessions last.
    pub sessions: Sessions,
    /// How long negotiations and reviews may take.
    pub timers: Timers,
    /// How often things may be done.
    pub caps: Caps,
}

/// Argon2id's parameters (RFC 9106) and the bound on parallel hashing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passwords {
    /// Memory, in KiB. OWASP's minimum is 19 MiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// How many hashes are computed at once; others wait.
    pub at_once: usize,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// Without use.
    pub idle: SignedDuration,
    /// At the longest.
    pub absolute: SignedDuration,
    /// At the longest when the person asked to be remembered; also of a refresh token.
    pub remembered: SignedDuration,
    /// An admin's, without use.
    pub admin_idle: SignedDuration,
    /// An admin's, at the longest.
    pub admin_absolute: SignedDuration,
    /// How long ago the password may have been given for dangerous acts.
    pub fresh: SignedDuration,
    /// How long a password-reset or e-mail link lasts.
    pub link: SignedDuration,
}

/// How long things may take. Those of a collaboration are frozen in its agreement.
#[derive(Clone, Copy, Debug)]
pub struct Timers {
    /// An offer that nobody answers.
    pub offer: SignedDuration,
    /// A sponsor's review of submitted work, from the delivery of the notice.
    pub review: SignedDuration,
    /// What is left for a review after the platform itself was down.
    pub review_after_downtime: SignedDuration,
    /// How often a sponsor may ask for changes.
    pub rounds: u32,
    /// At least so long to make the changes.
    pub rework: SignedDuration,
    /// Overdue for so long with nothing submitted: the sponsor may cancel.
    pub overdue_sponsor: SignedDuration,
    /// Overdue for so long with nothing submitted: the platform cancels.
    pub overdue_system: SignedDuration,
    /// A dispute that nobody decides.
    pub dispute: SignedDuration,
    /// A proposal to split that nobody answers.
    pub split: SignedDuration,
    /// For leaving a review of the other party after the end.
    pub reviews: SignedDuration,
    /// Before the same side may ask again after a rejection or withdrawal.
    pub ask_again: SignedDuration,
    /// An influencer who was not seen for so long is reminded.
    pub away: SignedDuration,
    /// How long the answer to an idempotent request is remembered.
    pub remembered: SignedDuration,
}

/// How often things may be done, per account and day unless said otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Applications and invitations.
    pub requests: u32,
    /// Messages.
    pub messages: u32,
    /// New threads a sponsor opens with influencers who never dealt with them.
    pub new_threads: u32,
    /// Abuse reports.
    pub abuse_reports: u32,
    /// Bytes of pictures, in all their sizes, that an account may have at any time.
    pub picture_bytes: i64,
    /// Password checks for one account, within a day.
    pub password_checks: u32,
    /// Password checks from one network (/24 or /64), within a quarter of an hour.
    pub password_checks_from: u32,
    /// Registrations from one network, within an hour.
    pub registrations_from: u32,
    /// Letters (verification, reset) to one address, within an hour.
    pub letters_to: u32,
    /// Requests for such letters from one network, within an hour.
    pub letters_from: u32,
    /// Mails to one address, within an hour; what is more waits. Those that keep an account safe or were asked for do not.
    pub mails_to: u32,
}

impl Settings {
    /// The day it is at a moment, where this installation is.
    #[must_use]
    pub fn day_of(&self, moment: Timestamp) -> Date {
        day_of(moment, &self.time_zone)
    }

    /// The moment a day is over, where this installation is.
    ///
    /// # Errors
    /// If the day is beyond what calendars reach.
    pub fn end_of(&self, day: Date) -> Result<Timestamp> {
        end_of(day, &self.time_zone)
    }
}

impl Default for Settings {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self {
            site_name: "IESCP".to_owned(),
            currency: Currency::USD,
            funding: Funding::Gateway,
            time_zone: TimeZone::UTC,
            passwords: Passwords { memory_kib: 19 * 1024, passes: 2, lanes: 1, at_once: 2 },
            sessions: Sessions {
                idle: SignedDuration::from_hours(8),
                absolute: days(14),
                remembered: days(30),
                admin_idle: SignedDuration::from_mins(30),
                admin_absolute: SignedDuration::from_hours(12),
                fresh: SignedDuration::from_mins(10),
                link: SignedDuration::from_mins(60),
            },
            timers: Timers {
                offer: days(7),
                review: SignedDuration::from_hours(72),
                review_after_downtime: SignedDuration::from_hours(24),
                rounds: 3,
                rework: days(5),
                overdue_sponsor: days(7),
                overdue_system: days(30),
                dispute: days(30),
                split: days(7),
                reviews: days(14),
                ask_again: days(7),
                away: days(14),
                remembered: days(1),
            },
            caps: Caps {
                requests: 50,
                messages: 500,
                new_threads: 30,
                abuse_reports: 20,
                picture_bytes: 50_000_000,
                password_checks: 100,
                password_checks_from: 30,
                registrations_from: 10,
                letters_to: 3,
                letters_from: 30,
                mails_to: 30,
            },
        }
    }
}
