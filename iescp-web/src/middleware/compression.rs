//! Compresses answers for those who take it.
//!
//! Tiny bodies, streams and what is compressed already stay as they are. `Vary` is on every answer that could have been
//! compressed, `q=0` is honoured, and a strong `ETag` gets the coding as a suffix, since the bytes differ.
//!
//! Not here: compressed requests; those are refused with 415.

use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::web::{Compress, CompressionAlgo, CompressionLevel};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use std::sync::Arc;

/// Bodies below this do not get smaller by a packet.
const TINY: u64 = 1024;

/// Compresses the answer when that is wanted and pays.
///
/// # Errors
/// Never; failures are settled.
pub async fn compression<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let wanted = wanted(request.headers());
    let mut answer = next.call(request).await?.into_response();
    if !compressible(&answer) {
        return Ok(answer);
    }
    answer.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let (answer, length) = measured(answer);
    match wanted {
        Some(coding) if length.is_some_and(|length| length >= TINY) => Ok(compress(answer, coding)),
        _ => Ok(answer),
    }
}

/// What we compress with: name, algorithm, level; the first is preferred among equals.
const CODINGS: [(&str, CompressionAlgo, i32); 3] =
    [("br", CompressionAlgo::BR, 5), ("zstd", CompressionAlgo::ZSTD, 3), ("gzip", CompressionAlgo::GZIP, 6)];

type Coding = (&'static str, CompressionAlgo, i32);

fn compress(mut answer: Response, (name, algorithm, level): Coding) -> Response {
    let tag = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let tag = tag.and_then(|tag| tag.strip_suffix('"')).map(|tag| format!("{tag}+{name}\""));
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer.headers_mut().remove(header::ACCEPT_RANGES);
    let mut compressed = answer.take_body();
    let (parts, _) = answer.into_parts();
    let stand_in = Response::from_parts(parts, std::mem::take(&mut compressed));
    Compress::new(stand_in, algorithm).with_quality(CompressionLevel::Precise(level)).into_response()
}

/// The answer and how long its body is, where that is known; streams are of unknown length.
fn measured(mut answer: Response) -> (Response, Option<u64>) {
    let body: hyper::Response<_> = Response::builder().body(answer.take_body()).into();
    let body = body.into_body();
    let length = http_body::Body::size_hint(&body).exact();
    answer.set_body(body);
    (answer, length)
}

fn compressible(answer: &Response) -> bool {
    let kind = answer.content_type().unwrap_or_default();
    let text = kind.starts_with("text/") && kind != "text/event-stream";
    let known = ["application/json", "application/problem+json", "image/svg+xml"].iter().any(|known| kind.starts_with(known));
    answer.status() != StatusCode::NO_CONTENT && !answer.headers().contains_key(header::CONTENT_ENCODING) && (text || known)
}

/// The coding that the client likes best among ours, by its weights and then by our preference.
fn wanted(headers: &HeaderMap) -> Option<Coding> {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let weights: Vec<(String, u32)> = lines.flat_map(|line| line.split(',')).filter_map(weight).collect();
    let of = |name: &str| weights.iter().find(|(known, _)| known == name).map(|(_, weight)| *weight);
    let mut best = None;
    let mut best_weight = of("identity").filter(|_| weights.len() == 1).unwrap_or(0);
    for coding in CODINGS {
        let weight = of(coding.0).or_else(|| of("*")).unwrap_or(0);
        if weight > best_weight {
            (best, best_weight) = (Some(coding), weight);
        }
    }
    best
}

/// A coding and its weight in thousandths.
fn weight(item: &str) -> Option<(String, u32)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality: f32 = quality.map_or(Some(1.0), |text| text.parse().ok())?;
    (0.0..=1.0).contains(&quality).then_some((name, (quality * 1000.0) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &'static str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
        wanted(&headers).map(|coding| coding.0)
    }

    #[test]
    fn weights_are_honoured_and_zero_means_no() {
        assert_eq!(chosen("gzip, deflate, br"), Some("br"));
        assert_eq!(chosen("gzip;q=1.0, br;q=0.5"), Some("gzip"));
        assert_eq!(chosen("br;q=0, gzip"), Some("gzip"));
        assert_eq!(chosen("br; q=0, *;q=0"), None);
        assert_eq!(chosen("*"), Some("br"));
        assert_eq!(chosen("*;q=0.5, br;q=0, zstd;q=0"), Some("gzip"));
        assert_eq!(chosen("identity"), None);
        assert_eq!(chosen("deflate"), None);
        assert_eq!(chosen("br;q=2, gzip;q=x, , ;"), None);
    }
}
