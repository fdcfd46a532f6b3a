//! `iescp-web openapi`: prints the API's document.

use crate::api;
use std::io::{self, Write};

pub(super) fn run() -> Result<(), String> {
    let document = api::document(&api::service(api::shipped()).spec());
    let text = serde_json::to_string_pretty(&document).map_err(|e| e.to_string())?;
    writeln!(io::stdout(), "{text}").map_err(|e| format!("the document cannot be printed: {e}"))
}
