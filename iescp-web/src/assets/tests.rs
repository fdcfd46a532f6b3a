mod icons;

use super::*;

fn get(path: &str, if_none_match: Option<&str>) -> Result<Response> {
    let request = Request::builder().uri_str(path);
    serve(&match if_none_match {
        Some(tag) => request.header(header::IF_NONE_MATCH, tag).finish(),
        None => request.finish(),
    })
}

#[test]
fn every_asset_is_served_by_its_hashed_name_for_ever() {
    for name in ["app.css", "app.js", "icons.svg", "reference.css", "icon-192.png", "touch-180.png"] {
        let answer = get(url(name), None).unwrap();
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let tag = answer.header("etag").unwrap().to_owned();
        assert!(tag.starts_with('"') && url(name).contains(tag.trim_matches('"')));
        assert_eq!(get(url(name), Some(&tag)).unwrap().status(), StatusCode::NOT_MODIFIED);
    }
}

#[test]
fn s_58_any_other_name_is_404() {
    let right = url("reference.css");
    for path in ["/assets/", "/assets/reference.css", "/assets/../Cargo.toml", "/assets/.git", "/assets/x.css"] {
        assert_eq!(get(path, None).unwrap_err().status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(get(&format!("{right}/x"), None).is_err() && get(&right.to_uppercase(), None).is_err());
    assert_eq!(url("nothing.css"), "/assets/");
}
