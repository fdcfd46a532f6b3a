//! Commands for a store that a running server has open: a local socket beside the store, for the same user alone.
//!
//! The socket is `admin.sock` in the data directory, readable and writable by its owner; the peer must be that user, or root.
//! A client sends one line of JSON, `{"command": "check", "repair": false}`, and gets lines: `{"progress": …}`, any number,
//! then `{"done": …}` or `{"failed": "a sentence"}`. It is never offered over a network.
//!
//! To add a command, implement [`Command`] in a file of `admin_socket/` and name it in `obey`: it then works on a closed store
//! and through a running server alike.

mod client;
mod commands;
mod listener;
#[cfg(test)]
mod tests;

pub use client::{Connection, connect};
pub use commands::{Backup, Check, CreateAdmin, in_parts};
pub use listener::AdminSocket;

use iescp_core::Platform;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The socket's name in the data directory.
const NAME: &str = "admin.sock";

/// How far a command has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// What it does now.
    pub what: String,
    /// How much of it is done.
    pub seen: u64,
    /// Of how much, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
}

/// Whoever is told how far a command has come.
pub type Tell<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// Something the person at the terminal can have done.
pub trait Command: Serialize + DeserializeOwned + Send + Sync {
    /// What it is called on the socket.
    const NAME: &'static str;
    /// What it answers.
    type Done: Serialize + DeserializeOwned + Send;

    /// Does it, on a store that this process has open. What fails is a sentence.
    fn run(self, platform: &Platform, tell: Tell<'_>) -> impl Future<Output = Result<Self::Done, String>> + Send;
}

/// A line of the answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Progress(Progress),
    Done(Value),
    Failed(String),
}

/// Does what a request asks for: THE list of commands that a running server takes.
async fn obey(platform: &Platform, request: &[u8], tell: Tell<'_>) -> Result<Value, String> {
    let unreadable = |why: serde_json::Error| format!("the request cannot be read: {why}");
    let mut request: serde_json::Map<String, Value> = serde_json::from_slice(request).map_err(unreadable)?;
    let name = request.remove("command").and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    let request = Value::Object(request);
    match name.as_str() {
        CreateAdmin::NAME => answer::<CreateAdmin>(platform, request, tell).await,
        Check::NAME => answer::<Check>(platform, request, tell).await,
        Backup::NAME => answer::<Backup>(platform, request, tell).await,
        _ => Err(format!("this server knows no command “{name}”; its version is {}", env!("CARGO_PKG_VERSION"))),
    }
}

async fn answer<C: Command>(platform: &Platform, request: Value, tell: Tell<'_>) -> Result<Value, String> {
    // What serde says of a wrong request may repeat a value of it, and that may be a password.
    let command: C = serde_json::from_value(request).map_err(|_| format!("this is no request for “{}”", C::NAME))?;
    let done = command.run(platform, tell).await?;
    serde_json::to_value(done).map_err(|e| e.to_string())
}

/// A request as it is sent.
fn request<C: Command>(command: &C) -> Result<Vec<u8>, String> {
    let mut request = serde_json::to_value(command).map_err(|e| e.to_string())?;
    let members = request.as_object_mut().ok_or("a command must be an object")?;
    members.insert("command".to_owned(), C::NAME.into());
    line(&request)
}

fn line(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut line = serde_json::to_vec(value).map_err(|e| e.to_string())?;
    line.push(b'\n');
    Ok(line)
}
