//! The security checklist over all of the API: each test walks the document, so that a new operation is looked at too.

use crate::support::{Answer, House, PASSWORD, Person, with};
use iescp_core::account::{AdminInput, CreateAdmin, Purpose, Register, RegisterInput};
use iescp_core::campaign::{CampaignInput, DraftCampaign};
use iescp_core::session::{SignInInput, sign_in};
use iescp_core::{Actor, Error};
use iescp_web::api::{document, service, shipped};
use poem::http::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An operation of the document: its method, its path, and itself.
fn operations() -> (Value, Vec<(Method, String, Value)>) {
    let document = document(&service(shipped()).spec());
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().clone();
        methods.into_iter().map(move |(method, operation)| (method.to_uppercase().parse().unwrap(), path.clone(), operation))
    });
    (document, operations.collect())
}

/// A path of the document with ids that never were.
fn somewhere(path: &str) -> String {
    let parts: Vec<String> =
        path.split('/').map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.into() }).collect();
    parts.join("/")
}

fn named<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => &document["components"]["schemas"][name.rsplit('/').next().unwrap()],
        None => schema.get("allOf").map_or(schema, |all| named(document, &all[0])),
    }
}

fn properties(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = named(document, schema);
    schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect()
}

/// What the body of an operation may hold; nothing where it takes none.
fn body_of(document: &Value, operation: &Value) -> Option<BTreeSet<String>> {
    let content = operation["requestBody"]["content"].as_object()?;
    let (_, media) = content.iter().next()?;
    Some(properties(document, &media["schema"]))
}

async fn send(house: &House, who: &Person, method: &Method, path: &str, body: &Value) -> Answer {
    let ask = house
        .ask(method.clone(), path)
        .by(who)
        .header("If-Match", "\"v1\"")
        .header("Idempotency-Key", &Uuid::now_v7().to_string());
    (if *method == Method::PATCH { ask.patch(body) } else { ask.json(body) }).send().await
}

/// Whatever stands in any answer, and is not for this request, is refused in every request.
#[tokio::test]
async fn s_28_nothing_that_is_read_can_be_written_where_it_does_not_belong() {
    let house = House::open();
    let admin = house.admin("root").await;
    let (document, operations) = operations();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut everything: BTreeSet<String> = schemas.values().flat_map(|schema| properties(&document, schema)).collect();
    everything.extend(["owner_id", "is_admin", "budget_spent", "flagged", "password_hash"].map(str::to_owned));
    assert!(["role", "state", "created_at", "sponsor_id"].iter().all(|name| everything.contains(*name)));
    let mut looked_at = 0;
    for (method, path, operation) in operations {
        if operation["requestBody"]["content"].get("application/octet-stream").is_some() {
            continue;
        }
        let Some(taken) = body_of(&document, &operation) else { continue };
        let others: BTreeSet<&String> = everything.difference(&taken).collect();
        for some in others.into_iter().collect::<Vec<_>>().chunks(20) {
            let body: Map<String, Value> = some.iter().map(|name| ((*name).clone(), json!("admin"))).collect();
            let problem = send(&house, &admin, &method, &somewhere(&path), &body.into()).await.fails(422, "invalid");
            let refused: BTreeSet<&str> = problem["errors"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|error| error["code"] == "unknown_field")
                .map(|error| error["pointer"].as_str().unwrap().trim_start_matches('/'))
                .collect();
            let taken: Vec<_> = some.iter().filter(|name| !refused.contains(name.as_str())).collect();
            assert!(taken.is_empty(), "{method} {path} takes {taken:?} and does not say so");
        }
        looked_at += 1;
    }
    assert!(looked_at > 30, "{looked_at}");
}

#[tokio::test]
async fn s_46_a_parameter_given_twice_is_refused_wherever_there_is_one() {
    let house = House::open();
    let admin = house.admin("root").await;
    let mut looked_at = 0;
    let (document, operations) = operations();
    for (method, path, operation) in operations {
        for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            if parameter["schema"]["type"] == "array" {
                continue;
            }
            let schema = named(&document, &parameter["schema"]);
            let value = match (&schema["enum"][0], schema["format"].as_str(), name) {
                (Value::String(word), ..) => word.clone(),
                (_, Some("uuid"), _) => Uuid::nil().to_string(),
                (_, Some("date"), _) => "2026-05-01".into(),
                (_, _, "unread" | "under_review") => "true".into(),
                _ => "1".into(),
            };
            let twice = format!("{}?{name}={value}&{name}={value}", somewhere(&path));
            let answer = house.ask(method.clone(), &twice).by(&admin).send().await;
            let problem = answer.fails(400, "bad_parameter");
            assert_eq!(problem["errors"][0]["code"], "repeated_parameter", "{method} {twice}: {problem}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 40, "{looked_at}");
}

#[tokio::test]
async fn s_10_no_admin_sets_a_password_and_every_password_is_ones_own() {
    let (document, operations) = operations();
    let with_password: BTreeSet<String> = operations
        .iter()
        .filter(|(_, _, operation)| {
            body_of(&document, operation).is_some_and(|taken| taken.iter().any(|name| name.contains("password")))
        })
        .map(|(_, path, _)| path.clone())
        .collect();
    assert!(with_password.iter().all(|path| !path.starts_with("/admin")), "{with_password:?}");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let answered = operations.iter().flat_map(|(_, _, operation)| operation["responses"].as_array().into_iter().flatten());
    for response in answered {
        for (_, media) in response["content"].as_object().into_iter().flatten() {
            assert!(!properties(&document, &media["schema"]).iter().any(|name| name.contains("password")));
        }
    }
    assert!(!schemas.is_empty());
}

#[tokio::test]
async fn s_44_search_takes_signs_of_patterns_as_they_are_and_s_43_bounds_them() {
    let house = House::open();
    let sponsor = house.sponsor("teahouse").await;
    house.published(&sponsor, 1000).await;
    let all = house.seen(&sponsor, "/campaigns").await["items"].as_array().unwrap().len();
    assert_eq!(all, 1);
    for signs in ["%25", "_", "%25%25%25", "*", ".*", "(a%2B)%2B$", "[a-z]", "%5C", "%27%20OR%201%3D1--", "%00x"] {
        let answer = house.get(&sponsor, &format!("/campaigns?q={signs}zzzz")).await;
        assert!(answer.status.as_u16() < 500, "{signs}: {}", answer.text());
        if answer.status.is_success() {
            assert_eq!(answer.json()["items"], json!([]), "{signs}");
        }
    }
    let long = "(a%2B)%2B".repeat(500);
    let answer = house.get(&sponsor, &format!("/campaigns?q={long}")).await;
    assert_eq!(answer.status.as_u16(), 400, "{}", answer.text());
}

#[tokio::test]
async fn s_51_what_proves_one_thing_is_no_access_token() {
    let house = House::open();
    let lena = house.influencer("lena").await;
    let input = SignInInput { login: "lena".into(), password: PASSWORD.into(), refreshable: true, ..SignInInput::default() };
    let refresh = sign_in(&house.platform, &Actor::visitor(), &input).await.unwrap().secret;
    let verify = crate::letters::proving(&house, "lena@example.com").await;
    let made_up = Purpose::ResetPassword.token(house.platform.secret(), lena.id.into());
    for token in [refresh.reveal(), &verify, made_up.reveal(), PASSWORD] {
        let answer = house.ask(Method::GET, "/me").header("Authorization", &format!("Bearer {token}")).send().await;
        answer.fails(401, "signed_out");
    }
}

/// S-31: a token of five minutes does not carry what its owner may do.
#[tokio::test]
async fn s_31_what_somebody_may_do_ends_in_the_middle_of_a_token() {
    let house = House::open();
    let admin = house.admin("root").await;
    let lena = house.influencer("lena").await;
    house.seen(&lena, "/me").await;
    house.suspend(&lena).await;
    house.get(&lena, "/me").await.fails(401, "signed_out");
    let waiting = house.pending("acme").await;
    let campaign = house.done(&waiting, "/campaigns", house.campaign("Tea", 1000)).await["id"].as_str().unwrap().to_owned();
    house.post(&waiting, &format!("/campaigns/{campaign}/publish"), json!({})).await.fails(403, "forbidden");
    house.done(&admin, &format!("/admin/accounts/{}/approve", waiting.id), json!({})).await;
    house.done(&waiting, &format!("/campaigns/{campaign}/fund"), json!({ "amount": crate::support::usd(1000) })).await;
}

/// Where the core says that something is wrong.
fn places<T>(answer: Result<T, Error>) -> BTreeSet<String> {
    match answer {
        Err(Error::Invalid(fields)) => {
            fields.into_iter().map(|field| field.field.split('/').next().unwrap().to_owned()).collect()
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => BTreeSet::new(),
    }
}

/// Where the API says so.
fn pointers(answer: &Answer) -> BTreeSet<String> {
    if answer.status.is_success() {
        return BTreeSet::new();
    }
    let problem = answer.fails(422, "invalid");
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| error["pointer"].as_str().unwrap().split('/').nth(1).unwrap().to_owned()).collect()
}

/// S-32: the library, the API and the command line have one set of rules.
#[tokio::test]
async fn s_32_every_door_refuses_the_same() {
    let house = House::open();
    let long = "x".repeat(6000);
    let texts = ["", " ", "\u{202e}abc", "a\u{0}b", "a\nb", "ok-name", "a b", "<b>x</b>", "x@y", "é", &long, "\u{1f600}"];
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        for field in ["username", "email", "password", "display_name"] {
            let name = format!("n{}", Uuid::now_v7().simple().to_string().get(20..).unwrap());
            let mut body = with(
                json!({ "role": "influencer", "username": name, "email": format!("{name}@example.com"), "password": PASSWORD }),
                json!({ "display_name": "Lena" }),
            );
            body[field] = json!(text);
            let input: RegisterInput = serde_json::from_value(body.clone()).unwrap();
            let core = places(house.platform.run(&Actor::visitor(), Register::new(input.clone())).await);
            if core.is_empty() {
                continue;
            }
            let api = house.ask(Method::POST, "/auth/register").json(&body).send().await;
            assert_eq!(pointers(&api), core, "{field} {text:?}");
            if field != "display_name" {
                let admin = AdminInput { username: input.username, email: input.email, password: input.password };
                let terminal = places(house.platform.run(&Actor::terminal(), CreateAdmin::new(admin)).await);
                assert_eq!(terminal, core, "{field} {text:?}");
            }
            *refused.entry(field).or_default() += 1;
        }
    }
    assert!(refused.len() == 4 && refused.values().all(|count| *count >= 2), "{refused:?}");

    let sponsor = house.sponsor("teahouse").await;
    let mut wrong = 0;
    for text in texts {
        for field in ["title", "goals", "dos", "label"] {
            let body = with(house.campaign("Tea", 1000), json!({ field: text }));
            let mut flat = CampaignInput { title: "Tea".into(), ..CampaignInput::default() };
            match field {
                "title" => flat.title = text.into(),
                "goals" => flat.rest.goals = Some(text.into()),
                "dos" => flat.rest.dos = Some(text.into()),
                _ => flat.rest.label = Some(text.into()),
            }
            let core = places(house.platform.run(&Actor::account(sponsor.id.into()), DraftCampaign { input: flat }).await);
            let api = house.post(&sponsor, "/campaigns", body).await;
            assert_eq!(pointers(&api), core, "{field} {text:?}");
            wrong += core.len();
        }
    }
    assert!(wrong > 8, "{wrong}");
}

/// S-33: what is each right by itself and wrong together.
#[tokio::test]
async fn s_33_values_that_do_not_go_together_are_refused() {
    let house = House::open();
    let (sponsor, influencer) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    for (start, end, at) in [(5, 4, "end"), (1, -1, "end"), (-3, -2, "end")] {
        let dates = json!({ "start": house.day(start), "end": house.day(end) });
        let answer = house.post(&sponsor, "/campaigns", with(house.campaign("Tea", 1000), dates)).await;
        assert!(pointers(&answer).contains(at), "{start} {end}: {}", answer.text());
    }
    let campaign = house.published(&sponsor, 1000).await;
    let path = format!("/campaigns/{campaign}/requests");
    for change in [
        json!({ "amount": { "amount": 0, "currency": "USD" } }),
        json!({ "amount": { "amount": 10, "currency": "EUR" } }),
        json!({ "due": house.day(-1) }),
        json!({ "due": house.day(4000) }),
    ] {
        let answer = house.post(&influencer, &path, with(house.terms(10), change.clone())).await;
        assert!(!pointers(&answer).is_empty(), "{change}: {}", answer.text());
    }
    let request = house.applied(&influencer, &campaign, 400).await;
    house.done(&sponsor, &format!("/requests/{request}/accept"), json!({ "offer": 1, "name": "Tea House" })).await;
    let version = house.get(&sponsor, &format!("/campaigns/{campaign}")).await.header("etag").to_owned();
    let lower = json!({ "budget": crate::support::usd(399) });
    let answer = house.ask(Method::PATCH, &format!("/campaigns/{campaign}")).by(&sponsor).header("If-Match", &version);
    answer.patch(&lower).send().await.wrong(&[("/budget", "below_committed")]);
}
