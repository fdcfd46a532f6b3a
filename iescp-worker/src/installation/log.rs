//! The log: lines for people or JSON, on standard error.
//!
//! Values that people sent are logged in quotes, with control characters escaped (S-65); queries, bodies and headers are
//! not logged at all (S-61).

use super::settings::LogFormat;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging, panics included.
///
/// # Errors
/// When the filter cannot be read, or the process logs already.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|e| format!("the log filter `{filter}` cannot be read: {e}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init(),
    };
    started.map_err(|e| format!("the log cannot be started: {e}"))?;
    std::panic::set_hook(Box::new(|panic| tracing::error!(panic = ?panic.to_string(), "panicked")));
    Ok(())
}
