//! A file as a response: ranges, validators, bounded memory.

use crate::problem::Problem;
use crate::recordings::shelf::{Shelved, validator};
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use std::io::SeekFrom;
use std::path::Path;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// Bytes that a streamed file has in memory at a time.
const PIECE: usize = 256 * 1024;

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

/// What a file would be answered with, before its bytes.
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    first: u64,
    length: u64,
    wants_bytes: bool,
}

/// Decides on validators and ranges of a file of `size` bytes; `headers` are those of a full answer.
fn head(asked: &Asked<'_>, size: u64, tag: &str, mut headers: HeaderMap) -> Result<Head, Problem> {
    headers.insert(header::ETAG, text_value(tag)?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let text = |name| asked.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    let nothing = |status, headers| Ok(Head { status, headers, first: 0, length: 0, wants_bytes: false });
    if text(header::IF_NONE_MATCH).is_some_and(|seen| seen == "*" || seen.split(',').any(|seen| seen.trim() == tag)) {
        return nothing(StatusCode::NOT_MODIFIED, headers);
    }
    let range = text(header::RANGE).filter(|_| text(header::IF_RANGE).is_none_or(|seen| seen == tag));
    let (status, first, length) = match part(range, size) {
        Part::Whole => (StatusCode::OK, 0, size),
        Part::Range(first, last) => {
            headers.insert(header::CONTENT_RANGE, text_value(&format!("bytes {first}-{last}/{size}"))?);
            (StatusCode::PARTIAL_CONTENT, first, last - first + 1)
        }
        Part::Unsatisfiable => {
            headers.insert(header::CONTENT_RANGE, text_value(&format!("bytes */{size}"))?);
            return nothing(StatusCode::RANGE_NOT_SATISFIABLE, headers);
        }
    };
    headers.insert(header::CONTENT_LENGTH, length.into());
    Ok(Head { status, headers, first, length, wants_bytes: asked.method != Method::HEAD })
}

/// A file in memory with the given headers.
///
/// # Errors
///
/// None that a reader could cause.
pub fn kept(file: &Shelved, asked: &Asked<'_>, headers: HeaderMap) -> Result<Response, Problem> {
    let head = head(asked, file.bytes.len() as u64, &file.tag, headers)?;
    let bytes = if head.wants_bytes { file.bytes.slice(head.first as usize..(head.first + head.length) as usize) } else { Bytes::new() };
    Ok((head.status, head.headers, Body::from(bytes)).into_response())
}

/// The file at `path` with the given headers, or 404.
///
/// # Errors
///
/// 404 when there is no such file; an internal failure when the disk fails.
pub async fn file(path: &Path, asked: &Asked<'_>, headers: HeaderMap) -> Result<Response, Problem> {
    let mut file = File::open(path).await.map_err(unreadable)?;
    let meta = file.metadata().await.map_err(Problem::internal)?;
    if !meta.is_file() {
        return Err(Problem::not_found());
    }
    let head = head(asked, meta.len(), &validator(&meta), headers)?;
    if !head.wants_bytes {
        return Ok((head.status, head.headers).into_response());
    }
    file.seek(SeekFrom::Start(head.first)).await.map_err(Problem::internal)?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(head.length), PIECE));
    Ok((head.status, head.headers, body).into_response())
}

/// What a reader is told when the disk refuses.
pub fn unreadable(e: std::io::Error) -> Problem {
    if e.kind() == std::io::ErrorKind::NotFound { Problem::not_found() } else { Problem::internal(e) }
}

fn text_value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(Problem::internal)
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
