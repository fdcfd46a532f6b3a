//! What the measures share: a market in a store, the server as a child process, and ways to run many at once.

pub mod counted;
pub mod load;
pub mod program;
pub mod share;

use iescp_core::{
    Actor, Platform, Result, Settings,
    account::{AdminInput, CreateAdmin, EditOwnAccount, Register, RegisterInput},
    campaign::{CampaignChanges, CampaignInput, DraftCampaign, PublishCampaign},
    id::{AccountId, CampaignId},
    moderation::accounts::ApproveSponsor,
    settings::{Funding, Passwords},
    store::Store,
};
use serde_json::json;
use std::{future::Future, sync::Arc, time::Duration};

/// Words that make a password long enough and no dictionary's.
pub const PASSWORD: &str = "nine loud herons over a wet meadow";

/// How many of something are measured: as many as the command line says (`-- 100`), or the usual number.
#[must_use]
pub fn many(usual: usize) -> usize {
    std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(usual)
}

/// A platform over a store, with planned budgets and quick hashing: what is measured is not Argon2.
///
/// # Errors
/// If the platform cannot be opened.
pub fn platform(store: Arc<dyn Store>) -> Result<Platform> {
    let passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 };
    let mut settings = Settings { funding: Funding::Planned, passwords, ..Settings::default() };
    settings.caps.messages = u32::MAX;
    Platform::over(store).settings(settings).open()
}

/// An account in a role; a sponsor is approved by `admin`.
///
/// # Errors
/// If the platform refuses.
pub async fn account(platform: &Platform, admin: AccountId, role: &str, name: &str) -> Result<AccountId> {
    let input = RegisterInput {
        role: role.into(),
        username: name.into(),
        email: format!("{name}@example.com"),
        password: PASSWORD.into(),
        company: (role == "sponsor").then(|| format!("{name} & Co")),
        display_name: None,
    };
    let account = platform.run(&Actor::visitor(), Register::new(input)).await?.account;
    if role == "sponsor" {
        platform.run(&Actor::account(admin), ApproveSponsor { account }).await?;
    } else {
        let profile = json!({
            "display_name": format!("Name {name}"),
            "niches": ["travel"],
            "channels": [{ "platform": "instagram", "handle": name, "followers": 12_000 }],
        });
        let patch = profile.as_object().cloned().unwrap_or_default();
        platform.run(&Actor::account(account), EditOwnAccount { patch, version: None }).await?;
    }
    Ok(account)
}

/// An admin.
///
/// # Errors
/// If the platform refuses.
pub async fn admin(platform: &Platform) -> Result<AccountId> {
    let input = AdminInput { username: "warden".into(), email: "warden@example.com".into(), password: PASSWORD.into() };
    Ok(platform.run(&Actor::terminal(), CreateAdmin::new(input)).await?.account)
}

/// What a sponsor says of a campaign.
#[must_use]
pub fn campaign_input(title: &str) -> CampaignInput {
    CampaignInput {
        title: title.into(),
        rest: CampaignChanges {
            goals: Some("Show how quietly our shoes walk through a city at night. ".repeat(6)),
            niches: Some(vec!["travel".into(), "fashion".into()]),
            start: Some("2030-01-01".into()),
            end: Some("2031-01-01".into()),
            budget: Some(500_000_000),
            ..CampaignChanges::default()
        },
    }
}

/// A published campaign.
///
/// # Errors
/// If the platform refuses.
pub async fn campaign(platform: &Platform, sponsor: AccountId, title: &str) -> Result<CampaignId> {
    let actor = Actor::account(sponsor);
    let campaign = platform.run(&actor, DraftCampaign { input: campaign_input(title) }).await?.campaign.id;
    platform.run(&actor, PublishCampaign { campaign }).await?;
    Ok(campaign)
}

/// Lets `callers` do something again and again for a while; answers how often it was done in a second.
pub async fn per_second<F, T>(callers: usize, time: Duration, work: impl Fn(usize, u64) -> F) -> f64
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let begun = std::time::Instant::now();
    let work = &work;
    let runs = (0..callers).map(|caller| async move {
        let mut done = 0_u64;
        while begun.elapsed() < time {
            tokio::spawn(work(caller, done)).await.ok();
            done += 1;
        }
        done
    });
    let done: u64 = futures_util::future::join_all(runs).await.into_iter().sum();
    done as f64 / begun.elapsed().as_secs_f64()
}
