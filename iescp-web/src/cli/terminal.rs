//! Has a command done by the server that has the store open, or here if none has, or several may.

use super::Ended;
use super::progress::Shown;
use crate::admin_socket::{Command, Connection, connect};
use crate::settings::Settings;
use iescp_worker::installation::runtime;
use iescp_worker::installation::settings::Engine;
use std::io;

/// What is done where there is no store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Missing {
    /// It is made.
    Made,
    /// It is missed.
    Missed,
}

/// Has it done.
pub(super) fn ask<C: Command>(settings: &Settings, command: C, missing: Missing) -> Result<C::Done, Ended> {
    if !settings.installation.store.lasts() {
        return Err(Ended::Misused(format!("{} keeps nothing, so there is nothing to work on", settings.installation.store)));
    }
    let runtime = runtime()?;
    let mut shown = Shown::new();
    let mut tell = |progress| shown.show(progress);
    let done = runtime.block_on(async {
        if let Some(server) = running(settings).await? {
            return server.ask(&command, &mut tell).await;
        }
        let installation = match missing {
            Missing::Made => settings.open().await?,
            Missing::Missed => settings.open_existing().await?,
        };
        command.run(&installation.platform, &mut tell).await
    });
    Ok(done?)
}

/// The server that has a store of one process open, if one runs.
async fn running(settings: &Settings) -> Result<Option<Connection>, String> {
    match (settings.installation.store.engine(), settings.installation.directory()) {
        (Engine::Sled(_), Some(directory)) => connect(&directory).await.map_err(|e| match e.kind() {
            io::ErrorKind::PermissionDenied => format!(
                "{} belongs to another user: run this as the user whose store it is, the one the server runs as",
                directory.display()
            ),
            _ => format!("the running server cannot be asked: {e}"),
        }),
        _ => Ok(None),
    }
}
