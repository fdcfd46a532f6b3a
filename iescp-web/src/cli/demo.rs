//! `iescp-web demo`: fills an empty store with a made-up market and prints three sign-ins.

use super::Ended;
use super::progress::Shown;
use crate::demo::{self, SignIn, Size};
use crate::settings::Settings;
use clap::Args;
use iescp_worker::installation::{Installation, runtime};
use std::io::{self, Write};

#[derive(Args, Clone, Copy, Debug)]
pub(super) struct DemoOptions {
    /// How many influencers
    #[arg(long, env = "IESCP_DEMO_INFLUENCERS", default_value_t = 1000, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    influencers: u32,

    /// How many sponsors
    #[arg(long, env = "IESCP_DEMO_SPONSORS", default_value_t = 100, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    sponsors: u32,

    /// How many campaigns; three for each sponsor when not given
    #[arg(long, env = "IESCP_DEMO_CAMPAIGNS", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(0..=60_000))]
    campaigns: Option<u32>,

    /// What the market is made from: the same seed makes the same one
    #[arg(long, env = "IESCP_DEMO_SEED", default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
}

impl DemoOptions {
    fn size(self) -> Size {
        Size {
            influencers: self.influencers as usize,
            sponsors: self.sponsors as usize,
            campaigns: self.campaigns.unwrap_or(3 * self.sponsors) as usize,
            seed: self.seed,
        }
    }
}

pub(super) fn run(settings: &Settings, options: DemoOptions) -> Result<(), Ended> {
    let store = &settings.installation.store;
    if !store.lasts() {
        return Err(Ended::Misused(format!("{store} keeps nothing; `iescp-web --demo` fills such a store and serves it")));
    }
    let runtime = runtime()?;
    runtime.block_on(async {
        let installation = settings.open().await?;
        fill(&installation, settings, &options.size()).await?;
        print(&demo::sign_ins(&installation.secret())).map_err(|e| format!("nothing can be printed: {e}"))
    })?;
    Ok(())
}

/// Fills the store, showing how far it has come.
pub(super) async fn fill(installation: &Installation, settings: &Settings, size: &Size) -> Result<(), String> {
    let mut shown = Shown::new();
    demo::fill(installation, settings, size, &mut |progress| shown.show(progress)).await
}

/// Prints who a visitor can sign in as.
pub(super) fn print(sign_ins: &[SignIn]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "everybody in this store is made up; sign in as")?;
    for SignIn { username, password } in sign_ins {
        writeln!(out, "  {username:<12}{}", password.reveal())?;
    }
    Ok(())
}
