//! Sends a file that somebody asked for: whole, or from where the last try ended (RFC 9110, section 14).
//!
//! Not here: whose file it is; whoever calls this has asked the core.

use crate::api::none_match;
use crate::problem::{Problem, kinds};
use iescp_core::Error;
use iescp_core::export::{Export, ExportFormat, ExportState};
use iescp_worker::{Files, Pieces};
use jiff::Timestamp;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::{Body, Response, ResponseBuilder};

/// How long to wait before it is asked again about an export that is being made, in seconds.
pub const AGAIN: u64 = 2;

/// Which part of a file is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// From a byte, so many.
    Part(u64, u64),
    /// A part that there is not.
    Beyond,
}

/// The file of an export, or the part of it that is wanted.
///
/// # Errors
/// If it is not ready, or gone; if there is no such part; if the disk fails.
pub async fn file(files: Option<&Files>, export: &Export, now: Timestamp, asked: &HeaderMap) -> Result<Response, Problem> {
    let (ready, files) = match (export.state_at(now), &export.file, files) {
        (ExportState::Queued | ExportState::Running, ..) => {
            let problem = Problem::new(&kinds::NOT_NOW, "This export is still being made.");
            return Err(problem.coded("not_ready").again_in(AGAIN));
        }
        (ExportState::Ready, Some(ready), Some(files)) => (ready, files),
        _ => return Err(Error::NotFound.into()),
    };
    let tag = format!("\"{}\"", ready.sha256.get(..32).unwrap_or(&ready.sha256));
    let answer = || {
        Response::builder()
            .header(header::ETAG, &tag)
            .header(header::CACHE_CONTROL, "private, no-store")
            .header(header::ACCEPT_RANGES, "bytes")
    };
    if asked.contains_key(header::IF_NONE_MATCH) && none_match(asked, &tag) {
        return Ok(answer().status(StatusCode::NOT_MODIFIED).finish());
    }
    let answer = answer()
        .content_type(match export.format {
            ExportFormat::Csv => "text/csv; charset=utf-8; header=present",
            ExportFormat::Pdf => "application/pdf",
            ExportFormat::Zip => "application/zip",
        })
        .header(header::CONTENT_DISPOSITION, attachment(&ready.name));
    match wanted(asked, &tag, ready.bytes) {
        Wanted::Whole => Ok(sent(answer, part(files, export, 0, ready.bytes).await?, ready.bytes)),
        Wanted::Part(from, bytes) => {
            let range = format!("bytes {from}-{}/{}", from + bytes - 1, ready.bytes);
            Ok(sent(
                answer.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, range),
                part(files, export, from, bytes).await?,
                bytes,
            ))
        }
        Wanted::Beyond => Err(Problem::new(&kinds::RANGE, "The file has no such part.").sized(ready.bytes)),
    }
}

async fn part(files: &Files, export: &Export, from: u64, bytes: u64) -> Result<Pieces, Problem> {
    files.read(&export.stored_as(), from, bytes).await.map_err(Problem::internal)
}

fn sent(answer: ResponseBuilder, pieces: Pieces, bytes: u64) -> Response {
    let mut answer = answer.body(Body::from_bytes_stream(pieces));
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    answer
}

/// To be kept under this name (RFC 6266). Whatever is no plain letter, digit, dot or dash becomes a dash (S-41).
#[must_use]
pub fn attachment(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '-' };
    format!("attachment; filename=\"{}\"", name.chars().take(100).map(plain).collect::<String>())
}

/// What `Range` and `If-Range` ask for. Several parts at once, or what cannot be read, is the whole.
fn wanted(asked: &HeaderMap, tag: &str, bytes: u64) -> Wanted {
    let one = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::trim);
    if one(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Wanted::Whole;
    }
    let Some((first, last)) = one(header::RANGE).and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return Wanted::Whole;
    };
    let number = |text: &str| -> Option<u64> { text.trim().parse().ok() };
    let (from, to) = match (number(first), number(last)) {
        (Some(from), Some(to)) if from <= to => (from, to.min(bytes.saturating_sub(1))),
        (Some(from), None) if last.trim().is_empty() => (from, bytes.saturating_sub(1)),
        (None, Some(0)) if first.trim().is_empty() => return Wanted::Beyond,
        (None, Some(end)) if first.trim().is_empty() => (bytes.saturating_sub(end), bytes.saturating_sub(1)),
        _ => return Wanted::Whole,
    };
    if from >= bytes { Wanted::Beyond } else { Wanted::Part(from, to - from + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(range: &'static str, if_range: Option<&'static str>) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static(range));
        headers.extend(if_range.map(|tag| (header::IF_RANGE, HeaderValue::from_static(tag))));
        wanted(&headers, "\"t\"", 10)
    }

    #[test]
    fn parts_are_those_that_were_asked_for() {
        for (range, part) in [
            ("bytes=0-3", Wanted::Part(0, 4)),
            ("bytes=4-", Wanted::Part(4, 6)),
            ("bytes=-3", Wanted::Part(7, 3)),
            ("bytes=-30", Wanted::Part(0, 10)),
            ("bytes=9-90", Wanted::Part(9, 1)),
            ("bytes=10-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=3-1", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=x-", Wanted::Whole),
            ("lines=0-3", Wanted::Whole),
        ] {
            assert_eq!(asking(range, None), part, "{range}");
        }
        assert_eq!(asking("bytes=4-", Some("\"t\"")), Wanted::Part(4, 6));
        assert_eq!(asking("bytes=4-", Some("\"old\"")), Wanted::Whole);
    }

    #[test]
    fn s_41_no_name_becomes_a_header() {
        let name = "a\"; filename=x.html\r\nX: y\u{202e}.csv";
        assert_eq!(attachment(name), "attachment; filename=\"a---filename-x.html--X--y-.csv\"");
    }
}
