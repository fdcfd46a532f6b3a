//! `iescp-worker`: the worker alone, on a store that several processes can open. Any number of them may run.
//!
//! A store of sled's or in memory belongs to one process. So this program says where the worker runs with them, and ends with
//! exit code 2.

use clap::{CommandFactory, FromArgMatches, Parser, error::ErrorKind};
use iescp_core::store::Store;
use iescp_worker::{
    Worker,
    installation::{
        self, Installation, log, runtime,
        settings::{self, Engine, OF_THE_SERVER, Settings},
    },
};
use std::{future::Future, io, process::ExitCode, sync::Arc, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// How often it is asked whether the store answers.
const GLANCE: Duration = Duration::from_millis(500);

/// The worker of the Influencer Engagement & Sponsorship Coordination Platform, in a process of its own
///
/// That needs a store on PostgreSQL, which several processes can open; with any other the worker runs inside `iescp-web serve`.
/// It takes the settings of iescp-web: the same options, variables (IESCP_…) and keys of iescp.toml; those that are only about
/// serving are passed over in the file. --public-url must be given.
#[derive(Parser, Debug)]
#[command(name = "iescp-worker", version, max_term_width = 120)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

/// Why the program ended when it did not end well.
enum Ended {
    Failed(String),
    Misused(String),
}

impl From<String> for Ended {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

fn main() -> ExitCode {
    let settings = match read() {
        Ok(settings) => settings,
        Err(wrong) => {
            let code = wrong.exit_code();
            let _closed = wrong.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let (why, code) = match run(&settings) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Ended::Failed(why)) => (why, ExitCode::FAILURE),
        Err(Ended::Misused(why)) => (why, ExitCode::from(2)),
    };
    eprintln!("iescp-worker: {why}");
    code
}

fn read() -> Result<Settings, clap::Error> {
    let others: Vec<&str> = OF_THE_SERVER.into_iter().chain(["smtp_password"]).collect();
    let (matches, file) = settings::read(CommandLine::command(), std::env::args_os(), &others)?;
    let line = CommandLine::from_arg_matches(&matches)?;
    line.settings.with_secrets(&file).map_err(|why| CommandLine::command().error(ErrorKind::ValueValidation, why))
}

fn run(settings: &Settings) -> Result<(), Ended> {
    if let Some(why) = why_not(settings) {
        return Err(Ended::Misused(why));
    }
    let Some(public_url) = &settings.public_url else {
        let why = "--public-url is missing: links in mails begin with it. It is what iescp-web is told";
        return Err(Ended::Misused(why.to_owned()));
    };
    log::start(&settings.log, settings.log_format)?;
    let runtime = runtime()?;
    let worked = runtime.block_on(work(settings, public_url));
    drop(runtime);
    tracing::info!("stopped");
    Ok(worked?)
}

async fn work(settings: &Settings, public_url: &str) -> Result<(), String> {
    let told = signalled().map_err(|e| format!("signals cannot be heard: {e}"))?;
    let installation = Installation::open(settings, settings.of_the_platform()).await?;
    let mails = installation.destination(settings).await?;
    let mailer = installation::mailer(settings, &mails)?;
    let how = installation.work(settings, installation.files().await?).await?;
    let worker = Worker::new(installation.platform.clone(), installation.queue().await?, mailer, public_url, how);
    tracing::info!(store = %settings.store, "working");
    let watching = tokio::spawn(watch(installation.platform.store().clone()));
    worker
        .run(async {
            told.await;
            tracing::info!("stopping: no new jobs, those in hand may finish");
        })
        .await;
    watching.abort();
    Ok(())
}

/// Resolves when the process is asked to end.
fn signalled() -> io::Result<impl Future<Output = ()>> {
    let (mut asked, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = asked.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

/// Says when the database is gone, and when it is back.
async fn watch(store: Arc<dyn Store>) {
    let mut gone = false;
    loop {
        match (store.health(), gone) {
            (Err(why), false) => {
                tracing::error!(why = ?why.to_string(), "the database is gone; jobs wait until it is back");
                gone = true;
            }
            (Ok(()), true) => {
                tracing::info!("the database is back");
                gone = false;
            }
            _ => {}
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Why a worker cannot run alone on this store, and what to do instead.
fn why_not(settings: &Settings) -> Option<String> {
    let store = &settings.store;
    match store.engine() {
        Engine::Postgres(_) => None,
        Engine::Sled(path) => Some(format!(
            "a sled store belongs to one process, so no worker can run beside the one that has {} open. Its worker runs inside \
             `iescp-web serve --store {store}`, without being asked for",
            path.display()
        )),
        Engine::Memory => Some(
            "a store in memory is seen by no other process, so there is nothing to work on. Its worker runs inside \
             `iescp-web serve --store memory:`, without being asked for"
                .to_owned(),
        ),
        Engine::Unknown => Some(format!("“{store}” is no store for a worker alone: postgres://USER@HOST/DATABASE is")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why_not(store: &str) -> Option<String> {
        let matches = CommandLine::command().get_matches_from(["iescp-worker", "--store", store]);
        super::why_not(&CommandLine::from_arg_matches(&matches).unwrap().settings)
    }

    #[test]
    fn the_command_line_holds_together() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn each_store_is_told_where_its_worker_runs() {
        assert!(why_not("sled:./data").unwrap().contains("`iescp-web serve --store sled:./data`"));
        assert!(why_not("memory:").unwrap().contains("`iescp-web serve --store memory:`"));
        for other in ["sled:", "data", ""] {
            assert!(why_not(other).unwrap().contains("is no store for a worker alone"), "{other}");
        }
        assert_eq!(why_not("postgres://localhost/iescp"), None);
    }
}
