//! A made-up market, for trying things out: people and companies of several cultures, campaigns, negotiations and collaborations
//! in every state, with half a year of history.
//!
//! Everything is done through the platform's own operations, by a clock that is led through the past; so all rules hold in it,
//! and `check` finds nothing. The same seed makes the same people, texts, amounts and states; ids and moments differ.
//!
//! `story` decides what happens, `deal` what becomes of a negotiation, `play` does it; `names`, `companies` and `words` are what
//! they are called and what they write, `pictures` how the first of them look.
//!
//! Not here: the mark that a store is made up (`iescp_core::demo`), the command (`cli/demo.rs`).

mod companies;
mod deal;
mod dice;
mod names;
mod pictures;
mod play;
mod story;
mod words;

use crate::admin_socket::Tell;
use crate::settings::Settings;
use iescp_core::demo::{BeginDemo, FinishDemo, ViewDemo};
use iescp_core::settings::Passwords;
use iescp_core::{Actor, Clock, InstallationSecret, ManualClock, Platform, Secret, SystemClock};
use iescp_worker::installation::Installation;
use jiff::SignedDuration;
use play::Stage;
use story::Story;

/// How large a market is made up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// People who publish.
    pub influencers: usize,
    /// Companies.
    pub sponsors: usize,
    /// Campaigns.
    pub campaigns: usize,
    /// What all of it is made from.
    pub seed: u64,
}

impl Size {
    /// Large enough to look around in, and there within seconds.
    pub const SMALL: Self = Self { influencers: 60, sponsors: 12, campaigns: 32, seed: 1 };
}

/// An account that a visitor can sign in with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignIn {
    /// Its user name, which says its role.
    pub username: &'static str,
    /// Its password, and that of every made-up account.
    pub password: Secret,
}

/// The three accounts that visitors sign in with. Their password is derived from the installation's own secret: there is none
/// that fits everywhere (S-06), and it can be told again at each start.
#[must_use]
pub fn sign_ins(secret: &InstallationSecret) -> [SignIn; 3] {
    let password = password(secret);
    ["admin", "sponsor", "influencer"].map(|username| SignIn { username, password: password.clone() })
}

/// Twenty letters and digits in groups. No vowels, so that no name can stand in it.
fn password(secret: &InstallationSecret) -> Secret {
    const LETTERS: &[u8] = b"bcdfghjkmnpqrstvwxyz23456789";
    let token = secret.token("demo-password", "");
    let letters = token.bytes().take(20).filter_map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()));
    let letters: Vec<char> = letters.map(|letter| char::from(*letter)).collect();
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join("-").into()
}

/// Fills an empty store.
///
/// # Errors
/// A sentence: the store is not empty, or something in it failed.
pub async fn fill(installation: &Installation, settings: &Settings, size: &Size, tell: Tell<'_>) -> Result<(), String> {
    let now = SystemClock.now();
    let clock = ManualClock::at(now);
    let domain = iescp_core::Settings {
        // Nobody can guess this password, and it is hashed as it should be when somebody signs in.
        passwords: Passwords { memory_kib: 8, passes: 1, lanes: 1, at_once: 16 },
        ..Settings { demo: true, ..settings.clone() }.of_the_platform()
    };
    // The led clock leaps, which is not downtime: nobody was waiting.
    let timers = iescp_core::settings::Timers { review_after_downtime: SignedDuration::ZERO, ..domain.timers };
    let platform = Platform::over(installation.platform.store().clone())
        .blobs(installation.platform.blobs().clone())
        .clock(clock.clone())
        .settings(iescp_core::Settings { timers, ..domain })
        .secret(installation.secret())
        .open()
        .map_err(|e| e.to_string())?;
    let terminal = Actor::terminal();
    platform.run(&terminal, BeginDemo { seed: size.seed }).await.map_err(|e| e.to_string())?;
    let story = Story::tell(size);
    let stage = Stage::new(&platform, &clock, &story, now, password(&installation.secret()));
    stage.play(tell).await?;
    platform.run(&terminal, FinishDemo).await.map_err(|e| e.to_string())
}

/// Whether a store holds a whole demonstration; refuses one that was left half-made.
///
/// # Errors
/// A sentence, when it broke off or the store fails.
pub async fn is_filled(platform: &Platform) -> Result<bool, String> {
    let demo = platform.run(&Actor::terminal(), ViewDemo).await.map_err(|e| e.to_string())?;
    match demo {
        None => Ok(false),
        Some(demo) if demo.finished_at.is_some() => Ok(true),
        Some(_) => Err("filling this store with a demonstration broke off half-way; remove the store and begin again".to_owned()),
    }
}
