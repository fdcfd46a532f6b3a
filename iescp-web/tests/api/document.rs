//! The document is committed, so that every change of the API is seen in review.

use iescp_web::api::{document, service, shipped};
use std::path::Path;

/// Set it to write the document anew: `IESCP_UPDATE_OPENAPI=1 cargo test -p iescp-web --test api document`.
const UPDATE: &str = "IESCP_UPDATE_OPENAPI";

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let served = serde_json::to_string_pretty(&document(&service(shipped()).spec())).unwrap() + "\n";
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((at, (was, is))) = committed.lines().zip(served.lines()).enumerate().find(|(_, (was, is))| was != is) {
        panic!("openapi.json differs from line {} on: {was} -> {is}. Look at it, then set {UPDATE}=1 to write it anew.", at + 1);
    }
    assert!(committed == served, "openapi.json ends elsewhere. Set {UPDATE}=1 to write it anew.");
}

#[test]
fn a_path_with_operations_in_two_files_has_them_all() {
    let document = document(&service(shipped()).spec());
    let campaigns: Vec<&String> = document["paths"]["/campaigns"].as_object().unwrap().keys().collect();
    assert_eq!(campaigns, ["get", "post"]);
}
