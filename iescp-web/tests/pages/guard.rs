//! What keeps people safe on every page: fields that password managers know, headers, links, markup, what is not there.

use crate::browser::{Browser, css};
use crate::deals::{agreed, campaign, deliver};
use crate::house::House;
use crate::trips::Market;
use iescp_web::pages;
use iescp_web::routes::Routes;
use poem::Request;
use poem::http::{HeaderMap, Method};

#[tokio::test]
async fn s_04_password_managers_know_every_field_and_nothing_hinders_them() {
    let house = House::open();
    let mut visitor = house.visitor();
    let mut ines = house.influencer("ines").await;
    house.clock.advance(jiff::SignedDuration::from_mins(30));
    let known = [
        ("password", "current-password"),
        ("current_password", "current-password"),
        ("new_password", "new-password"),
        ("login", "username"),
        ("username", "username"),
        ("email", "email"),
        ("code", "one-time-code"),
    ];
    let mut seen = 0;
    for (signed_in, path, own) in [
        (false, "/sign-in", [("password", "current-password")]),
        (false, "/register", [("password", "new-password")]),
        (false, "/password/forgot", [("email", "email")]),
        (false, "/password/reset?token=unknown", [("password", "new-password")]),
        (true, "/settings/security", [("new_password", "new-password")]),
        (true, "/settings/security/totp", [("again.password", "current-password")]),
    ] {
        let page = match path {
            // What needs the password of a moment ago asks for it.
            "/settings/security/totp" => {
                let form = ines.get("/settings/security").await;
                ines.send(&form, path, &[]).await
            }
            _ if signed_in => ines.get(path).await,
            _ => visitor.get(path).await,
        };
        for input in page.document().select(&css("main input[name]:not([type=hidden])")) {
            let (name, kind) = (input.attr("name").unwrap(), input.attr("type").unwrap_or("text"));
            let token = own.iter().chain(&known).find(|(known, _)| *known == name).map(|(_, token)| *token);
            let Some(token) = token else { continue };
            assert_eq!(input.attr("autocomplete"), Some(token), "{path}: {name}");
            assert_eq!(kind == "password", token.ends_with("-password"), "{path}: {name} is {kind}");
            assert_eq!(input.attr("value").filter(|_| kind == "password"), None, "{path}: a password is never sent back");
            assert!(input.attr("maxlength").is_none() || kind != "password", "{path}: a password is never cut");
            seen += 1;
        }
        let script = page.html.contains("onpaste") || page.html.contains("oncopy");
        assert!(!script, "{path}: pasting is hindered");
    }
    assert!(seen >= 11, "only {seen} fields were seen");
}

fn said(headers: &HeaderMap, name: &str) -> String {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn s_25_every_page_is_for_our_own_pages_and_says_what_it_depends_on() {
    let house = House::open();
    let market = Market::open(&house).await;
    let mut shown = 0;
    for place in pages::routes(Routes::new()).finish().1.places() {
        if !place.knows(&Method::GET) {
            continue;
        }
        for (at, (role, _)) in market.people.iter().enumerate() {
            let address = market.address(&place.pattern, role);
            let answer = market.answer(at, &address).await;
            let (status, headers) = (answer.status().as_u16(), answer.headers());
            assert_eq!(said(headers, "cross-origin-resource-policy"), "same-origin", "{role} {address}");
            assert_eq!(said(headers, "cross-origin-opener-policy"), "same-origin", "{role} {address}");
            assert_eq!(said(headers, "cache-control"), "no-store", "{role} {address}");
            assert_eq!(said(headers, "x-content-type-options"), "nosniff", "{role} {address}");
            if status == 200 && said(headers, "content-type").starts_with("text/html") {
                shown += 1;
                for name in ["HX-Request", "HX-Request-Type", "HX-Target", "Cookie"] {
                    assert!(said(headers, "vary").contains(name), "{role} {address} varies by {}", said(headers, "vary"));
                }
            }
        }
    }
    assert!(shown > 80, "only {shown} pages were shown");
    let document = house.visitor().get("/").await.document();
    let linked = css("link[href^='/assets/'], script[src]");
    let assets: Vec<&str> = document.select(&linked).filter_map(|it| it.attr("href").or(it.attr("src"))).collect();
    assert!(assets.len() >= 3, "{assets:?}");
    for path in assets.into_iter().chain(["/manifest.webmanifest", "/robots.txt", "/.well-known/security.txt"]) {
        let answer = house.answer(Request::builder().uri_str(path).finish()).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(said(answer.headers(), "cross-origin-resource-policy"), "same-origin", "{path}");
    }
    let stream = market.answer(1, "/live").await;
    assert_eq!(stream.status(), 403, "without a word of where it comes from, nothing is streamed");
}

#[tokio::test]
async fn s_57_the_policy_lets_in_everything_that_a_page_links_to_and_nothing_else() {
    let house = House::open();
    let page = house.visitor().get("/").await;
    let policy = page.header("content-security-policy");
    let needed =
        [("manifest", "manifest-src"), ("stylesheet", "style-src"), ("icon", "img-src"), ("apple-touch-icon", "img-src")];
    for link in page.document().select(&css("link[rel]")) {
        let (_, directive) = needed.iter().find(|(rel, _)| link.attr("rel") == Some(*rel)).unwrap();
        assert!(policy.contains(&format!("{directive} 'self'")), "{directive} in {policy}");
    }
    for word in ["unsafe", "*", "data:", "http"] {
        assert!(!policy.contains(word), "{word} in {policy}");
    }
}

/// What somebody gives for a link who means no good. None of it may ever be an address of a link but as `https:` or `http:`.
const SCHEMES: [&str; 19] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.com/",
    "blob:https://example.com/1",
    "view-source:https://example.com",
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://user:word@example.com/",
    "https://",
];

/// Every link out of a page says that it leads out, and goes by `https:` or `http:`.
async fn links_are_safe(browser: &mut Browser<'_>, path: &str) -> usize {
    let page = browser.get(path).await;
    let mut outward = 0;
    for link in page.document().select(&css("a[href], form[action], [src]")) {
        let address = ["href", "action", "src"].iter().find_map(|name| link.attr(name)).unwrap();
        if address.starts_with('#') || (address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\")) {
            continue;
        }
        assert!(address.starts_with("https://") || address.starts_with("http://"), "{path}: {address:?}");
        assert_eq!(link.attr("rel"), Some("noopener noreferrer nofollow ugc"), "{path}: {address}");
        outward += 1;
    }
    outward
}

#[tokio::test]
async fn s_36_a_link_is_https_or_http_wherever_it_is_given_and_says_that_it_leads_out() {
    let house = House::open();
    let (mut sponsor, mut ines) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    let (company, profile) = (sponsor.get("/settings").await, ines.get("/settings").await);
    let work = agreed(&house, &mut sponsor, &mut ines, "900").await;
    let submit = format!("{work}/submit");
    let form = ines.get(&submit).await;
    for mean in SCHEMES {
        let channel = [("niches", "food"), ("channels/0/handle", "ines"), ("channels/0/url", mean)];
        let works = [("works/0/0", mean), ("label_shown", "yes")];
        for answer in [
            sponsor.send(&company, "/settings", &[("website", mean)]).await,
            ines.send(&profile, "/settings", &channel).await,
            ines.send(&form, &submit, &works).await,
        ] {
            assert_eq!(answer.status, 422, "{} takes {mean:?}: {}", answer.path, answer.text());
        }
    }
    let good = "https://example.com/ines?a=1&b=%22";
    sponsor.send(&company, "/settings", &[("website", good)]).await.says("Saved.");
    let channel = [("niches", "food"), ("channels/0/handle", "ines"), ("channels/0/url", good)];
    ines.send(&profile, "/settings", &channel).await.says("Saved.");
    deliver(&mut ines, &work).await;
    let pages = [format!("/sponsors/{}", sponsor.id), format!("/influencers/{}", ines.id), work];
    for path in &pages {
        assert!(links_are_safe(&mut sponsor, path).await > 0, "{path} shows no link");
    }
}

#[tokio::test]
async fn s_37_what_people_write_is_never_markup() {
    let house = House::open();
    let (sponsor, mut ines) = (house.sponsor("teahouse").await, house.influencer("ines").await);
    campaign(&house, &sponsor, 500_000).await;
    let written = "<b>bold</b> **strong** [word](javascript:alert(1)) <a href=https://evil.example>here</a>\n\
                   <div hx-get=/live hx-trigger=load data-hx-post=/sign-out>x</div>\nhttps://example.com/bare";
    let profile = ines.get("/settings").await;
    ines.send(&profile, "/settings", &[("bio", written), ("niches", "food"), ("channels/0/handle", "ines")]).await.says("Saved.");
    let page = ines.get(&format!("/influencers/{}", ines.id)).await;
    page.says("<b>bold</b> **strong** [word](javascript:alert(1))");
    let document = page.document();
    assert_eq!(
        document
            .select(&css("main [data-hx-post], main [hx-get='/live'], main b, main a[href*=evil], main a[href*=bare]"))
            .count(),
        0
    );
}

#[tokio::test]
async fn s_59_the_script_keeps_nothing_in_the_browser_and_cookies_are_few() {
    let house = House::open();
    let mut ines = house.influencer("ines").await;
    let page = ines.get("/dashboard").await;
    let source =
        page.document().select(&css("script[src]")).filter_map(|it| it.attr("src").map(str::to_owned)).collect::<Vec<_>>();
    let script: &str = source.first().unwrap();
    let script = house.answer(Request::builder().uri_str(script).finish()).await.into_body().into_string().await.unwrap();
    for kept in ["localStorage", "sessionStorage", "indexedDB", "caches.open", "serviceWorker"] {
        assert!(!script.contains(kept), "{kept}");
    }
    ines.send(&page, "/look", &[("theme", "dark")]).await;
    let known = ["iescp", "iescp-said", "iescp-theme", "iescp-zone"];
    assert!(ines.cookies.keys().all(|name| known.contains(&name.as_str())), "{:?}", ines.cookies.keys());
}

#[tokio::test]
async fn s_69_what_tells_of_the_installation_is_not_for_whoever_comes_through_a_proxy() {
    let house = House::open();
    let ask = |path: &str| Request::builder().uri_str(path).header("x-forwarded-for", "203.0.113.7").finish();
    assert_eq!(house.answer(ask("/metrics")).await.status(), 404);
    for path in ["/healthz", "/readyz", "/robots.txt", "/api/docs"] {
        let answer = house.answer(ask(path)).await;
        assert!(answer.headers().get("server").is_none() && answer.headers().get("x-powered-by").is_none(), "{path}");
        let text = answer.into_body().into_string().await.unwrap();
        for inside in [env!("CARGO_MANIFEST_DIR"), "/home/", "poem/", "rustc", "sled:"] {
            assert!(!text.contains(inside), "{path} tells {inside}");
        }
    }
}

#[tokio::test]
async fn s_70_there_are_no_listings_no_dotfiles_and_no_pages_under_other_names() {
    let house = House::open();
    let mut ines = house.influencer("ines").await;
    for path in [
        "/.git/config",
        "/.git/",
        "/.env",
        "/.htaccess",
        "/.DS_Store",
        "/.well-known/",
        "/.well-known/unknown",
        "/assets",
        "/assets/",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/assets/app.css",
        "/assets/app.js.map",
        "/pictures/",
        "/static/",
        "/backup.zip",
        "/server-status",
        "/dashboard/x.css",
        "/dashboard/..%2fx.js",
        "/messages/x.css",
        "/settings/",
        "/%2e%2e/%2e%2e/etc/passwd",
    ] {
        let page = ines.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(!page.html.contains("Index of"), "{path}");
    }
}
