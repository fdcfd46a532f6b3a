//! `iescp-web upgrade`: what a new version leaves undone as long as programs of the version before may run beside it.
//!
//! Not here: what the new version does by itself when it opens a store.

use super::Ended;
use crate::settings::Settings;
use iescp_core::Error;
use iescp_core::upgrade::{LAYOUT, Upgraded, finish};
use iescp_worker::installation::runtime;
use std::io::{self, Write};

pub(super) fn run(settings: &Settings) -> Result<(), Ended> {
    let runtime = runtime()?;
    let done = runtime.block_on(async {
        let installation = settings.open_existing().await?;
        // A store of one process was brought all the way when it was opened.
        let Some(shared) = &installation.shared else { return Ok(None) };
        let older = async || shared.older_programs().await.map_err(Error::from);
        finish(installation.platform.store().as_ref(), older).await.map(Some).map_err(|e| e.to_string())
    })?;
    let said = match done {
        Some(Upgraded { seen, waits: false, from }) if from < LAYOUT => format!("done: {seen} keys were looked at"),
        _ => "nothing is left to do".to_owned(),
    };
    Ok(writeln!(io::stdout(), "{said}; the store is in layout {LAYOUT}").map_err(|e| format!("nothing can be printed: {e}"))?)
}
