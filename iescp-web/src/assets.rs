//! Files that pages need, in the binary, under names that change with their content.
//!
//! A name that is not in the list is 404, whatever it looks like (S-58).

#[cfg(test)]
mod tests;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response, Result};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A file: the name in our sources, what it is, the parts that it is put together from.
struct Source {
    stem: &'static str,
    extension: &'static str,
    content_type: &'static str,
    parts: &'static [&'static [u8]],
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const PICTURE: &str = "image/svg+xml";

const PIXELS: &str = "image/png";

static SOURCES: [Source; 9] = [
    // One style sheet: a page asks once. The first part names the layers, so that the order of the others is free.
    Source {
        stem: "app",
        extension: "css",
        content_type: CSS,
        parts: &[
            include_bytes!("assets/css/base.css"),
            include_bytes!("assets/css/frame.css"),
            include_bytes!("assets/css/parts.css"),
            include_bytes!("assets/css/forms.css"),
            include_bytes!("assets/css/market.css"),
            include_bytes!("assets/css/deals.css"),
            include_bytes!("assets/css/affairs.css"),
            include_bytes!("assets/css/print.css"),
        ],
    },
    // htmx and our own script in one: a page asks once.
    Source {
        stem: "app",
        extension: "js",
        content_type: SCRIPT,
        parts: &[include_bytes!(concat!(env!("OUT_DIR"), "/assets/htmx.min.js")), b"\n;\n", include_bytes!("assets/app.js")],
    },
    Source { stem: "icons", extension: "svg", content_type: PICTURE, parts: &[include_bytes!("assets/icons.svg")] },
    Source { stem: "mark", extension: "svg", content_type: PICTURE, parts: &[include_bytes!("assets/mark.svg")] },
    // The mark in pixels, for devices that want it so; a test draws them.
    Source { stem: "icon-192", extension: "png", content_type: PIXELS, parts: &[include_bytes!("assets/icons/icon-192.png")] },
    Source { stem: "icon-512", extension: "png", content_type: PIXELS, parts: &[include_bytes!("assets/icons/icon-512.png")] },
    Source {
        stem: "maskable-512",
        extension: "png",
        content_type: PIXELS,
        parts: &[include_bytes!("assets/icons/maskable-512.png")],
    },
    Source { stem: "touch-180", extension: "png", content_type: PIXELS, parts: &[include_bytes!("assets/icons/touch-180.png")] },
    Source { stem: "reference", extension: "css", content_type: CSS, parts: &[include_bytes!("assets/reference.css")] },
];

struct Asset {
    source: &'static Source,
    bytes: Bytes,
    hash: String,
    path: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let named = |source: &'static Source| {
        let bytes = Bytes::from(source.parts.concat());
        let hash: String = HEXLOWER.encode(&Sha256::digest(&bytes)).chars().take(16).collect();
        let path = format!("/assets/{}.{hash}.{}", source.stem, source.extension);
        Asset { source, bytes, hash, path }
    };
    SOURCES.iter().map(named).collect()
});

/// Where a file is served: `url("reference.css")`. A name that there is not gives a path that there is not.
#[must_use]
pub fn url(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| {
        name.strip_prefix(asset.source.stem).and_then(|rest| rest.strip_prefix('.')) == Some(asset.source.extension)
    });
    found.map_or("/assets/", |asset| asset.path.as_str())
}

/// Answers `/assets/…`.
///
/// # Errors
/// Not found for every name that is not in the list.
pub fn serve(request: &Request) -> Result<Response> {
    let asset = ASSETS.iter().find(|asset| asset.path == request.uri().path());
    let asset = asset.ok_or(poem::error::NotFoundError)?;
    let tag = format!("\"{}\"", asset.hash);
    let answer =
        Response::builder().header(header::CACHE_CONTROL, "public, max-age=31536000, immutable").header(header::ETAG, &tag);
    if crate::api::none_match(request.headers(), &tag) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let answer = answer.header(header::CONTENT_TYPE, HeaderValue::from_static(asset.source.content_type));
    Ok(answer.body(asset.bytes.clone()))
}
