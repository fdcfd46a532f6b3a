//! Registering, signing in and out, forms that come from elsewhere or too late.

use crate::house::{House, PASSWORD};
use poem::http::Method;

const NAME: &str = "iescp";

#[tokio::test]
async fn somebody_registers_is_signed_in_and_signs_out() {
    let house = House::open();
    let mut ada = house.visitor();
    let page = ada.get("/register?role=influencer").await;
    let values = [("display_name", "Ada Byron"), ("username", "ada"), ("email", "ada@example.com"), ("password", PASSWORD)];
    let home = ada.send(&page, "/register", &values).await;
    assert_eq!(home.path, "/dashboard");
    home.says("Welcome!");
    assert!(home.has("form[action='/sign-out']"), "S-19");
    assert!(!ada.get("/dashboard").await.text().contains("Welcome!"), "what was said is said once");
    let left = ada.post("/sign-out", &[]).await;
    assert_eq!(left.path, "/");
    left.says("You have signed out.");
    assert!(!ada.cookies.contains_key(NAME));
    assert!(ada.get("/dashboard").await.path.starts_with("/sign-in?next="));
}

#[tokio::test]
async fn u_04_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_where() {
    let house = House::open();
    let mut ada = house.visitor();
    let page = ada.get("/register").await;
    let values = [("role", "sponsor"), ("username", "a"), ("email", "nowhere"), ("password", "short")];
    let refused = ada.send(&page, "/register", &values).await;
    refused.refuses(422, "A user name has at least 3 characters.");
    for field in ["username", "email", "password"] {
        assert!(refused.has(&format!("#f-{field}[aria-invalid=true][aria-describedby~=f-{field}-wrong]")), "{field}");
        assert!(refused.has(&format!(".summary a[href='#f-{field}']")), "{field}");
    }
    assert!(refused.has("#f-username[value=a]") && refused.has("input[value=sponsor][checked]"));
    assert!(!refused.html.contains("value=\"short\""), "a password is never sent back");
}

#[tokio::test]
async fn s_12_the_cookie_is_hardened_and_the_store_keeps_only_a_hash() {
    let house = House::open_with(&["--public-url", "https://iescp.example"]);
    house.influencer("ada").await;
    let form = format!("login=ada&password={PASSWORD}&remember=yes");
    let request = poem::Request::builder().method(Method::POST).uri_str("/sign-in").header("sec-fetch-site", "same-origin");
    let answer = house.answer(request.header("content-type", "application/x-www-form-urlencoded").body(form)).await;
    let line = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(line.starts_with("__Host-iescp="), "{line}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(line.split("; ").any(|known| known.starts_with(part)), "{line} lacks {part}");
    }
    assert!(!line.contains("Domain"));
    let secret = line.split(['=', ';']).nth(1).unwrap();
    assert!(secret.len() >= 22, "128 bits at least");
}

#[tokio::test]
async fn s_13_signing_in_always_begins_a_new_session() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let before = ada.cookies[NAME].clone();
    ada.post("/sign-out", &[]).await;
    ada.cookies.insert(NAME.to_owned(), before.clone());
    assert!(ada.get("/dashboard").await.path.starts_with("/sign-in"), "the old secret opens nothing");
    let page = ada.get("/sign-in").await;
    ada.send(&page, "/sign-in", &[("login", "ada"), ("password", PASSWORD)]).await;
    assert_ne!(ada.cookies[NAME], before);
}

#[tokio::test]
async fn s_20_s_24_forms_from_other_sites_do_nothing() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let origin = "http://127.0.0.1:8080";
    let refused: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site"), ("origin", origin)],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("referer", "https://evil.example/127.0.0.1:8080/")],
        &[],
    ];
    for headers in refused {
        for path in ["/sign-out", "/sign-in", "/register", "/look"] {
            assert_eq!(ada.ask(Method::POST, path, headers, Some(String::new())).await.status, 403, "{path} {headers:?}");
        }
    }
    ada.get("/dashboard").await.says("ada of old");
    for headers in [&[("origin", origin)], &[("referer", "http://127.0.0.1:8080/dashboard")]] {
        assert_eq!(ada.ask(Method::POST, "/look", headers, Some("theme=dark".into())).await.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_after_its_session_ended_is_still_there_after_signing_in_again() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    ada.cookies.remove(NAME);
    let fields = [("theme".to_owned(), "dark".to_owned()), ("password".to_owned(), "secret".to_owned())];
    let again = ada.post("/settings/profile", &fields).await;
    if again.status == 404 {
        return;
    }
    assert_eq!(again.status, 401);
    assert!(again.has("input[name='kept.theme'][value=dark]") && !again.html.contains("secret"));
    let kept = ada.send(&again, "/sign-in", &[("login", "ada"), ("password", PASSWORD)]).await;
    assert!(kept.has("form[action='/settings/profile'] input[name=theme][value=dark]"), "{}", kept.html);
}

#[tokio::test]
async fn s_15_signing_out_clears_what_the_browser_keeps_and_pages_are_never_stored() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let home = ada.get("/dashboard").await;
    assert_eq!(home.header("cache-control"), "no-store");
    assert!(home.headers.get_all("vary").iter().any(|value| value == "HX-Request"));
    assert_eq!(home.header("x-robots-tag"), "noindex");
    let request = poem::Request::builder().method(Method::POST).uri_str("/sign-out").header("sec-fetch-site", "same-origin");
    let cookie = format!("{NAME}={}", ada.cookies[NAME]);
    let answer =
        house.answer(request.header("cookie", cookie).header("content-type", "application/x-www-form-urlencoded").finish()).await;
    assert_eq!(answer.headers()["clear-site-data"], "\"cache\"");
}

#[tokio::test]
async fn the_same_address_answers_a_fragment_to_htmx_and_a_page_otherwise() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let whole = ada.get("/dashboard").await;
    assert!(whole.html.starts_with("<!DOCTYPE html>"));
    let headers = [("hx-request", "true"), ("hx-request-type", "partial"), ("hx-target", "div#view")];
    let view = ada.ask(Method::GET, "/dashboard", &headers, None).await;
    assert!(view.html.starts_with("<title>") && !view.html.contains("<html") && view.html.contains("id=\"main\""));
}

#[tokio::test]
async fn u_19_what_is_not_there_says_so_and_keeps_the_navigation() {
    let house = House::open();
    let mut ada = house.influencer("ada").await;
    let nowhere = ada.get("/nowhere/at/all").await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.has("nav.main a[href='/dashboard']") && nowhere.title().starts_with("Error: "));
    for path in ["/.git/config", "/dashboard/x.css", "/assets/", "/.env"] {
        assert_eq!(ada.get(path).await.status, 404, "{path} (S-58, S-70)");
    }
}
