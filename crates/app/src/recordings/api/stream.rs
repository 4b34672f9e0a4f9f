//! A file as a response: ranges, validators, bounded memory.

use crate::problem::Problem;
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::io::SeekFrom;
use std::path::Path;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// Files up to this size are read at once, which is quicker than a stream.
const SMALL: u64 = 256 * 1024;
/// Bytes that a larger file has in memory at a time.
const PIECE: usize = 128 * 1024;

/// What is asked of a file.
#[derive(Debug)]
pub struct Asked<'a> {
    /// GET or HEAD.
    pub method: &'a Method,
    /// For `Range`, `If-Range`, `If-None-Match`.
    pub headers: &'a HeaderMap,
}

/// Which bytes to send.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// First and last, both included.
    Range(u64, u64),
    Unsatisfiable,
}

/// Reads a `Range` header. Several ranges, other units and nonsense mean the whole file, as RFC 9110 allows.
fn part(range: Option<&str>, size: u64) -> Part {
    let Some((first, last)) = range.and_then(|r| r.strip_prefix("bytes=")).and_then(|r| r.split_once('-')) else { return Part::Whole };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (first, last) = match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
        (true, _, _, Some(tail)) if tail > 0 => (size.saturating_sub(tail), size.saturating_sub(1)),
        (true, _, _, Some(_)) => return Part::Unsatisfiable,
        (false, Some(first), true, _) => (first, size.saturating_sub(1)),
        (false, Some(first), false, Some(last)) if first <= last => (first, last.min(size.saturating_sub(1))),
        _ => return Part::Whole,
    };
    if first < size { Part::Range(first, last) } else { Part::Unsatisfiable }
}

/// The file at `path` with the given headers, or 404.
///
/// # Errors
///
/// 404 when there is no such file; an internal failure when the disk fails.
pub async fn file(path: &Path, asked: Asked<'_>, mut headers: HeaderMap) -> Result<Response, Problem> {
    let mut file = File::open(path).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Problem::not_found(),
        _ => Problem::internal(e),
    })?;
    let meta = file.metadata().await.map_err(Problem::internal)?;
    if !meta.is_file() {
        return Err(Problem::not_found());
    }
    let tag = validator(&meta);
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(Problem::internal)?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let text = |name| asked.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|seen| seen == "*" || seen.split(',').any(|seen| seen.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let range = text(header::RANGE).filter(|_| text(header::IF_RANGE).is_none_or(|seen| seen == tag));
    let size = meta.len();
    let (status, first, length) = match part(range, size) {
        Part::Whole => (StatusCode::OK, 0, size),
        Part::Range(first, last) => {
            headers.insert(header::CONTENT_RANGE, number(&format!("bytes {first}-{last}/{size}"))?);
            (StatusCode::PARTIAL_CONTENT, first, last - first + 1)
        }
        Part::Unsatisfiable => {
            headers.insert(header::CONTENT_RANGE, number(&format!("bytes */{size}"))?);
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    headers.insert(header::CONTENT_LENGTH, number(&length.to_string())?);
    if asked.method == Method::HEAD {
        return Ok((status, headers).into_response());
    }
    file.seek(SeekFrom::Start(first)).await.map_err(Problem::internal)?;
    Ok((status, headers, body(file.take(length), length).await?).into_response())
}

async fn body(mut file: tokio::io::Take<File>, length: u64) -> Result<Body, Problem> {
    if length > SMALL {
        return Ok(Body::from_stream(ReaderStream::with_capacity(file, PIECE)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.read_to_end(&mut bytes).await.map_err(Problem::internal)?;
    Ok(Body::from(bytes))
}

fn number(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(Problem::internal)
}

/// Size and time of the last change: files of ours change by being replaced.
fn validator(meta: &std::fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!("\"{:x}-{:x}{:08x}\"", meta.len(), meta.mtime(), meta.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_the_table() {
        use Part::{Range, Unsatisfiable, Whole};
        let table = [
            (None, Whole),
            (Some("bytes=0-0"), Range(0, 0)),
            (Some("bytes=10-"), Range(10, 99)),
            (Some("bytes=10-500"), Range(10, 99)),
            (Some("bytes=-10"), Range(90, 99)),
            (Some("bytes=-500"), Range(0, 99)),
            (Some("bytes=-0"), Unsatisfiable),
            (Some("bytes=100-"), Unsatisfiable),
            (Some("bytes=9-8"), Whole),
            (Some("bytes=0-1,5-6"), Whole),
            (Some("bytes=-"), Whole),
            (Some("lines=1-2"), Whole),
            (Some("bytes=99999999999999999999-"), Whole),
        ];
        for (header, want) in table {
            assert_eq!(part(header, 100), want, "{header:?}");
        }
        assert_eq!(part(Some("bytes=0-"), 0), Unsatisfiable);
    }
}
