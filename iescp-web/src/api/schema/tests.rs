use super::*;
use serde_json::json;

fn schemas() -> Schemas {
    Schemas::of(&json!({ "components": { "schemas": {
        "Money": { "type": "object", "required": ["amount", "currency"], "additionalProperties": false, "properties": {
            "amount": { "type": "integer", "format": "int64", "minimum": 0.0 },
            "currency": { "type": "string", "enum": ["USD", "EUR"] } } },
        "Plan": { "type": "object", "required": ["title", "fee"], "additionalProperties": false, "properties": {
            "title": { "type": "string", "minLength": 1, "maxLength": 5 },
            "fee": { "allOf": [{ "$ref": "#/components/schemas/Money" }, { "description": "What is paid." }] },
            "note": { "type": "string", "nullable": true },
            "tags": { "type": "array", "maxItems": 2, "items": { "type": "string" } },
            "when": { "type": "string", "format": "date" },
            "part": { "$ref": "#/components/schemas/Plan" } } },
        "Loop": { "$ref": "#/components/schemas/Loop" }
    } } }))
}

fn codes(value: &Value) -> Vec<(String, String)> {
    let found = schemas().check(&json!({ "$ref": "#/components/schemas/Plan" }), value);
    found.into_iter().map(|problem| (problem.pointer, problem.code.to_owned())).collect()
}

fn found(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect()
}

#[test]
fn what_the_document_allows_passes() {
    let fee = json!({ "amount": 125_000, "currency": "USD" });
    assert_eq!(codes(&json!({ "title": "ä😀", "fee": fee, "note": null, "tags": ["a"], "when": "2026-05-31" })), []);
    assert_eq!(codes(&json!({ "title": "x", "fee": fee, "part": { "title": "y", "fee": fee } })), []);
}

#[test]
fn everything_wrong_is_told_at_once_with_pointers() {
    let value = json!({ "title": "too long", "fee": { "amount": 1.5, "currency": "XXX", "role": 1 }, "tags": [1, "a"], "when": "2026-02-30", "a/b": 1 });
    let mut all = codes(&value);
    all.sort();
    assert_eq!(
        all,
        found(&[
            ("/a~1b", "unknown_field"),
            ("/fee/amount", "wrong_type"),
            ("/fee/currency", "unknown_value"),
            ("/fee/role", "unknown_field"),
            ("/tags/0", "wrong_type"),
            ("/title", "too_long"),
            ("/when", "wrong_format"),
        ])
    );
}

#[test]
fn s_34_money_is_a_whole_number() {
    for amount in [json!(1.0), json!("1_000"), json!(1e300), json!(null), json!(-1), json!(true)] {
        let value = json!({ "title": "x", "fee": { "amount": amount, "currency": "USD" } });
        assert_eq!(codes(&value).len(), 1, "{amount}");
    }
}

#[test]
fn null_is_only_for_what_may_be_empty() {
    assert_eq!(codes(&json!({ "title": null, "fee": { "amount": 1, "currency": "USD" } })), found(&[("/title", "wrong_type")]));
    assert_eq!(codes(&json!(null)), found(&[("", "wrong_type")]));
    assert_eq!(codes(&json!({})), found(&[("/title", "required"), ("/fee", "required")]));
}

#[test]
fn a_schema_that_refers_to_itself_ends() {
    assert_eq!(schemas().check(&json!({ "$ref": "#/components/schemas/Loop" }), &json!(1)), []);
}

#[test]
fn parameters_are_read_as_their_type() {
    let schema = json!({ "type": "integer", "minimum": 1, "maximum": 100 });
    let codes = |text: &str| schemas().check_text(&schema, text).first().map(|problem| problem.code);
    assert_eq!(codes("100"), None);
    assert_eq!(codes("0"), Some("too_small"));
    assert_eq!(codes("101"), Some("too_large"));
    for junk in ["", "1.5", "ten", "1e2", " 1"] {
        assert_eq!(codes(junk), Some("wrong_type"), "{junk}");
    }
}
