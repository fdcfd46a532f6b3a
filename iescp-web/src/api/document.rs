//! The OpenAPI document: what poem-openapi makes of the code, completed and set straight.
//!
//! Failures follow from what an operation takes: a body can be too large, a path can lead nowhere, a token can be missing.
//! So no operation lists them by hand, and none can forget one.

use crate::problem::{KINDS, Kind};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Completes what poem-openapi made.
#[must_use]
pub fn document(made: &str) -> Value {
    let mut document = read(made);
    let naming = schemas_with_ids(&document);
    let mut used = BTreeSet::new();
    for (_, path) in members(&mut document, "paths") {
        for (method, operation) in path.as_object_mut().into_iter().flatten() {
            straighten(operation);
            let failures = failures(method, operation, &naming);
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                responses.remove("default");
                responses.extend(failures.iter().map(|status| (status.to_string(), reference(*status))));
            }
            used.extend(failures);
        }
    }
    close_inputs(&mut document);
    let types = types(&document);
    name_plainly(&mut document, &types);
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("responses".into(), used.iter().map(|status| (name(*status), response(*status))).collect());
    }
    document
}

/// A document as poem-openapi writes it: a path stands there once for each struct that has operations at it.
#[derive(serde::Deserialize)]
struct Made {
    paths: Paths,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Every path once, with all its operations.
#[derive(Default)]
struct Paths(BTreeMap<String, Map<String, Value>>);

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(Self::default())
    }
}

impl<'de> Visitor<'de> for Paths {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("paths")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut paths: A) -> Result<Self, A::Error> {
        while let Some((path, operations)) = paths.next_entry::<String, Map<String, Value>>()? {
            self.0.entry(path).or_default().extend(operations);
        }
        Ok(self)
    }
}

fn read(made: &str) -> Value {
    let Ok(Made { paths: Paths(paths), mut rest }) = serde_json::from_str(made) else { return Value::Null };
    rest.insert("paths".into(), paths.into_iter().map(|(path, operations)| (path, Value::Object(operations))).collect());
    Value::Object(rest)
}

fn members<'a>(of: &'a mut Value, name: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    of.get_mut(name).and_then(Value::as_object_mut).into_iter().flatten()
}

/// Takes away what says nothing, says what went without saying, and spells headers as everybody does.
fn straighten(operation: &mut Value) {
    if let Some(operation) = operation.as_object_mut() {
        operation.entry("security").or_insert_with(|| json!([]));
    }
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(parameter) = parameter.as_object_mut() else { continue };
        parameter.remove("explode");
        parameter.retain(|name, value| name != "deprecated" || *value == true);
        let header = parameter.get("in").and_then(Value::as_str) == Some("header");
        if let Some(name) = parameter.get_mut("name").filter(|_| header) {
            *name = spelled(name.as_str().unwrap_or_default()).into();
        }
        let description =
            parameter.get_mut("schema").and_then(Value::as_object_mut).and_then(|schema| schema.remove("description"));
        if let Some(description) = description {
            parameter.entry("description").or_insert(description);
        }
    }
    for (_, response) in members(operation, "responses") {
        for (_, header) in members(response, "headers") {
            let Some(header) = header.as_object_mut() else { continue };
            header.retain(|name, value| !(name == "deprecated" || name == "required") || *value == true);
        }
    }
}

/// Of which JSON type each named schema is.
fn types(document: &Value) -> BTreeMap<String, Value> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
    schemas.filter_map(|(name, schema)| Some((name.clone(), schema.get("type")?.clone()))).collect()
}

/// A member that is of a named schema says so in `allOf`, and beside it what it is for. poem-openapi also puts that inside, as
/// a second schema, which makes client generators invent a type for each such member, or give up where the named one is an enum.
/// One that may be null says of which type it is otherwise: without `type`, `nullable` says nothing.
fn name_plainly(value: &mut Value, types: &BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            if let Some(all) = members.get_mut("allOf").and_then(Value::as_array_mut) {
                all.retain(|one| {
                    one.as_object().is_none_or(|one| one.keys().any(|name| name != "description" && name != "nullable"))
                });
                let named = all.iter().flat_map(references).find_map(|name| types.get(&name));
                if let Some(named) = named.filter(|_| members.get("nullable") == Some(&Value::Bool(true))) {
                    members.entry("type").or_insert_with(|| named.clone());
                }
            }
            members.values_mut().for_each(|member| name_plainly(member, types));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_plainly(item, types)),
        _ => {}
    }
}

/// `if_match` and `IF-MATCH` are both `If-Match`; arguments are named with underscores.
fn spelled(name: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    };
    name.split(['_', '-']).map(capital).collect::<Vec<_>>().join("-")
}

/// Whether a parameter is the id of something, which may not be there.
fn is_id(parameter: &Value) -> bool {
    parameter.pointer("/schema/format").and_then(Value::as_str) == Some("uuid")
}

/// The schemas that name things by their ids, which may not be there.
fn schemas_with_ids(document: &Value) -> BTreeSet<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
    let names_one = |schema: &Value| {
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        properties.filter_map(|(_, property)| property.get("format")).any(|format| format == "uuid")
    };
    schemas.filter(|(_, schema)| names_one(schema)).map(|(name, _)| name.clone()).collect()
}

/// Whether a parameter is a wish that the core looks at more closely than the document does.
fn is_wish(parameter: &Value) -> bool {
    let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
    text("in") == "query" && !matches!(text("name"), "limit" | "cursor")
}

/// The statuses with which an operation can fail.
fn failures(method: &str, operation: &Value, naming: &BTreeSet<String>) -> BTreeSet<u16> {
    let parameters = || operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let takes = |place: &str| parameters().any(|parameter| parameter.get("in").and_then(Value::as_str) == Some(place));
    let header = |name: &str| parameters().any(|parameter| parameter.get("name").and_then(Value::as_str) == Some(name));
    let security = operation.get("security").and_then(Value::as_array).filter(|ways| !ways.is_empty());
    let mut statuses = BTreeSet::from([400, 429, 500, 503]);
    let mut add = |when: bool, more: &[u16]| statuses.extend(more.iter().filter(|_| when));
    add(takes("path") || parameters().any(is_id), &[404]);
    add(security.is_some(), &[401]);
    add(security.is_some_and(|ways| !ways.contains(&json!({}))), &[403]);
    let body = operation.get("requestBody");
    add(body.is_some(), &[408, 413, 415, 422]);
    add(body.is_some_and(|body| references(body).iter().any(|name| naming.contains(name))), &[404]);
    add(method == "put" || parameters().any(is_wish), &[422]);
    add(method != "get", &[409, 507]);
    add(header("If-Match"), &[412, 428]);
    add(header("Idempotency-Key"), &[422]);
    add(header("Range"), &[409, 416]);
    statuses
}

fn name(status: u16) -> String {
    let words: BTreeMap<u16, &str> = BTreeMap::from([
        (400, "BadRequest"),
        (401, "SignedOut"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (408, "Timeout"),
        (409, "Conflict"),
        (412, "Stale"),
        (413, "TooLarge"),
        (415, "UnsupportedMediaType"),
        (416, "NoSuchPart"),
        (422, "Invalid"),
        (428, "VersionNeeded"),
        (429, "QuotaExceeded"),
        (500, "Internal"),
        (503, "Unavailable"),
        (507, "Full"),
    ]);
    words.get(&status).map_or_else(|| format!("Status{status}"), |word| (*word).to_owned())
}

fn reference(status: u16) -> Value {
    json!({ "$ref": format!("#/components/responses/{}", name(status)) })
}

fn response(status: u16) -> Value {
    let kinds: Vec<&&Kind> = KINDS.iter().filter(|kind| kind.status.as_u16() == status).collect();
    let titles: Vec<&str> = kinds.iter().map(|kind| kind.title).collect();
    let example = kinds.first().map(|kind| {
        json!({
            "type": kind.uri(), "title": kind.title, "status": status, "detail": format!("{}.", kind.title), "code": kind.code,
            "instance": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
        })
    });
    let mut response = json!({
        "description": format!("{}.", titles.join(", or: ")),
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" }, "example": example } },
    });
    let header = |says: &str, kind: &str| json!({ "description": says, "schema": { "type": kind } });
    let mut headers = Map::new();
    match status {
        401 => drop(headers.insert("WWW-Authenticate".into(), header("`Bearer`, with `error` when a token was sent.", "string"))),
        429 => {
            headers.insert("Retry-After".into(), header("Seconds to wait.", "integer"));
            headers.insert("RateLimit".into(), header("What is left: `r` requests; all are back in `t` seconds.", "string"));
            headers.insert("RateLimit-Policy".into(), header("`q` requests in `w` seconds.", "string"));
        }
        503 => drop(headers.insert("Retry-After".into(), header("Seconds to wait.", "integer"))),
        _ => {}
    }
    if let Some(object) = response.as_object_mut().filter(|_| !headers.is_empty()) {
        object.insert("headers".into(), headers.into());
    }
    response
}

/// Objects that requests are made of take no unknown members, and the document says so.
fn close_inputs(document: &mut Value) {
    let mut waiting: Vec<Value> = Vec::new();
    for (_, path) in members(document, "paths") {
        for (_, operation) in path.as_object_mut().into_iter().flatten() {
            waiting.extend(operation.pointer("/requestBody/content").cloned());
        }
    }
    let mut closed = BTreeSet::new();
    while let Some(value) = waiting.pop() {
        for name in references(&value) {
            if closed.insert(name.clone())
                && let Some(schema) = document.pointer_mut(&format!("/components/schemas/{name}")).and_then(Value::as_object_mut)
            {
                if schema.contains_key("properties") {
                    schema.entry("additionalProperties").or_insert(Value::Bool(false));
                }
                waiting.push(Value::Object(schema.clone()));
            }
        }
    }
}

/// The named schemas that a value refers to.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"));
            own.map(str::to_owned).into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
