use super::*;
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use serde_json::{Value, json};

const HERE: &str = "https://iescp.example";

fn now() -> Timestamp {
    "2026-05-01T12:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn secrets() -> Secrets {
    Secrets::random(now()).unwrap()
}

/// Signs anything with the real key, as only we or a bug of ours could.
fn signed(secrets: &Secrets, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let message = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_secret(secrets.signing.key.bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

fn good(secrets: &Secrets) -> (Value, Value) {
    let at = now().as_second();
    let id = Uuid::now_v7();
    let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": secrets.signing.kid });
    let claims =
        json!({ "iss": HERE, "aud": "iescp-api", "sub": id, "sid": id, "jti": id, "iat": at, "nbf": at, "exp": at + 300 });
    (header, claims)
}

#[test]
fn s_50_an_issued_token_is_accepted_and_says_who() {
    let tokens = AccessTokens::new(&secrets(), HERE);
    let (account, session) = (Uuid::now_v7(), Uuid::now_v7());
    let claims = tokens.verify(&tokens.issue(account, session, now()).unwrap(), later(200)).unwrap();
    assert_eq!((claims.sub, claims.sid), (account, session));
}

#[test]
fn s_50_forged_headers_are_refused() {
    let secrets = secrets();
    let tokens = AccessTokens::new(&secrets, HERE);
    let (header, claims) = good(&secrets);
    assert!(tokens.verify(&signed(&secrets, &header, &claims), now()).is_ok(), "the corpus starts from a good token");
    let corpus = [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("nOnE")),
        ("alg", json!("HS384")),
        ("alg", json!("RS256")),
        ("alg", json!("EdDSA")),
        ("alg", json!("")),
        ("typ", json!("JWT")),
        ("typ", json!("vt+jwt")),
        ("typ", json!(null)),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("")),
        ("kid", json!(null)),
        ("kid", json!("somebody-else")),
        ("crit", json!(["exp"])),
    ];
    for (member, value) in corpus {
        let mut forged = header.clone();
        forged[member] = value.clone();
        assert_eq!(tokens.verify(&signed(&secrets, &forged, &claims), now()), Err(Rejected::NotOurs), "{member} = {value}");
    }
}

#[test]
fn s_50_keys_that_the_token_brings_along_are_not_used() {
    let (ours, theirs) = (secrets(), secrets());
    let tokens = AccessTokens::new(&ours, HERE);
    let (mut header, claims) = good(&ours);
    let jwk = json!({ "kty": "oct", "k": String::from(theirs.signing.key.clone()) });
    for (member, value) in [("jwk", jwk), ("jku", json!("https://evil.example/k")), ("x5u", json!("https://evil.example/k"))] {
        header[member] = value;
        assert_eq!(tokens.verify(&signed(&theirs, &header, &claims), now()), Err(Rejected::NotOurs), "{member}");
    }
}

#[test]
fn s_50_altered_and_unsigned_tokens_are_refused() {
    let secrets = secrets();
    let tokens = AccessTokens::new(&secrets, HERE);
    let token = tokens.issue(Uuid::now_v7(), Uuid::now_v7(), now()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let (_, mut claims) = good(&secrets);
    claims["sub"] = json!(Uuid::now_v7());
    let altered = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    let none = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
    let corpus = [
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{altered}.{}", parts[0], parts[2]),
        format!("{none}.{altered}."),
        format!("{token}."),
        format!("{token}A"),
        "..".into(),
        String::new(),
        "a".repeat(100_000),
    ];
    for forged in corpus {
        assert_eq!(tokens.verify(&forged, now()), Err(Rejected::NotOurs), "{forged:.60}");
    }
}

#[test]
fn s_51_every_claim_is_needed_and_checked() {
    let secrets = secrets();
    let tokens = AccessTokens::new(&secrets, HERE);
    let (header, claims) = good(&secrets);
    for name in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
        let mut without = claims.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(tokens.verify(&signed(&secrets, &header, &without), now()), Err(Rejected::NotOurs), "without {name}");
    }
    let at = now().as_second();
    let wrong = [
        ("iss", json!("https://evil.example")),
        ("aud", json!("iescp-mail")),
        ("aud", json!(["iescp-api", "other"])),
        ("sub", json!("admin")),
        ("sid", json!(1)),
        ("iat", json!(at + 31)),
        ("nbf", json!(at + 31)),
        ("nbf", json!(at - 1)),
        ("exp", json!(at + 301)),
        ("exp", json!(at)),
        ("exp", json!("never")),
        ("exp", json!(1e300)),
        ("exp", json!(i64::MAX)),
        ("iat", json!(i64::MIN)),
    ];
    for (name, value) in wrong {
        let mut forged = claims.clone();
        forged[name] = value.clone();
        assert_eq!(tokens.verify(&signed(&secrets, &header, &forged), now()), Err(Rejected::NotOurs), "{name} = {value}");
    }
}

#[test]
fn s_51_a_token_lives_five_minutes_and_at_most_thirty_seconds_more() {
    let tokens = AccessTokens::new(&secrets(), HERE);
    let token = tokens.issue(Uuid::now_v7(), Uuid::now_v7(), now()).unwrap();
    assert!(tokens.verify(&token, later(329)).is_ok());
    assert_eq!(tokens.verify(&token, later(330)), Err(Rejected::Expired));
    assert!(tokens.verify(&token, later(-30)).is_ok());
    assert_eq!(tokens.verify(&token, later(-31)), Err(Rejected::NotOurs));
}

#[test]
fn s_55_a_retired_key_verifies_for_ten_minutes_and_signs_nothing() {
    let old = secrets();
    let token = AccessTokens::new(&old, HERE).issue(Uuid::now_v7(), Uuid::now_v7(), later(599)).unwrap();
    let rotated = old.clone().rotate(now()).unwrap();
    let tokens = AccessTokens::new(&rotated, HERE);
    assert!(tokens.verify(&token, later(600)).is_ok());
    assert_eq!(tokens.verify(&token, later(601)), Err(Rejected::NotOurs));
    let fresh = tokens.issue(Uuid::now_v7(), Uuid::now_v7(), now()).unwrap();
    assert_eq!(decode_header(&fresh).unwrap().kid.as_deref(), Some(rotated.signing.kid.as_str()));
}
