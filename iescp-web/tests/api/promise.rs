//! Whether answers keep the document's promises: each status is declared, each body has its media type and its shape, no member
//! is there that the document does not know, each header is declared that matters.

use crate::support::Answer;
use iescp_web::api::{PREFIX, Schemas, document, service, shipped};
use poem::http::Method;
use serde_json::Value;
use std::sync::LazyLock;

pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| closed(document(&service(shipped()).spec())));
static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::of(&DOCUMENT));

/// The document, with objects that have only the members it names.
fn closed(mut document: Value) -> Value {
    for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
        if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = Value::Bool(false);
        }
    }
    document
}

fn leads_to(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(path).all(|(part, said)| part.starts_with('{') || *part == said)
}

/// Refuses an answer that the document does not promise. What leads to no operation promises a problem.
pub fn kept(method: &Method, path: &str, answer: &Answer) {
    let below = path.split('?').next().unwrap().strip_prefix(PREFIX).unwrap();
    let operation = DOCUMENT["paths"].as_object().unwrap().iter().find(|(pattern, _)| leads_to(pattern, below));
    let operation = operation.and_then(|(_, methods)| methods.get(method.as_str().to_ascii_lowercase()));
    let status = answer.status.as_u16().to_string();
    let response = match operation {
        Some(operation) => {
            operation["responses"].get(&status).unwrap_or_else(|| panic!("{method} {below}: {status} is not declared"))
        }
        None => &DOCUMENT["components"]["responses"]["NotFound"],
    };
    let response = match response.get("$ref").and_then(Value::as_str) {
        Some(to) => DOCUMENT.pointer(to.trim_start_matches('#')).unwrap(),
        None => response,
    };
    let Some((media_type, content)) = response.get("content").and_then(|all| all.as_object()?.iter().next()) else {
        assert!(answer.body.is_empty(), "{method} {below}: {status} has no body, but: {}", answer.text());
        return;
    };
    if media_type != "application/json" && media_type != "application/problem+json" {
        let kinds = response["content"].as_object().unwrap();
        let kind = answer.header("content-type").split(';').next().unwrap();
        assert!(kinds.contains_key(kind), "{method} {below}: {kind} is not declared");
        return;
    }
    assert_eq!(answer.header("content-type"), media_type.split(';').next().unwrap(), "{method} {below}");
    let wrong = SCHEMAS.check(&content["schema"], &answer.json());
    assert!(wrong.is_empty(), "{method} {below}: {status} breaks its promise: {wrong:?} in {}", answer.text());
    for header in ["etag", "location", "link", "idempotency-replayed"] {
        let declared =
            response["headers"].as_object().is_some_and(|all| all.keys().any(|name| name.eq_ignore_ascii_case(header)));
        assert!(declared || !answer.headers.contains_key(header), "{method} {below}: {status} does not declare {header}");
    }
}
