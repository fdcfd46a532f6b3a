//! Keeps the document's promises before a handler is called: which parameters there are, each once, each of its type; which
//! body, of which media type, of which shape.

use super::body::{Admitted, AdmittedFile, FILE};
use super::json;
use super::schema::Schemas;
use crate::app::House;
use crate::problem::{Edge, FieldProblem, Problem, kinds};
use crate::routes::Place;
use poem::http::{Method, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Everything that the document promises about requests.
#[derive(Clone, Default, Debug)]
pub struct Contract {
    schemas: Schemas,
    operations: HashMap<(Method, String), Operation>,
}

#[derive(Clone, Default, Debug)]
struct Operation {
    query: BTreeMap<String, Parameter>,
    path: BTreeMap<String, Parameter>,
    body: Option<RequestShape>,
}

#[derive(Clone, Debug)]
struct Parameter {
    schema: Value,
    required: bool,
}

#[derive(Clone, Debug)]
struct RequestShape {
    media_type: String,
    /// Whether it is a merge patch, and may say so.
    patch: bool,
    schema: Value,
    required: bool,
}

impl Contract {
    /// Of a document.
    #[must_use]
    pub fn new(document: &Value) -> Self {
        let mut operations = HashMap::new();
        for (path, methods) in members(document.get("paths")) {
            for (method, operation) in members(Some(methods)) {
                if let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) {
                    let patch = method == Method::PATCH;
                    operations.insert((method, path.clone()), Operation::read(operation, patch));
                }
            }
        }
        Self { schemas: Schemas::of(document), operations }
    }

    /// Every method and path, relative to the API's prefix.
    #[must_use]
    pub fn operations(&self) -> Vec<(Method, String)> {
        self.operations.keys().cloned().collect()
    }

    fn operation(&self, request: &Request) -> Option<(Arc<Place>, &Operation)> {
        let place = Place::of(request)?;
        let path = place.pattern.strip_prefix(super::PREFIX)?.to_owned();
        let operation = self.operations.get(&(request.method().clone(), path))?;
        Some((place, operation))
    }

    fn check(&self, operation: &Operation, place: &Place, request: &Request) -> Result<(), Problem> {
        self.check_query(operation, request)?;
        let pattern = place.pattern.strip_prefix(super::PREFIX).unwrap_or_default().split('/');
        let path = request.uri().path();
        let path = path.strip_prefix(super::PREFIX).unwrap_or_default().split('/');
        for (name, text) in pattern.zip(path) {
            let name = name.trim_matches(['{', '}']);
            if let Some(parameter) = operation.path.get(name) {
                self.check_parameter(name, &parameter.schema, text)?;
            }
        }
        Ok(())
    }

    fn check_query(&self, operation: &Operation, request: &Request) -> Result<(), Problem> {
        let mut seen: Vec<String> = Vec::new();
        for (name, text) in pairs(request)? {
            let Some(parameter) = operation.query.get(&name) else {
                let known: Vec<&str> = operation.query.keys().map(String::as_str).collect();
                let detail = match known.is_empty() {
                    true => format!("There is no parameter `{}` here.", shortened(&name)),
                    false => format!("There is no parameter `{}` here; there are {}.", shortened(&name), known.join(", ")),
                };
                return Err(Problem::parameter(&shortened(&name), "unknown_parameter", detail));
            };
            let list = self.schemas.is_list(&parameter.schema);
            if !list && seen.contains(&name) {
                return Err(Problem::parameter(&name, "repeated_parameter", format!("`{name}` may be given once.")));
            }
            let schema = if list { self.schemas.items(&parameter.schema) } else { &parameter.schema };
            self.check_parameter(&name, schema, &text)?;
            seen.push(name);
        }
        match operation.query.iter().find(|(name, parameter)| parameter.required && !seen.contains(name)) {
            Some((name, _)) => Err(Problem::parameter(name, "required", format!("`{name}` is needed."))),
            None => Ok(()),
        }
    }

    fn check_parameter(&self, name: &str, schema: &Value, text: &str) -> Result<(), Problem> {
        match self.schemas.check_text(schema, text).first() {
            Some(wrong) => Err(Problem::parameter(name, wrong.code, format!("`{name}`: {}", wrong.detail))),
            None => Ok(()),
        }
    }

    fn check_body(&self, shape: &RequestShape, sent: Option<&str>, bytes: &[u8]) -> Result<Option<Value>, Problem> {
        if bytes.is_empty() && !shape.required {
            return Ok(None);
        }
        let sent = sent.map(|sent| sent.split(';').next().unwrap_or(sent).trim().to_ascii_lowercase());
        let patch = shape.patch && sent.as_deref() == Some("application/merge-patch+json");
        if !patch && sent.as_deref() != Some(shape.media_type.as_str()) {
            let sent = sent.map_or_else(|| "nothing".to_owned(), |sent| format!("`{}`", shortened(&sent)));
            let detail = format!("The body must be `{}`; the Content-Type says {sent}.", shape.media_type);
            return Err(Problem::new(&kinds::MEDIA_TYPE, detail));
        }
        let value = json::parse(bytes)
            .map_err(|why| Problem::new(&kinds::MALFORMED, format!("The body is not as JSON should be: {why}.")))?;
        let wrong = self.schemas.check(&shape.schema, &value);
        if wrong.is_empty() { Ok(Some(value)) } else { Err(invalid(wrong)) }
    }
}

/// Whether a body says that it is a file: in general, or a picture of whatever kind.
fn check_file(sent: Option<&str>) -> Result<(), Problem> {
    let said = sent.unwrap_or("nothing").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if said == FILE || said.starts_with("image/") {
        return Ok(());
    }
    let detail = format!("The body must be `{FILE}` or an `image/…`; the Content-Type says {}.", shortened(&said));
    Err(Problem::new(&kinds::MEDIA_TYPE, detail))
}

fn invalid(wrong: Vec<FieldProblem>) -> Problem {
    let said = |problem: &FieldProblem| match problem.pointer.as_str() {
        "" => problem.detail.clone(),
        at => format!("{}: {}", at.trim_start_matches('/'), problem.detail),
    };
    let detail = wrong.iter().map(said).collect::<Vec<_>>().join(" ");
    Problem::new(&kinds::INVALID, detail).at(wrong)
}

impl Operation {
    fn read(operation: &Value, patch: bool) -> Self {
        let mut read = Self::default();
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| parameter.get(name).and_then(Value::as_str);
            let (Some(name), Some(place)) = (text("name"), text("in")) else { continue };
            let schema = parameter.get("schema").cloned().unwrap_or_default();
            let required = parameter.get("required") == Some(&Value::Bool(true));
            match place {
                "query" => read.query.insert(name.into(), Parameter { schema, required }),
                "path" => read.path.insert(name.into(), Parameter { schema, required }),
                _ => None,
            };
        }
        let body = operation.get("requestBody");
        let required = body.and_then(|body| body.get("required")) == Some(&Value::Bool(true));
        read.body = members(body.and_then(|body| body.get("content"))).next().map(|(media_type, content)| RequestShape {
            media_type: media_type.clone(),
            patch,
            schema: content.get("schema").cloned().unwrap_or_default(),
            required,
        });
        read
    }
}

fn members(object: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.and_then(Value::as_object).into_iter().flatten()
}

/// A query's names and values.
fn pairs(request: &Request) -> Result<Vec<(String, String)>, Problem> {
    match request.uri().query() {
        None | Some("") => Ok(Vec::new()),
        Some(_) => request.params().map_err(|_| Problem::new(&kinds::BAD_PARAMETER, "The query cannot be read.")),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Lets requests through that the document allows, with their body read.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn enforce<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let edge = Edge::of(&request);
    if let Some((place, operation)) = house.contract.operation(&request)
        && let Err(problem) = admit(&house.contract, operation, &place, &mut request).await
    {
        return Ok(edge.refuse(problem));
    }
    Ok(edge.settle(next.call(request).await.map(IntoResponse::into_response)))
}

async fn admit(contract: &Contract, operation: &Operation, place: &Place, request: &mut Request) -> Result<(), Problem> {
    contract.check(operation, place, request)?;
    let Some(shape) = &operation.body else {
        return Ok(());
    };
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(&kinds::MEDIA_TYPE, "Compressed bodies are not taken here."));
    }
    let bytes = request.take_body().into_bytes().await.map_err(Problem::internal)?;
    if shape.media_type == FILE {
        check_file(request.content_type())?;
        request.set_data(AdmittedFile(bytes));
        return Ok(());
    }
    let value = contract.check_body(shape, request.content_type(), &bytes)?;
    request.set_data(Admitted(Arc::new(value)));
    Ok(())
}
