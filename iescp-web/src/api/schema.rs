//! Checks values against the document's schemas and says everything that is wrong, with pointers.
//!
//! It knows what our documents use: types, formats, enums, bounds, objects, arrays, references and combinations.
//! Patterns are left to the value types, which say more than that a pattern does not match.

#[cfg(test)]
mod tests;

use crate::problem::FieldProblem;
use serde_json::{Map, Value};

/// The document's named schemas.
#[derive(Clone, Default, Debug)]
pub struct Schemas(Map<String, Value>);

/// Most problems told at once.
const MOST: usize = 32;
/// References followed in a row; a document of ours needs two or three.
const HOPS: usize = 64;

impl Schemas {
    /// Those of a document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        Self(document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default())
    }

    /// Everything that is wrong with a value.
    #[must_use]
    pub fn check(&self, schema: &Value, value: &Value) -> Vec<FieldProblem> {
        let mut walk = Walk { schemas: self, found: Vec::new() };
        walk.value(schema, value, "", HOPS);
        walk.found
    }

    /// A parameter's text as the value that its schema asks for, checked.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_text(&self, schema: &Value, text: &str) -> Vec<FieldProblem> {
        let value = match self.type_of(schema) {
            Some("integer" | "number") => text.parse().map_or_else(|_| text.into(), Value::Number),
            Some("boolean") => text.parse().map_or_else(|_| text.into(), Value::Bool),
            _ => text.into(),
        };
        self.check(schema, &value)
    }

    /// Whether a parameter of this schema may be given several times.
    #[must_use]
    pub fn is_list(&self, schema: &Value) -> bool {
        self.type_of(schema) == Some("array")
    }

    /// The schema of a list's items.
    #[must_use]
    pub fn items<'a>(&'a self, schema: &'a Value) -> &'a Value {
        self.follow(schema, HOPS).get("items").unwrap_or(&Value::Null)
    }

    fn type_of<'a>(&'a self, schema: &'a Value) -> Option<&'a str> {
        let schema = self.follow(schema, HOPS);
        let own = schema.get("type").and_then(Value::as_str);
        own.or_else(|| schema.get("allOf")?.as_array()?.iter().find_map(|part| self.follow(part, HOPS).get("type")?.as_str()))
    }

    fn follow<'a>(&'a self, schema: &'a Value, hops: usize) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next());
        match name.and_then(|name| self.0.get(name)) {
            Some(named) if hops > 0 => self.follow(named, hops - 1),
            _ => schema,
        }
    }
}

struct Walk<'a> {
    schemas: &'a Schemas,
    found: Vec<FieldProblem>,
}

impl Walk<'_> {
    fn say(&mut self, at: &str, code: &'static str, detail: impl Into<String>) {
        if self.found.len() < MOST {
            self.found.push(FieldProblem::new(at, code, detail));
        }
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str, hops: usize) {
        let schema = self.schemas.follow(schema, hops);
        let Some(hops) = hops.checked_sub(1) else { return };
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        for part in list(schema, "allOf") {
            self.value(part, value, at, hops);
        }
        let choices = list(schema, "oneOf").chain(list(schema, "anyOf"));
        let mut choices = choices.peekable();
        if choices.peek().is_some() && !choices.any(|choice| self.fits(choice, value, hops)) {
            return self.say(at, "wrong_shape", "This has none of the shapes that are taken here.");
        }
        if !self.kind(schema, value, at) {
            return;
        }
        if let Some(known) = schema.get("enum").and_then(Value::as_array).filter(|known| !known.contains(value)) {
            let known: Vec<&str> = known.iter().filter_map(Value::as_str).collect();
            return self.say(at, "unknown_value", format!("This must be one of {}.", known.join(", ")));
        }
        match value {
            Value::String(text) => self.text(schema, text, at),
            Value::Number(number) => self.number(schema, number.as_f64().unwrap_or(f64::NAN), at),
            Value::Array(items) => self.array(schema, items, at, hops),
            Value::Object(members) => self.object(schema, members, at, hops),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn fits(&self, schema: &Value, value: &Value, hops: usize) -> bool {
        let mut inner = Walk { schemas: self.schemas, found: Vec::new() };
        inner.value(schema, value, "", hops);
        inner.found.is_empty()
    }

    /// Whether the type is right, and says so when it is not.
    fn kind(&mut self, schema: &Value, value: &Value, at: &str) -> bool {
        let (right, name) = match schema.get("type").and_then(Value::as_str) {
            Some("string") => (value.is_string(), "text"),
            Some("integer") => (value.is_i64() || value.is_u64(), "a whole number"),
            Some("number") => (value.is_number(), "a number"),
            Some("boolean") => (value.is_boolean(), "true or false"),
            Some("array") => (value.is_array(), "a list"),
            Some("object") => (value.is_object(), "an object"),
            _ => (true, ""),
        };
        if !right {
            let detail =
                if value.is_null() { format!("This must be {name}, not null.") } else { format!("This must be {name}.") };
            self.say(at, "wrong_type", detail);
        }
        right
    }

    fn text(&mut self, schema: &Value, text: &str, at: &str) {
        let length = text.chars().count() as u64;
        if let Some(most) = bound(schema, "maxLength").filter(|most| length > *most) {
            self.say(at, "too_long", format!("This may have {most} characters, not {length}."));
        }
        if let Some(least) = bound(schema, "minLength").filter(|least| length < *least) {
            let detail = if least == 1 {
                "This may not be empty.".to_owned()
            } else {
                format!("This must have {least} characters or more.")
            };
            self.say(at, "too_short", detail);
        }
        let (right, name) = match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => (text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(), "a UUID"),
            Some("date") => (text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(), "a date such as 2026-05-31"),
            Some("date-time") => (text.parse::<jiff::Timestamp>().is_ok(), "a time such as 2026-05-31T12:00:00Z"),
            _ => (true, ""),
        };
        if !right {
            self.say(at, "wrong_format", format!("This must be {name}."));
        }
    }

    fn number(&mut self, schema: &Value, number: f64, at: &str) {
        let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
        let excluded = |name: &str| schema.get(name) == Some(&Value::Bool(true));
        if let Some(most) = limit("maximum").filter(|most| number > *most || (number >= *most && excluded("exclusiveMaximum"))) {
            self.say(at, "too_large", format!("This may be at most {most}."));
        }
        if let Some(least) =
            limit("minimum").filter(|least| number < *least || (number <= *least && excluded("exclusiveMinimum")))
        {
            self.say(at, "too_small", format!("This must be at least {least}."));
        }
        let range = match schema.get("format").and_then(Value::as_str) {
            Some("int32") => f64::from(i32::MIN)..=f64::from(i32::MAX),
            Some("uint32") => 0.0..=f64::from(u32::MAX),
            _ => f64::MIN..=f64::MAX,
        };
        if !range.contains(&number) {
            self.say(at, "out_of_range", "This number is out of range.");
        }
    }

    fn array(&mut self, schema: &Value, items: &[Value], at: &str, hops: usize) {
        let count = items.len() as u64;
        if let Some(most) = bound(schema, "maxItems").filter(|most| count > *most) {
            return self.say(at, "too_many", format!("This may have {most} items, not {count}."));
        }
        if let Some(least) = bound(schema, "minItems").filter(|least| count < *least) {
            self.say(at, "too_few", format!("This must have {least} items or more."));
        }
        if let Some(of) = schema.get("items") {
            for (n, item) in items.iter().enumerate() {
                self.value(of, item, &format!("{at}/{n}"), hops);
            }
        }
    }

    fn object(&mut self, schema: &Value, members: &Map<String, Value>, at: &str, hops: usize) {
        let known = schema.get("properties").and_then(Value::as_object);
        for name in list(schema, "required").filter_map(Value::as_str).filter(|name| !members.contains_key(*name)) {
            self.say(&format!("{at}/{}", escaped(name)), "required", "This is needed.");
        }
        for (name, value) in members {
            let at = format!("{at}/{}", escaped(name));
            match (known.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
                (Some(of), _) => self.value(of, value, &at, hops),
                (None, Some(Value::Bool(false))) => self.say(&at, "unknown_field", "There is no such field."),
                (None, Some(of)) if of.is_object() => self.value(of, value, &at, hops),
                (None, _) => {}
            }
        }
    }
}

fn list<'a>(schema: &'a Value, name: &str) -> std::slice::Iter<'a, Value> {
    schema.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn bound(schema: &Value, name: &str) -> Option<u64> {
    schema.get(name).and_then(Value::as_u64)
}

/// A member's name in a JSON pointer, cut where somebody makes it absurdly long.
fn escaped(name: &str) -> String {
    name.chars().take(80).collect::<String>().replace('~', "~0").replace('/', "~1")
}
