//! Has a command done by the server that has the store open, or here if none has.

use super::Ended;
use super::progress::Shown;
use crate::admin_socket::{Command, connect};
use crate::installation::Installation;
use crate::settings::Settings;
use tokio::runtime::Runtime;

/// Has it done. `open` opens the store if no server has it.
pub(super) fn ask<C: Command>(
    settings: &Settings,
    command: C,
    open: fn(&Settings) -> Result<Installation, String>,
) -> Result<C::Done, Ended> {
    let Some(directory) = settings.key_directory() else {
        return Err(Ended::Misused(format!("{} keeps nothing, so there is nothing to work on", settings.store)));
    };
    let runtime = Runtime::new().map_err(|e| format!("no threads to work with: {e}"))?;
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let done = runtime.block_on(async {
        let running = connect(&directory).await.map_err(|e| format!("the running server cannot be asked: {e}"))?;
        match running {
            Some(server) => server.ask(&command, &mut tell).await,
            None => command.run(&open(settings)?.platform, &mut tell).await,
        }
    });
    Ok(done?)
}
