//! The reference's parts: chapters, operations, schemas.

use maud::{Markup, html};
use serde_json::Value;

/// The operations under one tag.
pub struct Chapter<'a> {
    /// Its name.
    pub name: String,
    says: &'a str,
    /// In the document's order.
    pub operations: Vec<Operation<'a>>,
}

/// One operation.
pub struct Operation<'a> {
    /// Its anchor.
    pub id: &'a str,
    /// Its one line.
    pub summary: &'a str,
    method: String,
    path: &'a str,
    node: &'a Value,
}

fn text<'a>(node: &'a Value, name: &str) -> &'a str {
    node.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn members<'a>(node: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    node.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn items<'a>(node: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    node.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The document by chapters.
pub fn chapters(document: &Value) -> Vec<Chapter<'_>> {
    let all: Vec<Operation<'_>> = members(document, "paths")
        .flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(move |(method, node)| (path, method, node)))
        .map(|(path, method, node)| Operation {
            id: text(node, "operationId"),
            summary: text(node, "summary"),
            method: method.to_uppercase(),
            path,
            node,
        })
        .collect();
    let mut chapters: Vec<Chapter<'_>> = items(document, "tags")
        .map(|tag| Chapter { name: text(tag, "name").to_owned(), says: text(tag, "description"), operations: Vec::new() })
        .collect();
    for operation in all {
        let of = items(operation.node, "tags").next().and_then(Value::as_str).unwrap_or_default();
        if let Some(chapter) = chapters.iter_mut().find(|chapter| chapter.name == of) {
            chapter.operations.push(operation);
        }
    }
    chapters
}

/// A chapter with its operations.
pub fn chapter(chapter: &Chapter<'_>) -> Markup {
    html! {
        section {
            h2 { (chapter.name) }
            p { (chapter.says) }
            @for operation in &chapter.operations { (one(operation)) }
        }
    }
}

fn one(operation: &Operation<'_>) -> Markup {
    let node = operation.node;
    let open = items(node, "security").any(|way| way.as_object().is_some_and(serde_json::Map::is_empty));
    let who = match (items(node, "security").next().is_some(), open) {
        (false, _) => "Anybody",
        (true, true) => "Anybody, or signed in",
        (true, false) => "Signed in",
    };
    html! {
        article id=(operation.id) {
            h3 { a href={ "#" (operation.id) } { (operation.summary) } }
            p.route { code.method.(operation.method.to_lowercase()) { (operation.method) } " " code { (operation.path) } " " small { (who) } }
            @for paragraph in text(node, "description").split("\n\n") { p { (paragraph) } }
            @if node.get("parameters").is_some_and(|all| all.as_array().is_some_and(|all| !all.is_empty())) {
                table {
                    caption { "Parameters" }
                    @for parameter in items(node, "parameters") { (row(parameter)) }
                }
            }
            @for (media_type, content) in members(node.get("requestBody").unwrap_or(&Value::Null), "content") {
                p { "Body: " code { (media_type) } " " (kind(content.get("schema").unwrap_or(&Value::Null))) }
            }
            table {
                caption { "Answers" }
                @for (status, response) in members(node, "responses").filter(|(_, response)| response.get("$ref").is_none()) {
                    tr {
                        th scope="row" { (status) }
                        td { (text(response, "description")) @for (_, content) in members(response, "content") { " " (kind(content.get("schema").unwrap_or(&Value::Null))) } }
                        td { @for (header, _) in members(response, "headers") { code { (header) } " " } }
                    }
                }
            }
            p.failures {
                "Fails with "
                @for (status, _) in members(node, "responses").filter(|(_, response)| response.get("$ref").is_some()) { code { (status) } " " }
            }
        }
    }
}

fn row(parameter: &Value) -> Markup {
    let schema = parameter.get("schema").unwrap_or(&Value::Null);
    html! {
        tr {
            th scope="row" { code { (text(parameter, "name")) } @if parameter.get("required") == Some(&Value::Bool(true)) { " *" } }
            td { (text(parameter, "in")) }
            td { (kind(schema)) }
            td { (text(parameter, "description")) }
        }
    }
}

/// A schema in a few words, with a link where it has a name.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next()) {
        return html! { a href={ "#schema-" (name) } { (name) } };
    }
    if let Some(part) = items(schema, "allOf").next() {
        return kind(part);
    }
    let bound = |name: &str| schema.get(name).filter(|bound| !bound.is_null()).map(ToString::to_string);
    let least = bound("minimum").or_else(|| bound("minLength")).or_else(|| bound("minItems"));
    let most = bound("maximum").or_else(|| bound("maxLength")).or_else(|| bound("maxItems"));
    html! {
        @match text(schema, "type") {
            "array" => { "list of " (kind(schema.get("items").unwrap_or(&Value::Null))) }
            "" => { @for (n, choice) in items(schema, "oneOf").chain(items(schema, "anyOf")).enumerate() { @if n > 0 { " or " } (kind(choice)) } }
            name => { (name) @if !text(schema, "format").is_empty() { " (" (text(schema, "format")) ")" } }
        }
        @if let (Some(least), Some(most)) = (&least, &most) { ", " (least) "–" (most) }
        @else if let Some(most) = &most { ", at most " (most) }
        @else if let Some(least) = &least { ", at least " (least) }
        @if schema.get("enum").is_some() { ": " @for (n, value) in items(schema, "enum").enumerate() { @if n > 0 { ", " } code { (value.as_str().unwrap_or_default()) } } }
        @if schema.get("nullable") == Some(&Value::Bool(true)) { " or null" }
    }
}

/// All named schemas.
pub fn schemas(document: &Value) -> Markup {
    let all = document.pointer("/components/schemas").and_then(Value::as_object);
    html! {
        section #schemas {
            h2 { "Schemas" }
            @for (name, schema) in all.into_iter().flatten() {
                article id={ "schema-" (name) } {
                    h3 { a href={ "#schema-" (name) } { (name) } }
                    p { (text(schema, "description")) }
                    @if schema.get("properties").is_none() { p { (kind(schema)) } }
                    @else {
                        table {
                            caption { "Members" }
                            @for (member, of) in members(schema, "properties") {
                                tr {
                                    th scope="row" { code { (member) } @if items(schema, "required").any(|needed| needed.as_str() == Some(member)) { " *" } }
                                    td { (kind(of)) }
                                    td { (text(of, "description")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
