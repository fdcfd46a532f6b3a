//! The whole house around a tiny API that only tests have: statuses, headers, problems.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod tiny;

use poem::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use tiny::{Answer, ask, house, house_with, settings};

#[tokio::test]
async fn s_57_every_answer_carries_the_table_of_headers() {
    let house = house();
    let css = iescp_web::assets::url("reference.css");
    let cases =
        ["/healthz", "/api/docs", "/api/openapi.json", css, "/api/v1/things", "/nowhere", "/api/v1/nowhere", "/api/v1/panic"];
    for path in cases {
        let answer = ask(&house, Method::GET, path).await;
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
            "x-frame-options",
            "x-dns-prefetch-control",
            "x-request-id",
            "cache-control",
        ] {
            assert!(answer.header(name).is_some(), "{path} lacks {name}");
        }
        assert!(answer.header("server").is_none() && answer.header("strict-transport-security").is_none(), "{path}");
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    }
    let not_modified = tiny::send(&house, |r| r.uri_str(css).header("if-none-match", tag_of(css))).await;
    assert_eq!(not_modified.status, StatusCode::NOT_MODIFIED);
    assert!(not_modified.header("content-security-policy").is_some());
}

fn tag_of(css: &str) -> String {
    format!("\"{}\"", css.split('.').nth(1).unwrap())
}

#[tokio::test]
async fn s_57_hsts_is_said_only_when_people_come_over_tls() {
    let tls = house_with(settings(&["--public-url", "https://iescp.example"]));
    assert!(ask(&tls, Method::GET, "/healthz").await.header("strict-transport-security").unwrap().contains("63072000"));
}

#[tokio::test]
async fn s_58_api_answers_are_not_stored() {
    assert_eq!(ask(&house(), Method::GET, "/api/v1/things").await.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_01_every_failure_under_api_is_a_whole_problem() {
    let house = house();
    let cases = [
        (ask(&house, Method::GET, "/api/nowhere").await, 404, "not_found"),
        (ask(&house, Method::GET, "/api/v1/things/").await, 404, "not_found"),
        (ask(&house, Method::GET, "/api/v1/things/1/2/3").await, 404, "not_found"),
        (ask(&house, Method::GET, "/api/v1/things/ten").await, 400, "wrong_format"),
        (ask(&house, Method::DELETE, "/api/v1/things").await, 405, "method_not_allowed"),
        (ask(&house, Method::TRACE, "/api/v1/things").await, 405, "method_not_allowed"),
        (ask(&house, Method::GET, "/api/v1/secret").await, 401, "signed_out"),
        (ask(&house, Method::GET, "/api/v1/panic").await, 500, "internal"),
        (ask(&house, Method::GET, "/api/v1/things?limit=ten").await, 400, "wrong_type"),
        (ask(&house, Method::GET, "/api/v1/things?limit=0").await, 400, "too_small"),
        (ask(&house, Method::GET, "/api/v1/things?limit=101").await, 400, "too_large"),
        (ask(&house, Method::GET, "/api/v1/things?limit=1&limit=1").await, 400, "repeated_parameter"),
        (ask(&house, Method::GET, "/api/v1/things?role=admin").await, 400, "unknown_parameter"),
        (ask(&house, Method::GET, "/api/v1/things?cursor=%21").await, 400, "bad_parameter"),
    ];
    for (answer, status, code) in cases {
        assert_eq!(answer.status.as_u16(), status, "{code}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let body = answer.json();
        assert_eq!(body["status"], status);
        let told = body["errors"][0]["code"].as_str().or(body["code"].as_str());
        assert!(told == Some(code) || body["code"] == code, "{code}: {body}");
        assert_eq!(body["instance"], format!("urn:uuid:{}", answer.header("x-request-id").unwrap()));
        let anchor = body["type"].as_str().unwrap().strip_prefix("/api/docs/problems#").unwrap().to_owned();
        let page = ask(&house, Method::GET, "/api/docs/problems").await;
        assert!(page.text().contains(&format!("id=\"{anchor}\"")), "{anchor} is not explained");
    }
}

#[tokio::test]
async fn s_62_a_panic_is_500_without_a_word_and_the_house_lives_on() {
    let house = house();
    let answer = ask(&house, Method::GET, "/api/v1/panic").await;
    assert_eq!(answer.status.as_u16(), 500);
    assert!(!answer.text().contains("planted") && !answer.text().contains("/src/"));
    assert_eq!(ask(&house, Method::GET, "/api/v1/things").await.status.as_u16(), 200);
}

#[tokio::test]
async fn s_70_outside_the_api_failures_are_pages() {
    let house = house();
    for path in ["/.git/config", "/.env", "/dashboard/x.css", "/assets/.htaccess", "/assets/x.css", "/../etc/passwd", "//"] {
        let answer = ask(&house, Method::GET, path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{path}");
        assert!(!answer.text().replace("<script src=\"/assets/", "").contains("<script"), "{path}");
    }
}

#[tokio::test]
async fn s_67_other_methods_are_405_and_options_tells_those_there_are() {
    let house = house();
    for method in ["TRACE", "CONNECT", "PUT", "DELETE", "BREW"] {
        let answer = ask(&house, Method::from_bytes(method.as_bytes()).unwrap(), "/api/v1/things").await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("GET, POST, HEAD, OPTIONS")), "{method}");
    }
    let answer = ask(&house, Method::OPTIONS, "/api/v1/things").await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (204, Some("GET, POST, HEAD, OPTIONS")));
    assert_eq!(ask(&house, Method::OPTIONS, "/api/v1/nowhere").await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_12_head_is_get_without_the_body() {
    let house = house();
    for path in ["/healthz", "/api/v1/things", "/api/openapi.json", "/nowhere"] {
        let (get, head) = (ask(&house, Method::GET, path).await, ask(&house, Method::HEAD, path).await);
        assert_eq!((head.status, head.header("content-type")), (get.status, get.header("content-type")), "{path}");
        assert!(head.body.is_empty() && !get.body.is_empty());
        let length: usize = head.header("content-length").unwrap().parse().unwrap();
        assert_eq!(length, get.body.len(), "{path}");
    }
}

#[tokio::test]
async fn s_22_a_cookie_is_nobody_on_the_api() {
    let answer =
        tiny::send(&house(), |r| r.uri_str("/api/v1/secret").header("cookie", "__Host-iescp=anything; iescp=anything")).await;
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, Some("Bearer")));
}

#[tokio::test]
async fn a_12_a_worthless_token_is_401_even_where_anybody_may_ask() {
    let house = house();
    for path in ["/api/v1/secret", "/api/v1/things"] {
        let answer = tiny::send(&house, |r| r.uri_str(path).header("authorization", "Bearer a.b.c")).await;
        assert_eq!(answer.status.as_u16(), 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }
    let signed_in = tiny::send(&house, |r| r.uri_str("/api/v1/secret").header("authorization", tiny::token())).await;
    assert_eq!(signed_in.status.as_u16(), 200);
    assert_eq!(signed_in.json()["account"], tiny::ACCOUNT.to_string());
}

#[tokio::test]
async fn s_23_other_origins_are_not_let_in_unless_listed() {
    let probe = |origin: &'static str| move |r: poem::RequestBuilder| r.uri_str("/api/v1/things").header("origin", origin);
    let closed = tiny::send(&house(), probe("https://evil.example")).await;
    assert!(closed.header("access-control-allow-origin").is_none());

    let open = house_with(settings(&["--cors-origins", "https://app.example,https://two.example"]));
    for evil in
        ["https://evil.example", "https://app.example.evil.example", "null", "http://app.example", "https://app.example:8443"]
    {
        assert!(tiny::send(&open, probe(evil)).await.header("access-control-allow-origin").is_none(), "{evil}");
    }
    let let_in = tiny::send(&open, probe("https://app.example")).await;
    assert_eq!(let_in.header("access-control-allow-origin"), Some("https://app.example"));
    assert!(let_in.header("access-control-allow-credentials").is_none());
    assert!(let_in.all("vary").contains("Origin"));
    let preflight = tiny::send(&open, |r| {
        let r = r.method(Method::OPTIONS).uri_str("/api/v1/things").header("origin", "https://two.example");
        r.header("access-control-request-method", "POST")
    })
    .await;
    assert_eq!(preflight.status.as_u16(), 204);
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("POST"));
}

#[tokio::test]
async fn a_05_answers_tell_what_is_left_and_too_many_are_429() {
    let house = house_with(settings(&["--rate-limit", "2", "--rate-window", "10"]));
    let first = ask(&house, Method::GET, "/api/v1/things").await;
    assert_eq!(first.header("ratelimit-policy"), Some("\"default\";q=2;w=10"));
    assert!(first.header("ratelimit").unwrap().starts_with("\"default\";r=1;t="));
    assert_eq!(ask(&house, Method::GET, "/api/v1/nowhere").await.status.as_u16(), 404);
    let third = ask(&house, Method::GET, "/api/v1/things").await;
    assert_eq!(third.status.as_u16(), 429);
    assert_eq!(third.json()["type"], "/api/docs/problems#quota-exceeded");
    let wait: u64 = third.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=5).contains(&wait));
    assert_eq!(ask(&house, Method::GET, "/healthz").await.status.as_u16(), 200);
    let other = tiny::send(&house, |r| r.uri_str("/api/v1/secret").header("authorization", tiny::token())).await;
    assert_eq!(other.status.as_u16(), 200, "a person has a bucket of their own");
}

#[tokio::test]
async fn compression_honours_weights_varies_and_marks_the_tag() {
    let house = house();
    let get = |accept: &'static str| tiny::send(&house, move |r| r.uri_str("/api/docs").header("accept-encoding", accept));
    let plain = get("br;q=0, gzip;q=0, zstd;q=0").await;
    assert!(plain.header("content-encoding").is_none() && plain.all("vary").contains("Accept-Encoding"));
    for (accept, coding) in [("gzip, br", "br"), ("gzip", "gzip"), ("zstd", "zstd"), ("br;q=0, *", "zstd")] {
        let answer = get(accept).await;
        assert_eq!(answer.header("content-encoding"), Some(coding), "{accept}");
        assert!(answer.body.len() < plain.body.len());
        let tag = answer.header("etag").unwrap().to_owned();
        assert!(tag.ends_with(&format!("+{coding}\"")));
        let again = tiny::send(&house, move |r| r.uri_str("/api/docs").header("if-none-match", tag)).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
    let tiny_body = tiny::send(&house, |r| r.uri_str("/healthz").header("accept-encoding", "br")).await;
    assert!(tiny_body.header("content-encoding").is_none() && tiny_body.all("vary").contains("Accept-Encoding"));
}

#[tokio::test]
async fn s_71_headers_beyond_16_kb_are_431_and_bodies_beyond_the_limit_413() {
    let house = house();
    let answer = tiny::send(&house, |r| r.uri_str("/api/v1/things").header("x-much", "a".repeat(17_000))).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (431, Some("headers_too_large")));
    let big = || json!({ "title": "a".repeat(70_000) }).to_string();
    let announced = post(&house, "/api/v1/things", big()).await;
    assert_eq!(announced.status.as_u16(), 413);
    let chunks = futures_util::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![b'a'; 1000])));
    let body = poem::Body::from_bytes_stream(chunks);
    let chunked = tiny::call(
        &house,
        poem::Request::builder().method(Method::POST).uri_str("/api/v1/things").content_type("application/json").body(body),
    )
    .await;
    assert_eq!((chunked.status.as_u16(), chunked.json()["code"].as_str()), (413, Some("too_large")));
}

async fn post(house: &tiny::App, path: &str, body: String) -> Answer {
    let request = poem::Request::builder().method(Method::POST).uri_str(path).content_type("application/json").body(body);
    tiny::call(house, request).await
}

#[tokio::test]
async fn s_68_only_a_trusted_proxy_speaks_for_others() {
    let spoofing = |house: &tiny::App, n: u8| {
        let request =
            poem::Request::builder().uri_str("/api/v1/things").header("x-forwarded-for", format!("203.0.113.{n}")).finish();
        let house = house.clone();
        async move { tiny::call(&house, request).await.status.as_u16() }
    };
    let house = house_with(settings(&["--rate-limit", "1", "--rate-window", "1000"]));
    assert_eq!((spoofing(&house, 1).await, spoofing(&house, 2).await), (200, 429));
}

#[tokio::test]
async fn s_69_metrics_are_there_only_for_those_who_may_read_them() {
    assert_eq!(ask(&house(), Method::GET, "/metrics").await.status.as_u16(), 404);
    let mut with_token = settings(&["--metrics"]);
    with_token.metrics_token = Some(iescp_web::settings::Secret::new("token", "0123456789abcdef").unwrap());
    let house = house_with(with_token);
    assert_eq!(ask(&house, Method::GET, "/metrics").await.status.as_u16(), 404);
    ask(&house, Method::GET, "/api/v1/things").await;
    let read = tiny::send(&house, |r| r.uri_str("/metrics").header("authorization", "Bearer 0123456789abcdef")).await;
    assert_eq!(read.status.as_u16(), 200);
    assert!(read.text().contains("path=\"/api/v1/things\""), "{}", read.text());
    let wrong = tiny::send(&house, |r| r.uri_str("/metrics").header("authorization", "Bearer 0123456789abcdee")).await;
    assert_eq!(wrong.status.as_u16(), 404);
}

#[tokio::test]
async fn readiness_follows_the_checks_and_the_shutdown() {
    use iescp_web::health::Check;
    let failing = tiny::built(settings(&[]), |house| house.checks.push(Check::new("store", || async { Err("planted".into()) })));
    let answer = ask(&failing, Method::GET, "/readyz").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["checks"]["store"]), (503, &json!("failed")));
    assert!(!answer.text().contains("planted"));

    let stopping = tiny::built(settings(&[]), |house| house.shutdown.begin());
    assert_eq!(ask(&stopping, Method::GET, "/readyz").await.status.as_u16(), 503);
    assert_eq!(ask(&stopping, Method::GET, "/healthz").await.status.as_u16(), 200);
    assert_eq!(ask(&house(), Method::GET, "/readyz").await.json()["status"], "ready");
}

#[tokio::test]
async fn a_17_the_reference_needs_no_script_and_no_other_origin() {
    let house = house();
    for path in ["/api/docs", "/api/docs/problems"] {
        let page = ask(&house, Method::GET, path).await;
        let text = page.text();
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        for never in ["<script", "style=", "http://", "https://", "onclick"] {
            assert!(!text.contains(never), "{path} has {never}");
        }
        assert!(text.contains(iescp_web::assets::url("reference.css")));
    }
    let page = ask(&house, Method::GET, "/api/docs").await.text();
    for told in ["/things/{id}", "change_thing", "If-Match", "Idempotency-Key", "schema-Thing", "next_cursor"] {
        assert!(page.contains(told), "the reference does not tell {told}");
    }
    let compressed = tiny::send(&house, |r| r.uri_str("/api/docs").header("accept-encoding", "br")).await;
    assert!(compressed.body.len() < 60_000);
}

#[tokio::test]
async fn s_50_tokens_of_another_house_are_worth_nothing() {
    let elsewhere = house_with(settings(&["--public-url", "https://other.example"]));
    let answer = tiny::send(&elsewhere, |r| r.uri_str("/api/v1/secret").header(header::AUTHORIZATION, tiny::token())).await;
    assert_eq!(answer.status.as_u16(), 401);
    let _: Value = answer.json();
}

#[tokio::test(start_paused = true)]
async fn s_71_a_body_that_does_not_come_is_408_and_a_handler_that_does_not_end_503() {
    let house = house();
    let never = poem::Body::from_bytes_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request =
        poem::Request::builder().method(Method::POST).uri_str("/api/v1/things").content_type("application/json").body(never);
    assert_eq!(tiny::call(&house, request).await.status.as_u16(), 408);
    let answer = ask(&house, Method::GET, "/api/v1/endless").await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (503, Some("gave_up")));
    assert!(answer.header("retry-after").is_some());
}
