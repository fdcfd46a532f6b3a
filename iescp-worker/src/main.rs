//! `iescp-worker`: the worker alone, on a store that several processes can open.
//!
//! The stores of this version, sled's and memory's, belong to one process. So this program says where the worker runs with them,
//! and ends with exit code 2; a store on PostgreSQL will be another matter.

use clap::Parser;
use std::process::ExitCode;

/// The worker of the Influencer Engagement & Sponsorship Coordination Platform, in a process of its own
///
/// That needs a store which several processes can open. This version has none: its worker runs inside `iescp-web serve`.
#[derive(Parser, Debug)]
#[command(name = "iescp-worker", version, max_term_width = 120)]
struct CommandLine {
    /// Where things are stored, as iescp-web was told
    #[arg(long, env = "IESCP_STORE", default_value = "sled:./data", value_name = "URL")]
    store: String,

    /// Where jobs are queued; beside the store when not given
    #[arg(long, env = "IESCP_QUEUE", value_name = "URL")]
    queue: Option<String>,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    eprintln!("iescp-worker: {}", why_not(&line.store));
    ExitCode::from(2)
}

/// Why a worker cannot run alone on this store, and what to do instead.
fn why_not(store: &str) -> String {
    match store.split_once(':') {
        Some(("sled", path)) if !path.is_empty() => format!(
            "a sled store belongs to one process, so no worker can run beside the one that has {path} open. Its worker runs inside \
             `iescp-web serve --store {store}`, without being asked for."
        ),
        Some(("memory", "")) => {
            "a store in memory is seen by no other process, so there is nothing to work on. Its worker runs inside \
             `iescp-web serve --store memory:`, without being asked for."
                .to_owned()
        }
        _ => format!(
            "“{store}” is no store of this version: sled:PATH or memory: is, and with both the worker runs inside `iescp-web serve`."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn each_store_is_told_where_its_worker_runs() {
        assert!(why_not("sled:./data").contains("`iescp-web serve --store sled:./data`"));
        assert!(why_not("memory:").contains("`iescp-web serve --store memory:`"));
        for other in ["sled:", "postgres://localhost/iescp", "data", ""] {
            assert!(why_not(other).contains("is no store of this version"), "{other}");
        }
    }
}
