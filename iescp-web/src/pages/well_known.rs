//! What machines look for at fixed addresses: the manifest of an installable page, who hears of security holes, what robots
//! may read.

use crate::app::House;
use crate::assets;
use poem::http::header;
use poem::{Request, Response, Result};
use serde_json::json;
use std::sync::Arc;

/// `GET /manifest.webmanifest`: what a device needs to install the pages beside its programs.
///
/// # Errors
/// Never.
pub async fn manifest(house: Arc<House>, _: Request) -> Result<Response> {
    let icon = |name: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": assets::url(name), "sizes": sizes, "type": kind, "purpose": purpose });
    let manifest = json!({
        "name": house.settings.installation.site_name,
        "short_name": house.settings.installation.site_name,
        "start_url": "/dashboard",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#0f4c3a",
        "icons": [
            icon("mark.svg", "any", "image/svg+xml", "any"),
            icon("icon-192.png", "192x192", "image/png", "any"),
            icon("icon-512.png", "512x512", "image/png", "any"),
            icon("maskable-512.png", "512x512", "image/png", "maskable"),
        ],
    });
    Ok(fixed("application/manifest+json", manifest.to_string()))
}

/// `GET /.well-known/security.txt` (RFC 9116).
///
/// # Errors
/// Never.
pub async fn security(house: Arc<House>, _: Request) -> Result<Response> {
    let expires = house.now().saturating_add(jiff::SignedDuration::from_hours(24 * 180)).unwrap_or(house.now());
    let text = format!(
        "Contact: {}/report\nExpires: {}\nPreferred-Languages: en\nCanonical: {}/.well-known/security.txt\n",
        house.public_url,
        expires.strftime("%Y-%m-%dT00:00:00Z"),
        house.public_url
    );
    Ok(fixed("text/plain; charset=utf-8", text))
}

/// `GET /robots.txt`: public pages may be read, one's own affairs are no robot's business.
///
/// # Errors
/// Never.
pub async fn robots(_: Arc<House>, _: Request) -> Result<Response> {
    const OWN: [&str; 12] = [
        "/admin",
        "/api",
        "/collaborations",
        "/dashboard",
        "/earnings",
        "/messages",
        "/notifications",
        "/password",
        "/requests",
        "/settings",
        "/setup",
        "/shortlists",
    ];
    let lines = OWN.map(|path| format!("Disallow: {path}\n")).concat();
    Ok(fixed("text/plain; charset=utf-8", format!("User-agent: *\n{lines}")))
}

fn fixed(content_type: &str, body: String) -> Response {
    Response::builder().content_type(content_type).header(header::CACHE_CONTROL, "public, max-age=3600").body(body)
}
